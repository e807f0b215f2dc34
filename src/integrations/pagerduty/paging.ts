import type { EffectContext, EffectHandler } from '../../incident/effect-handler.ts'
import { Permanent } from '../../incident/errors.ts'
import type { IncidentEvent, RecordedEvent } from '../../incident/event.ts'
import type { Incident } from '../../incident/incident.ts'
import { keyOf } from '../../incident/outside.ts'
import type { Catalogue, Service } from '../../incident/service.ts'
import { isActive } from '../../incident/status.ts'
import { type PagerDuty, pagerdutyIncidentOf } from './client.ts'
import type { Echo } from './echo.ts'
import type { SlackPerson } from './mirror-to-pagerduty.ts'
import { isNotIncluded } from './rejection.ts'

export type PagingOptions = {
  pagerduty: PagerDuty | undefined
  catalogue: Catalogue
  /** PagerDuty's id of the incident's own service. */
  serviceOf(incident: Incident): string | undefined
  alertKeys(incident: string): Promise<string[]>
  /** Names a page of an incident, the same on every attempt. */
  pageKey(incident: string): string
  personOf(slackId: string, signal: AbortSignal): Promise<SlackPerson>
  /** Whether paging is paused. */
  isPaused(): Promise<boolean>
  echo: Echo
  now: () => number
}

/** PagerDuty: a title has at most 1,024 characters. */
const LONGEST_TITLE = 1024
/** More names than this are a whole team. */
const MOST_NAMES = 3

/** The title of a page at PagerDuty. The title and text of a private incident never leave its channel. */
export const titleOf = ({ id, title, private: isPrivate }: Incident, text?: string): string => {
  const words = isPrivate
    ? `${id}: you are needed; the incident is private, its Slack channel says more`
    : `${id} ${title}${text ? `: ${text}` : ''}`
  return words.slice(0, LONGEST_TITLE).toWellFormed()
}

type Requested = Extract<RecordedEvent, { type: 'page_requested' }>
type Paged = Extract<IncidentEvent, { type: 'paged' }>

/**
 * Sends pages. Each may run twice: PagerDuty rejects a second open incident with the same key, and the first one is
 * found instead; a responder request is found by its marker.
 */
export const pagingEffects = (options: PagingOptions) => {
  const { pagerduty, catalogue, serviceOf, alertKeys, pageKey, personOf, isPaused, echo, now } = options

  const paged = (
    { cause }: EffectContext,
    to: { id: string; url?: string | undefined },
    more: Pick<Paged, 'name'> & Partial<Paged>,
  ): Paged => ({
    type: 'paged',
    by: 'pagerduty',
    at: now(),
    page: cause.seq,
    reference: keyOf('pagerduty', to.id),
    ...(to.url ? { link: to.url } : {}),
    ...more,
  })

  /** Who that is just now, and how far the policy reaches; a page that went out is not undone by not knowing. */
  const onCallFor = async (client: PagerDuty, service: Service, signal: AbortSignal) => {
    const rows = await client.onCalls({ service: service.pagerdutyService as string }, signal).catch(() => [])
    const names = [...new Set(rows.filter(({ level }) => level === 1).map(({ person }) => person.name))]
    const known = names.length > 0 && names.length <= MOST_NAMES
    const levels = Math.max(1, ...rows.map(({ level }) => level))
    return {
      name: known ? `${names.join(', ')} (on call for ${service.name})` : `who is on call for ${service.name}`,
      levels,
    }
  }

  const pageService = async (client: PagerDuty, service: Service, key: string, context: EffectContext) => {
    const { incident, cause, signal } = context
    const text = cause.type === 'page_requested' ? cause.text : undefined
    const made = await client.createIncident(
      { title: titleOf(incident, text), service: service.pagerdutyService as string, key, urgency: 'high' },
      signal,
    )
    return paged(context, made, { made: true, ...(await onCallFor(client, service, signal)) })
  }

  const firstOpen = async (client: PagerDuty, { incident, signal }: EffectContext) => {
    const own = (incident.paging ?? []).flatMap(({ made, reference }) => (made && reference ? [reference] : []))
    for (const key of new Set([...(await alertKeys(incident.id)), ...own])) {
      const id = pagerdutyIncidentOf(key)
      const found = id ? await client.incident(id, signal) : undefined
      if (found && found.status !== 'resolved') return found
    }
    return undefined
  }

  const pagePerson = async (client: PagerDuty, context: EffectContext, slackId: string): Promise<Paged> => {
    const { incident, cause, signal } = context
    const message = titleOf(incident, (cause as Requested).text)
    const { name, email } = await personOf(slackId, signal)
    const user = email ? await client.userByEmail(email, signal) : undefined
    if (!user)
      throw new Permanent(
        `${name} has no PagerDuty user${email ? ` with the address ${email}` : ''}; call them, or page a service.`,
      )
    const requester = await echo.ownUser()
    const open = requester ? await firstOpen(client, context) : undefined
    if (open && requester)
      try {
        await echo.expectEcho(open.id, 'responder_requested')
        // The marker finds an earlier attempt's request.
        const marker = `${incident.id}/${cause.seq}`
        await client.requestResponders(open.id, { message, marker, requester, users: [user.id] }, signal)
        return paged(context, open, { name: user.name, user: user.id })
      } catch (error) {
        if (!isNotIncluded(error)) throw error
      }
    const service = serviceOf(incident) ?? open?.service
    if (!service)
      throw new Permanent(
        'A page at PagerDuty needs a service, and this incident has none there; give its service a `pagerdutyService` in muster.yaml, or page a service.',
      )
    const key = `${pageKey(incident.id)}-${cause.seq}`
    const wanted = { title: message, service, key, urgency: 'high' as const, page: { users: [user.id] } }
    return paged(context, await client.createIncident(wanted, signal), { name: user.name, made: true })
  }

  const pageResponder: EffectHandler<'page_responder'> = async (_effect, context) => {
    const { incident, cause } = context
    if (cause.type !== 'page_requested' || !isActive(incident.status)) return []
    if (!pagerduty) throw new Permanent('PagerDuty is not configured (PAGERDUTY_API_TOKEN).')
    if (cause.responder) return [await pagePerson(pagerduty, context, cause.responder)]
    const service = catalogue.get(cause.service ?? '')
    if (!service?.pagerdutyService)
      throw new Permanent(`${cause.service} has no \`pagerdutyService\` in muster.yaml, so nobody can be paged for it.`)
    return [await pageService(pagerduty, service, `${pageKey(incident.id)}-${cause.seq}`, context)]
  }

  const page: EffectHandler<'page'> = async (_effect, context) => {
    const { incident } = context
    const service = catalogue.get(incident.service ?? '')
    // An alert from PagerDuty has already paged, and a drill pages nobody.
    if (!pagerduty || !service?.pageOnDeclare || !service.pagerdutyService || incident.drill) return []
    if (incident.alert?.source === 'pagerduty' || !isActive(incident.status)) return []
    if (await isPaused())
      return [
        { type: 'noted', by: 'muster', at: now(), text: `Nobody was paged for ${service.name}: Muster is paused` },
      ]
    return [await pageService(pagerduty, service, pageKey(incident.id), context)]
  }

  return { page, page_responder: pageResponder }
}
