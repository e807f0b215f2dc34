import type { RecordedEvent } from './event.ts'
import type { Incident } from './incident.ts'
import type { OutgoingEndpoint, OutgoingEventName } from './outgoing-event.ts'

/** What the event means to a receiver, given the incident as it stands after it. */
export const outgoingEventOf = (event: RecordedEvent, { openedBy }: Incident): OutgoingEventName => {
  if (event.type === 'made_private') return 'incident.withdrawn'
  if (event.type === 'declared' || event.seq === openedBy) return 'incident.opened'
  const over = event.type === 'status_changed' && ['resolved', 'cancelled', 'merged'].includes(event.status)
  return over ? 'incident.resolved' : 'incident.updated'
}

/**
 * What this receiver gets of an incident as it stands now; undefined for nothing. An incident it may not see is withdrawn
 * there when it became private, and never mentioned otherwise.
 */
export const sentTo = (
  { private: seesPrivate, drills, severities }: OutgoingEndpoint,
  event: OutgoingEventName,
  incident: Incident,
): OutgoingEventName | undefined => {
  // Dismissed in triage, it never was one.
  if (incident.openedBy === undefined) return undefined
  if (incident.drill && !drills) return undefined
  if (severities && !severities.includes(incident.severity) && event !== 'incident.withdrawn') return undefined
  if (event === 'incident.withdrawn') return seesPrivate ? 'incident.updated' : event
  return incident.private && !seesPrivate ? undefined : event
}
