import { z } from 'zod'

/** Where a message is: a channel's id and the message's `ts`, which is also its time in seconds. */
export const MessagePlace = z.object({ channel: z.string(), ts: z.string() })
export type MessagePlace = z.infer<typeof MessagePlace>
