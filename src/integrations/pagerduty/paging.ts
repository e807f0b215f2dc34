import type { EffectContext, EffectHandler } from '../../incident/effect-handler.ts'
import { Permanent } from '../../incident/errors.ts'
import type { IncidentEvent, RecordedEvent } from '../../incident/event.ts'
import type { Incident } from '../../incident/incident.ts'
import type { Catalogue } from '../../incident/service.ts'
import { isOver } from '../../incident/status.ts'
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
  personOf(slackId: string): Promise<SlackPerson>
  echo: Echo
  now: () => number
}

/** PagerDuty: a title has at most 1,024 characters. */
const LONGEST_TITLE = 1024

/** What a page is called at PagerDuty. The title and the words of a private incident never leave its channel. */
export const titleOf = ({ id, title, private: isPrivate }: Incident): string =>
  (isPrivate ? `${id}: you are needed; the incident is private, its Slack channel says more` : `${id} ${title}`)
    .slice(0, LONGEST_TITLE)
    .toWellFormed()

type Requested = Extract<RecordedEvent, { type: 'page_requested' }>

/** Wakes whom somebody asked for with `/incident page`. */
export const pagingEffects = (options: PagingOptions) => {
  const { pagerduty, catalogue, serviceOf, alertKeys, pageKey, personOf, echo, now } = options

  const messageFor = (incident: Incident, { text }: Requested): string =>
    text && !incident.private ? `${titleOf(incident)}: ${text}` : titleOf(incident)

  /** A page of its own. PagerDuty refuses a second open incident with the same key, and the first one is found instead. */
  const create = async (
    client: PagerDuty,
    { incident, cause, signal }: EffectContext,
    to: { service: string; users?: string[] },
  ): Promise<string | undefined> => {
    const { url } = await client.createIncident(
      {
        title: messageFor(incident, cause as Requested)
          .slice(0, LONGEST_TITLE)
          .toWellFormed(),
        service: to.service,
        key: `${pageKey(incident.id)}-${cause.seq}`,
        urgency: 'high',
        ...(to.users ? { page: { users: to.users } } : {}),
      },
      signal,
    )
    return url
  }

  const firstOpen = async (client: PagerDuty, { incident, signal }: EffectContext) => {
    for (const key of await alertKeys(incident.id)) {
      const id = pagerdutyIncidentOf(key)
      const found = id ? await client.incident(id, signal) : undefined
      if (found && found.status !== 'resolved') return found
    }
    return undefined
  }

  const page = async (client: PagerDuty, context: EffectContext, slackId: string): Promise<IncidentEvent> => {
    const { incident, cause, signal } = context
    const { name, email } = await personOf(slackId)
    const user = email ? await client.userByEmail(email, signal) : undefined
    if (!user)
      throw new Permanent(
        `${name} has no PagerDuty user${email ? ` with the address ${email}` : ''}; call them, or page a service.`,
      )
    const paged = (link: string | undefined): IncidentEvent => ({
      type: 'paged',
      by: 'pagerduty',
      at: now(),
      name: user.name,
      ...(link ? { link } : {}),
    })
    const requester = await echo.ownUser()
    const open = requester ? await firstOpen(client, context) : undefined
    if (open && requester)
      try {
        await echo.expectEcho(open.id, 'responder_requested')
        // The marker finds an earlier attempt's request.
        const marker = `${incident.id}/${cause.seq}`
        const message = messageFor(incident, cause as Requested)
        await client.requestResponders(open.id, { message, marker, requester, users: [user.id] }, signal)
        return paged(open.url)
      } catch (error) {
        if (!isNotIncluded(error)) throw error
      }
    const service = serviceOf(incident) ?? open?.service
    if (!service)
      throw new Permanent(
        `A page at PagerDuty needs a service, and this incident has none there; give its service a \`pagerdutyService\` in muster.yaml, or page a service.`,
      )
    return paged(await create(client, context, { service, users: [user.id] }))
  }

  const pageResponder: EffectHandler<'page_responder'> = async (_effect, context) => {
    const { incident, cause } = context
    if (cause.type !== 'page_requested' || isOver(incident)) return []
    if (!pagerduty) throw new Permanent('PagerDuty is not configured (PAGERDUTY_API_TOKEN).')
    if (cause.responder) return [await page(pagerduty, context, cause.responder)]
    const service = catalogue.get(cause.service ?? '')
    if (!service?.pagerdutyService)
      throw new Permanent(`${cause.service} has no \`pagerdutyService\` in muster.yaml, so nobody can be paged for it.`)
    const link = await create(pagerduty, context, { service: service.pagerdutyService })
    const name = `who is on call for ${service.name}`
    return [{ type: 'paged', by: 'pagerduty', at: now(), name, ...(link ? { link } : {}) }]
  }
  return { page_responder: pageResponder }
}
