import { z } from 'zod'
import { Millis } from './alert.ts'
import { MessagePlace } from './place.ts'
import { stamp } from './stamp.ts'

/** The purpose of an action item, in the categories of Google's postmortems. */
export const ActionKind = z.enum(['mitigate', 'corrective', 'preventative', 'process'])
export type ActionKind = z.infer<typeof ActionKind>

/** Its progress. `dropped`: decided not to do it. */
export const ActionState = z.enum(['open', 'in_progress', 'done', 'dropped'])
export type ActionState = z.infer<typeof ActionState>

/** A day without a time: `2026-12-01`. */
export const Day = z.string().regex(/^\d{4}-\d{2}-\d{2}$/)

const details = {
  text: z.string(),
  /** Slack user id. */
  owner: z.string().optional(),
  kind: ActionKind.optional(),
  due: Day.optional(),
  /** Where it is followed up: a web address, or a key like `SHOP-12`. */
  ticket: z.string().optional(),
}
const id = z.number().int().positive()

/** Action items. An item is named by its number in the incident, which is never given to another one. */
export const ACTION_EVENTS = [
  z.object({
    ...stamp,
    type: z.literal('action_added'),
    id,
    ...details,
    /** The message it was made from. */
    message: MessagePlace.extend({ link: z.string().optional() }).optional(),
  }),
  z.object({ ...stamp, type: z.literal('action_done'), id }),
  /** Its full content from now on; a member absent here is cleared. */
  z.object({ ...stamp, type: z.literal('action_edited'), id, ...details }),
  /** Moved to any other state than done. */
  z.object({
    ...stamp,
    type: z.literal('action_state_changed'),
    id,
    state: ActionState.exclude(['done']),
    reason: z.string().optional(),
  }),
  z.object({ ...stamp, type: z.literal('action_removed'), id, reason: z.string().optional() }),
  /** Its owner gets no reminder before `until`, epoch ms. */
  z.object({ ...stamp, type: z.literal('action_snoozed'), id, until: Millis }),
  /** An owner was reminded of these items. */
  z.object({
    ...stamp,
    type: z.literal('actions_reminded'),
    owner: z.string(),
    items: z.array(id).min(1),
    /** Items of other incidents in the same message; only on the event that sends it. */
    others: z.array(z.object({ incident: z.string(), items: z.array(id).min(1) })).optional(),
  }),
  /** Slack does not deliver reminders to the owner of these items: the account is deactivated. */
  z.object({ ...stamp, type: z.literal('owner_unreachable'), owner: z.string(), items: z.array(id).min(1) }),
  /** The week's open items of these incidents were posted in a channel (an id or a name). */
  z.object({
    ...stamp,
    type: z.literal('actions_digested'),
    channel: z.string(),
    incidents: z.array(z.string()),
    /** Postmortems that are overdue, and what each waits for. */
    postmortems: z.array(z.object({ incident: z.string(), text: z.string() })).optional(),
  }),
] as const
