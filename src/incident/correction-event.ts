import { z } from 'zod'
import { stamp } from './stamp.ts'

/** The number of the event that is corrected; the correction's own number is `seq`. */
const entry = z.number().int().positive()

/** Edits that people may make to a timeline entry. Nothing is lost: the entry and every correction stay in the log. */
export const CORRECTION_EVENTS = [
  z.object({ ...stamp, type: z.literal('entry_edited'), entry, text: z.string() }),
  z.object({ ...stamp, type: z.literal('entry_removed'), entry, reason: z.string().optional() }),
  z.object({ ...stamp, type: z.literal('entry_restored'), entry }),
] as const
