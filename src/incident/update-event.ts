import { z } from 'zod'
import { Millis } from './alert.ts'
import { stamp } from './stamp.ts'

/** Updates, and their subscribers. */
export const UPDATE_EVENTS = [
  z.object({
    ...stamp,
    type: z.literal('update_posted'),
    /** What is known. */
    text: z.string(),
    /** What is being done. */
    doing: z.string().optional(),
    /** The text that people outside the incident's channel read instead of both. */
    public: z.string().optional(),
    /** The deadline of the next update, epoch ms. */
    nextBy: Millis.optional(),
  }),
  /** Update reminders are off until `until` (epoch ms); without it, until the next update. */
  z.object({ ...stamp, type: z.literal('update_snoozed'), until: Millis.optional() }),
  /** `by` subscribed to updates by direct message, or unsubscribed. */
  z.object({ ...stamp, type: z.literal('subscribed') }),
  z.object({ ...stamp, type: z.literal('unsubscribed') }),
  /** Nobody is asked how to stop the harm before then, epoch ms. */
  z.object({ ...stamp, type: z.literal('mitigation_snoozed'), until: Millis }),
] as const
