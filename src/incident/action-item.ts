import type { ActionKind, ActionState } from './action-event.ts'
import type { MessagePlace } from './place.ts'

/** A follow-up to prevent a recurrence. */
export type ActionItem = {
  id: number
  text: string
  /** Slack user id. */
  owner?: string | undefined
  /** No work is left: it is done, or was dropped. */
  done: boolean
  /** Absent from items that an earlier version stored. */
  state?: ActionState
  kind?: ActionKind | undefined
  /** `2026-12-01` */
  due?: string | undefined
  /** A web address, or a key like `SHOP-12`. */
  ticket?: string | undefined
  /** The message it was made from. */
  message?: (MessagePlace & { link?: string | undefined }) | undefined
  /** When it was added and when its owner was last reminded, epoch ms. */
  addedAt?: number
  remindedAt?: number
  /** Its owner gets no reminder before this time, epoch ms. */
  snoozedUntil?: number
}

/** What a person may set on an item. */
export type ActionDetails = Pick<ActionItem, 'text' | 'owner' | 'kind' | 'due' | 'ticket'>

export const ACTION_STATE_NAMES: Record<ActionState, string> = {
  open: 'open',
  in_progress: 'in progress',
  done: 'done',
  dropped: 'dropped',
}

export const actionState = ({ state, done }: ActionItem): ActionState => state ?? (done ? 'done' : 'open')

/** Items that still need somebody. */
export const openActions = ({ actions }: { actions: readonly ActionItem[] }): ActionItem[] =>
  actions.filter(({ done }) => !done)

/** Whether it is overdue on that day, `2026-12-01`. */
export const isOverdue = ({ due, done }: ActionItem, today: string): boolean =>
  !done && due !== undefined && due < today

/** The highest number an item of this incident ever had. */
export const lastActionId = ({
  actions,
  lastActionId = 0,
}: {
  actions: readonly ActionItem[]
  lastActionId?: number
}): number => Math.max(lastActionId, ...actions.map(({ id }) => id))
