import type { ActionState } from './action-event.ts'
import { ACTION_STATE_NAMES, type ActionDetails, type ActionItem, actionState, lastActionId } from './action-item.ts'
import type { Decision } from './decide.ts'
import { Refusal } from './errors.ts'
import type { Incident } from './incident.ts'

/** More open items than this are a backlog that belongs in a tracker. */
const MOST_ITEMS = 200
const DAY_MS = 24 * 3_600_000

/** Adds a follow-up. A message yields one item, however often the button is clicked. */
export const addAction: Decision<ActionDetails & { message?: ActionItem['message'] }> = (
  incident,
  { text, message, ...details },
  act,
) => {
  refuseBlank(text)
  if (message && incident.actions.some((item) => item.message?.ts === message.ts && item.text === text)) return []
  if (incident.actions.length >= MOST_ITEMS)
    throw new Refusal(
      `${incident.id} has ${MOST_ITEMS} action items, which is the limit. Put the rest in your tracker and link it: \`/incident action edit 1 <link>\`.`,
    )
  const id = lastActionId(incident) + 1
  return [{ ...act, type: 'action_added', id, text, ...given(details), ...(message ? { message } : {}) }]
}

/** Edits an item; omitted members stay, and `null` clears one. */
export const editAction: Decision<
  { id: number } & { [Member in keyof ActionDetails]?: ActionDetails[Member] | null }
> = (incident, { id, ...changes }, act) => {
  const { text, owner, kind, due, ticket } = actionItem(incident, id)
  const before = { text, owner, kind, due, ticket }
  const mentioned = Object.entries(changes).filter(([, value]) => value !== undefined)
  const after = { ...before, ...Object.fromEntries(mentioned.map(([name, value]) => [name, value ?? undefined])) }
  refuseBlank(after.text ?? '')
  const isSame = (Object.keys(before) as (keyof typeof before)[]).every((name) => before[name] === after[name])
  return isSame ? [] : [{ ...act, type: 'action_edited', id, ...given(after), text: after.text }]
}

/** Moves an item: starts it, completes it, drops it or reopens it. */
export const moveAction: Decision<{ id: number; state: ActionState; reason?: string | undefined }> = (
  incident,
  { id, state, reason },
  act,
) => {
  if (actionState(actionItem(incident, id)) === state) return []
  return state === 'done'
    ? [{ ...act, type: 'action_done', id }]
    : [{ ...act, type: 'action_state_changed', id, state, ...(reason ? { reason } : {}) }]
}

/** Deletes an item that was added by mistake; the log keeps it. */
export const removeAction: Decision<{ id: number; reason?: string | undefined }> = (incident, { id, reason }, act) => {
  // Clicked twice.
  if (isRemoved(incident, id)) return []
  actionItem(incident, id)
  return [{ ...act, type: 'action_removed', id, ...(reason ? { reason } : {}) }]
}

/** Its owner is not reminded for so many days. */
export const snoozeAction: Decision<{ id: number; days: number }> = (incident, { id, days }, act) => {
  const item = actionItem(incident, id)
  if (item.done) throw new Refusal(`Action item ${id} is ${ACTION_STATE_NAMES[actionState(item)]}; nobody is reminded.`)
  return [{ ...act, type: 'action_snoozed', id, until: act.at + days * DAY_MS }]
}

/** @throws Refusal when there is no item with that number. */
export const actionItem = (incident: Incident, id: number): ActionItem => {
  const item = incident.actions.find((one) => one.id === id)
  if (item) return item
  throw new Refusal(
    isRemoved(incident, id)
      ? `Action item ${id} of ${incident.id} was removed. \`/incident action <what> @owner\` adds a new one.`
      : `${incident.id} has no action item ${id}; \`/incident action list\` shows their numbers.`,
  )
}

const isRemoved = (incident: Incident, id: number): boolean =>
  id >= 1 && id <= lastActionId(incident) && !incident.actions.some((item) => item.id === id)

const refuseBlank = (text: string): void => {
  if (!text.trim()) throw new Refusal('An action item needs some text.')
}

/** Drops empty members. */
const given = <Members extends object>(members: Members): Members =>
  Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined && value !== '')) as Members
