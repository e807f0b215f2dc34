import type { ActionKind, ActionState } from './action-event.ts'
import type { IncidentEvent } from './event.ts'
import type { Incident } from './incident.ts'
import type { MessagePlace } from './place.ts'

/** A follow-up, so that it does not happen again. */
export type ActionItem = {
  id: number
  text: string
  /** Slack user id. */
  owner?: string | undefined
  /** Nothing is left to do: it is done, or was dropped. */
  done: boolean
  /** Absent from items that an earlier version stored. */
  state?: ActionState
  kind?: ActionKind | undefined
  /** `2026-12-01` */
  due?: string | undefined
  /** A web address, or a key like `SHOP-12`. */
  ticket?: string | undefined
  /** The message it was made from. */
  message?: MessagePlace | undefined
  /** When it was added and when its owner was last reminded, epoch ms. */
  addedAt?: number
  remindedAt?: number
  /** Its owner is not reminded before, epoch ms. */
  snoozedUntil?: number
}

/** What a person may say about an item. */
export type ActionDetails = Pick<ActionItem, 'text' | 'owner' | 'kind' | 'due' | 'ticket'>

export const ACTION_STATE_NAMES: Record<ActionState, string> = {
  open: 'open',
  in_progress: 'in progress',
  done: 'done',
  dropped: 'dropped',
}

export const actionState = ({ state, done }: ActionItem): ActionState => state ?? (done ? 'done' : 'open')

/** Items that still need somebody. */
export const openActions = ({ actions }: Pick<Incident, 'actions'>): ActionItem[] => actions.filter(({ done }) => !done)

/** Is it late on that day, `2026-12-01`? */
export const isOverdue = ({ due, done }: ActionItem, today: string): boolean =>
  !done && due !== undefined && due < today

type ActionEvent = Extract<IncidentEvent, { type: `action_${string}` | 'actions_reminded' | 'actions_digested' }>

/** The list of items after an event about one of them. */
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
        ...{ text, owner, kind, due, ticket },
        // A new owner was never reminded.
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

/** The highest number an item of this incident ever had. */
export const lastActionId = ({ actions, lastActionId = 0 }: Incident): number =>
  Math.max(lastActionId, ...actions.map(({ id }) => id))
