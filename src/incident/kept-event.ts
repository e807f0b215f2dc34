import { z } from 'zod'
import { MessagePlace } from './place.ts'
import { stamp } from './stamp.ts'

/** How a message was marked: `pin` is Slack's own pin, `shortcut` the message's menu, `:pushpin:` a reaction. */
const mark = z.string()

/** Messages that people keep for the timeline. */
export const KEPT_EVENTS = [
  /** Somebody marked a message for the timeline; its text is fetched afterwards unless it came with the mark. */
  z.object({
    ...stamp,
    type: z.literal('message_marked'),
    message: MessagePlace,
    /** Absent from what earlier versions recorded. */
    mark: mark.optional(),
    text: z.string().optional(),
    /** Who wrote it, a Slack user id. */
    author: z.string().optional(),
    link: z.string().optional(),
    /** The incident was declared from it; `thread` is the message it answers. */
    source: z.object({ thread: z.string().optional() }).optional(),
  }),
  /** Somebody took their mark off. */
  z.object({ ...stamp, type: z.literal('message_unmarked'), message: MessagePlace, mark }),
] as const

/** A message that is kept for the timeline. */
export type KeptMessage = MessagePlace & {
  /** Who marked it, and how; without any it is off the timeline again. */
  marks: string[]
  /** The number of its entry on the timeline, once its text is there. */
  entry?: number
  /** Its entry was taken off. */
  removed?: boolean
}
