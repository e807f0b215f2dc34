import { z } from 'zod'
import { Millis } from './alert.ts'
import { stamp } from './stamp.ts'

/** One sentence of a language model, and what it stands on: `12` is a timeline entry, `m3` a message of the channel. */
const Sentence = z.object({ text: z.string(), refs: z.array(z.string()) })
export type SummarySentence = z.infer<typeof Sentence>

/** What a sentence stands on, in words. */
const Cited = z.object({ ref: z.string(), /** Epoch ms. */ at: Millis, text: z.string() })
export type Cited = z.infer<typeof Cited>

/** Summaries by a language model, which somebody requested. */
export const MACHINE_SUMMARY_EVENTS = [
  z.object({ ...stamp, type: z.literal('summary_requested') }),
  z.object({
    ...stamp,
    type: z.literal('summary_written'),
    /** The model, as its operator calls it. */
    model: z.string(),
    sentences: z.array(Sentence),
    cited: z.array(Cited),
  }),
] as const
