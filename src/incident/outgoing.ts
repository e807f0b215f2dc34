import type { RecordedEvent } from './event.ts'
import type { Incident } from './incident.ts'
import { ActionItemEventName, type OutgoingEndpoint, type OutgoingEventName } from './outgoing-event.ts'

const ACTION_ITEM_EVENTS: Partial<Record<RecordedEvent['type'], ActionItemEventName>> = {
  action_added: 'action_item.created',
  action_edited: 'action_item.updated',
  action_state_changed: 'action_item.updated',
  action_done: 'action_item.done',
  action_removed: 'action_item.removed',
}

/** Whether it concerns an action item rather than the incident itself. */
export const isActionItemEvent = (event: OutgoingEventName): event is ActionItemEventName =>
  ActionItemEventName.options.some((one) => one === event)

/** The outgoing event for an event, given the incident's state after it. */
export const outgoingEventOf = (event: RecordedEvent, { openedBy }: Incident): OutgoingEventName => {
  const ofItem = ACTION_ITEM_EVENTS[event.type]
  if (ofItem) return ofItem
  if (event.type === 'made_private') return 'incident.withdrawn'
  if (event.type === 'declared' || event.seq === openedBy) return 'incident.opened'
  if (event.type === 'postmortem_reviewed') return 'postmortem.published'
  const over = event.type === 'status_changed' && ['resolved', 'cancelled', 'merged'].includes(event.status)
  return over ? 'incident.resolved' : 'incident.updated'
}

/**
 * The payload for this receiver in the incident's current state; undefined for nothing. An incident it may not see is
 * withdrawn there when it became private, and otherwise never mentioned.
 */
export const sentTo = (
  { type, private: seesPrivate, drills, severities, actionItems }: OutgoingEndpoint,
  event: OutgoingEventName,
  incident: Incident,
): OutgoingEventName | undefined => {
  // Dismissed in triage, so it never became an incident.
  if (incident.openedBy === undefined) return undefined
  if (isActionItemEvent(event) && !actionItems) return undefined
  if (incident.drill && !drills) return undefined
  // Customers are informed about the incident, not about its review.
  if (event === 'postmortem.published' && type !== 'webhook') return undefined
  if (severities && !severities.includes(incident.severity) && event !== 'incident.withdrawn') return undefined
  if (event === 'incident.withdrawn') return seesPrivate ? 'incident.updated' : event
  return incident.private && !seesPrivate ? undefined : event
}
