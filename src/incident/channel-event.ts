import { z } from 'zod'
import { Millis } from './alert.ts'
import { stamp } from './stamp.ts'

/** What becomes of the channel: a new name after a change, and its archival after the end. */
export const CHANNEL_EVENTS = [
  z.object({ ...stamp, type: z.literal('channel_renamed'), name: z.string() }),
  /** Slack refused the new name; the channel keeps the one it has. */
  z.object({ ...stamp, type: z.literal('channel_rename_refused'), name: z.string(), reason: z.string() }),
  /** The channel is to be archived then, epoch ms; that is announced in it. */
  z.object({ ...stamp, type: z.literal('archive_planned'), archiveAt: Millis }),
  /** The days until the channel is archived count from then on, epoch ms; `announced`: it was to be archived earlier. */
  z.object({ ...stamp, type: z.literal('archive_postponed'), from: Millis, announced: z.boolean().optional() }),
  z.object({ ...stamp, type: z.literal('archive_due') }),
  z.object({ ...stamp, type: z.literal('channel_archived'), channel: z.string() }),
  /** Slack refused to archive it; it is not attempted again. */
  z.object({ ...stamp, type: z.literal('archive_refused'), reason: z.string() }),
] as const

/** The state of a channel after its incident is over. */
export type Archive = {
  /** The days until it is archived count from then on, epoch ms, where that is later than the latest activity. */
  from?: number
  /** When its archival was announced, and for when; epoch ms. */
  plannedAt?: number
  archiveAt?: number
  archived?: boolean
  /** Slack refused; it is not attempted again. */
  refused?: boolean
}
