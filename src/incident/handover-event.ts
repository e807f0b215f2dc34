import { z } from 'zod'
import { Millis } from './alert.ts'
import { stamp } from './stamp.ts'
import { RoleId } from './status.ts'

const about = {
  /** Who holds the roles, a Slack user id. */
  from: z.string(),
  /** Who is to take them, a Slack user id. */
  to: z.string(),
  roles: z.array(RoleId).min(1),
}

/** A handover, from the offer to the answer. A handover is named by the number of the event that offered it. */
export const HANDOVER_EVENTS = [
  /** The roles stay where they are until the offer is accepted. */
  z.object({ ...stamp, ...about, type: z.literal('handover_offered'), text: z.string().optional() }),
  z.object({
    ...stamp,
    ...about,
    type: z.literal('handover_answered'),
    handover: z.number().int().positive(),
    /** `unreachable`: Slack does not deliver messages to them. */
    answer: z.enum(['accepted', 'declined', 'withdrawn', 'unreachable']),
    /** Why. */
    text: z.string().optional(),
  }),
  /** No answer in time. The offer stands, and may still be accepted. */
  z.object({ ...stamp, ...about, type: z.literal('handover_unanswered'), handover: z.number().int().positive() }),
  /** Nobody is in command, and everybody who can be paged for that was. `since` is epoch ms. */
  z.object({ ...stamp, type: z.literal('command_unclaimed'), since: Millis }),
] as const
