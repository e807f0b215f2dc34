import type { EffectContext } from '../../incident/effect-handler.ts'
import type { IncidentEvent } from '../../incident/event.ts'
import type { Incident } from '../../incident/incident.ts'
import type { Catalogue } from '../../incident/service.ts'
import { isActive } from '../../incident/status.ts'
import { type PagerDuty, pagerdutyIncidentOf } from './client.ts'
import { type FollowedOptions, followedEffects } from './followed.ts'
import { type PagingOptions, pagingEffects } from './paging.ts'
import { type ShownOptions, shownEffects } from './shown.ts'

export type PagerDutyEffectOptions = ShownOptions &
  FollowedOptions &
  Omit<PagingOptions, 'serviceOf'> & {
    /** Absent: PagerDuty is not configured, and nothing is done. */
    pagerduty: PagerDuty | undefined
    catalogue: Catalogue
    /** Whether paging is switched off by hand. */
    isPaused(): Promise<boolean>
  }

/** More people than this at level 1 is a whole team; they have a user group. */
const MOST_FOUND = 3

/** What Muster does at PagerDuty: find who is on call, page, acknowledge, resolve, and keep both sides in step. */
export const pagerdutyEffects = (options: PagerDutyEffectOptions) => {
  const { pagerduty, catalogue, slackIdOf, alertKeys, pageKey, isPaused, echo, now } = options
  const serviceOf = (incident: Incident): string | undefined =>
    catalogue.get(incident.service ?? '')?.pagerdutyService ?? incident.alert?.labels.pagerduty_service

  const eachPage = async (incident: Incident, work: (pagerduty: PagerDuty, id: string) => Promise<unknown>) => {
    if (!pagerduty) return []
    const ids = (await alertKeys(incident.id)).flatMap((key) => pagerdutyIncidentOf(key) ?? [])
    for (const id of ids) await work(pagerduty, id)
    return []
  }

  return {
    ...shownEffects(options),
    ...followedEffects(options),
    ...pagingEffects({ ...options, serviceOf }),

    // Asking twice is harmless.
    find_on_call: async (_effect: unknown, { incident, signal }: EffectContext): Promise<IncidentEvent[]> => {
      const service = serviceOf(incident)
      if (!pagerduty || !service || incident.drill) return []
      const first = (await pagerduty.onCalls({ service }, signal)).filter(({ level }) => level === 1)
      const found = new Map(first.map((one) => [one.person.id, one]))
      const name = catalogue.get(incident.service ?? '')?.name ?? incident.alert?.labels.service ?? incident.service
      return Promise.all(
        [...found.values()].slice(0, MOST_FOUND).map(async ({ person, level }): Promise<IncidentEvent> => {
          const responder = person.email ? await slackIdOf(person.email) : undefined
          return {
            type: 'responder_found',
            by: 'pagerduty',
            at: now(),
            name: person.name,
            why: `on call for ${name} (level ${level})`,
            suggestedRole: 'commander',
            ...(responder ? { responder } : {}),
          }
        }),
      )
    },

    // PagerDuty refuses a second open incident with the same key, and the first one is found instead.
    page: async (_effect: unknown, { incident, signal }: EffectContext): Promise<IncidentEvent[]> => {
      const service = catalogue.get(incident.service ?? '')
      // An alert from PagerDuty has paged already, and a drill pages nobody.
      if (!pagerduty || !service?.pageOnDeclare || !service.pagerdutyService || incident.drill) return []
      if (incident.alert?.source === 'pagerduty' || !isActive(incident.status)) return []
      if (await isPaused())
        return [
          { type: 'noted', by: 'muster', at: now(), text: `Nobody was paged for ${service.name}: Muster is paused` },
        ]
      const paged = await pagerduty.createIncident(
        {
          title: `${incident.id} ${incident.title}`.slice(0, 1024),
          service: service.pagerdutyService,
          key: pageKey(incident.id),
          urgency: 'high',
        },
        signal,
      )
      return [
        {
          type: 'noted',
          by: 'pagerduty',
          at: now(),
          text: `Paged who is on call for ${service.name}`,
          ...(paged.url ? { link: paged.url } : {}),
        },
      ]
    },

    acknowledge_page: (_effect: unknown, { incident, signal }: EffectContext): Promise<IncidentEvent[]> =>
      eachPage(incident, async (client, id) => {
        await echo.will(id, 'acknowledged')
        await client.acknowledge(id, signal)
      }),

    resolve_page: (_effect: unknown, { incident, signal }: EffectContext): Promise<IncidentEvent[]> =>
      eachPage(incident, (client, id) => client.resolve(id, undefined, signal)),
  }
}
