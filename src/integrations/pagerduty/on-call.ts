import type { EffectHandler } from '../../incident/effect-handler.ts'
import type { IncidentEvent } from '../../incident/event.ts'
import type { Incident } from '../../incident/incident.ts'
import type { Catalogue } from '../../incident/service.ts'
import type { PagerDuty } from './client.ts'

export type OnCallOptions = {
  pagerduty: PagerDuty | undefined
  catalogue: Catalogue
  /** PagerDuty's id of the incident's own service. */
  serviceOf(incident: Incident): string | undefined
  /** Slack user id for an e-mail address. */
  slackIdOf(email: string, signal: AbortSignal): Promise<string | undefined>
  now: () => number
}

/** More people than this at level 1 is a whole team; they have a user group. */
const MOST_FOUND = 3

/** Finds who is on call for the incident's service. */
export const onCallEffects = ({ pagerduty, catalogue, serviceOf, slackIdOf, now }: OnCallOptions) => {
  // Repeating it is harmless: it only reads.
  const findOnCall: EffectHandler<'find_on_call'> = async (_effect, { incident, signal }) => {
    const service = serviceOf(incident)
    if (!pagerduty || !service || incident.drill) return []
    // For a private incident only people invited by a person are suggested, unless its form said so.
    if (incident.private && !incident.inviteOnCall) return []
    const first = (await pagerduty.onCalls({ service }, signal)).filter(({ level }) => level === 1)
    const found = new Map(first.map((one) => [one.person.id, one]))
    const name = catalogue.get(incident.service ?? '')?.name ?? incident.alert?.labels.service ?? incident.service
    return Promise.all(
      [...found.values()].slice(0, MOST_FOUND).map(async ({ person, level }): Promise<IncidentEvent> => {
        const responder = person.email ? await slackIdOf(person.email, signal) : undefined
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
  }
  return { find_on_call: findOnCall }
}
