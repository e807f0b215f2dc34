import { type CallOptions, pagerdutyCall } from './call.ts'
import { changeEvents } from './change-events.ts'
import { alertDetails } from './details.ts'
import { incidents } from './incidents.ts'
import { notes } from './notes.ts'
import { people } from './people.ts'
import { subscriptions } from './subscriptions.ts'

/**
 * PagerDuty's REST API, as much of it as an incident needs. Every call ends within `timeoutMs`; a refusal that will not
 * change is `Permanent`, a used-up rate limit `TryLater`, anything else a plain error that is worth another attempt.
 */
export const pagerdutyClient = (options: CallOptions) => {
  const call = pagerdutyCall(options)
  return {
    ...people(call),
    ...incidents(call),
    ...notes(call),
    ...alertDetails(call),
    ...changeEvents(call),
    ...subscriptions(call),
  }
}
export type PagerDuty = ReturnType<typeof pagerdutyClient>

/** PagerDuty's id of the incident behind an alert's key, `pagerduty:Q1INC421XYZ`; undefined for another source's key. */
export const pagerdutyIncidentOf = (alertKey: string): string | undefined =>
  alertKey.startsWith('pagerduty:') ? alertKey.slice('pagerduty:'.length) : undefined
