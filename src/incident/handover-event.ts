import { z } from 'zod'
import { Millis } from './alert.ts'
import { stamp } from './stamp.ts'
import { RoleId } from './status.ts'

const about = {
  /** The current holder of the roles, a Slack user id. */
  from: z.string(),
  /** The recipient, a Slack user id. */
  to: z.string(),
  roles: z.array(RoleId).min(1),
}

/** A handover, from the offer to the response. It is identified by the number of the event that offered it. */
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
  /** No response in time. The offer stands, and may still be accepted. */
  z.object({ ...stamp, ...about, type: z.literal('handover_unanswered'), handover: z.number().int().positive() }),
  /** Nobody is in command, and everybody who can be paged for that was paged. `since` is epoch ms. */
  z.object({ ...stamp, type: z.literal('command_unclaimed'), since: Millis }),
] as const
