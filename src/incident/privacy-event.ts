import { z } from 'zod'
import { stamp } from './stamp.ts'

/** How an incident became private, and who was given access. */
export const PRIVACY_EVENTS = [
  /** A public incident became private; its channel is kept only if it is private by now. */
  z.object({ ...stamp, type: z.literal('made_private'), text: z.string().optional() }),
  /** Its channel is public, so it gets a new one. */
  z.object({ ...stamp, type: z.literal('channel_left'), channel: z.string() }),
  /** A non-member requested access. */
  z.object({ ...stamp, type: z.literal('access_requested') }),
  z.object({ ...stamp, type: z.literal('access_granted'), responder: z.string() }),
] as const
