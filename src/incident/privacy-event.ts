import { z } from 'zod'
import { stamp } from './stamp.ts'

/** How an incident became private, and who was let in. */
export const PRIVACY_EVENTS = [
  /** A public incident became private; its channel goes with it only if it is private by now. */
  z.object({ ...stamp, type: z.literal('made_private'), text: z.string().optional() }),
  /** The channel it had is public, so it gets another one. */
  z.object({ ...stamp, type: z.literal('channel_left'), channel: z.string() }),
  /** Somebody outside wants to be let in. */
  z.object({ ...stamp, type: z.literal('access_requested') }),
  z.object({ ...stamp, type: z.literal('access_granted'), responder: z.string() }),
] as const
