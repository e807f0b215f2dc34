import type { ActionItem } from './action-item.ts'
import type { IncidentEvent } from './event.ts'
import type { Incident } from './incident.ts'

type ActionEvent = Extract<
  IncidentEvent,
  { type: `action_${string}` | 'actions_reminded' | 'actions_digested' | 'owner_unreachable' }
>

/** The item list after an event about one of them. */
export const withActions = (incident: Incident, event: ActionEvent): Incident => {
  switch (event.type) {
    case 'action_added': {
      const { id, text, owner, kind, due, ticket, message } = event
      const more = Object.fromEntries(
        Object.entries({ kind, due, ticket, message }).filter(([, value]) => value !== undefined),
      )
      const item: ActionItem = { id, text, owner, done: false, state: 'open', addedAt: event.at, ...more }
      return { ...incident, actions: [...incident.actions, item] }
    }
    case 'action_done':
      return changed(incident, event.id, (item) => ({ ...item, done: true, state: 'done' }))
    case 'action_edited': {
      const { text, owner, kind, due, ticket } = event
      return changed(incident, event.id, ({ remindedAt, snoozedUntil, ...item }) => ({
        ...item,
        text,
        owner,
        kind,
        due,
        ticket,
        // A new owner has not been reminded yet.
        ...(owner === item.owner && remindedAt !== undefined ? { remindedAt } : {}),
        ...(owner === item.owner && snoozedUntil !== undefined ? { snoozedUntil } : {}),
      }))
    }
    case 'action_state_changed':
      return changed(incident, event.id, (item) => ({ ...item, done: event.state === 'dropped', state: event.state }))
    case 'action_removed':
      return {
        ...incident,
        actions: incident.actions.filter(({ id }) => id !== event.id),
        lastActionId: Math.max(incident.lastActionId ?? 0, ...incident.actions.map(({ id }) => id)),
      }
    case 'action_snoozed':
      return changed(incident, event.id, (item) => ({ ...item, snoozedUntil: event.until }))
    case 'actions_reminded':
      return {
        ...incident,
        actions: incident.actions.map((item) =>
          event.items.includes(item.id) ? { ...item, remindedAt: event.at } : item,
        ),
      }
    case 'owner_unreachable':
      return { ...incident, unreachable: [...new Set([...(incident.unreachable ?? []), event.owner])] }
    case 'actions_digested':
      return incident
    default:
      return event satisfies never
  }
}

const changed = (incident: Incident, id: number, change: (item: ActionItem) => ActionItem): Incident => ({
  ...incident,
  actions: incident.actions.map((item) => (item.id === id ? change(item) : item)),
})
