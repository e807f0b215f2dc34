import { ACTION_STATE_NAMES, type ActionItem, actionState } from '../incident/action-item.ts'
import { parseAction } from '../incident/action-text.ts'
import { capital } from '../incident/measure.ts'
import { webAddress } from './text.ts'

/** One row of the action items. */
export type Action = {
  id: number
  text: string
  /** `mitigate`, `corrective`, `preventative` or `process`, where set. */
  type: string | null
  owner: string | null
  /** The ticket it is followed up in: a web address, or a key like `SHOP-12`. */
  bug: string | null
  /** `2026-12-01`, where somebody said so. */
  due: string | null
  /** `open`, `in progress`, `done` or `dropped`. */
  state: string
  /** Nothing is left to do: done or dropped. */
  done: boolean
}

/**
 * The action items as table rows; `nameOf` returns the owner's name. Items stored by an earlier version contain their
 * type, day and ticket in their text.
 */
export const actionsOf = (items: readonly ActionItem[], nameOf: (slackUserId: string) => string): Action[] =>
  items.map((item) => {
    const { id, text, owner, done } = item
    const parsed = parseAction(text)
    const ticket = item.ticket ?? parsed.ticket
    const address = webAddress(ticket)
    return {
      id,
      text: capital(parsed.text || text.trim()),
      type: item.kind ?? parsed.kind ?? null,
      owner: owner ? nameOf(owner) : null,
      bug: address ?? (ticket && /^https?:/i.test(ticket) ? null : (ticket ?? null)),
      due: item.due ?? parsed.due ?? null,
      state: ACTION_STATE_NAMES[actionState(item)],
      done,
    }
  })
