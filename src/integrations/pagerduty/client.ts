import { alertDetails } from './alert-details.ts'
import { changeEvents } from './change-events.ts'
import { incidents } from './incidents.ts'
import { notes } from './notes.ts'
import { people } from './people.ts'
import { responders } from './responders.ts'
import { pagerdutyRest, type RestOptions } from './rest.ts'
import { subscriptions } from './subscriptions.ts'

/**
 * The part of PagerDuty's REST API that Muster uses. Every request ends within `timeoutMs`.
 * @throws `Permanent` for a refusal that will not change, `TryLater` when the rate limit is used up, a plain error for
 * anything that is worth another attempt.
 */
export const pagerdutyClient = (options: RestOptions) => {
  const rest = pagerdutyRest(options)
  return {
    ...people(rest),
    ...incidents(rest),
    ...notes(rest),
    ...responders(rest),
    ...alertDetails(rest),
    ...changeEvents(rest),
    ...subscriptions(rest),
  }
}
export type PagerDuty = ReturnType<typeof pagerdutyClient>

/** PagerDuty's id of the incident behind an alert's key, `pagerduty:Q1INC421XYZ`; undefined for another source's key. */
export const pagerdutyIncidentOf = (alertKey: string): string | undefined =>
  alertKey.startsWith('pagerduty:') ? alertKey.slice('pagerduty:'.length) : undefined
