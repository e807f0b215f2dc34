import { z } from 'zod'
import { Millis } from './alert.ts'
import { stamp } from './stamp.ts'

/** Updates, and who gets them. */
export const UPDATE_EVENTS = [
  z.object({
    ...stamp,
    type: z.literal('update_posted'),
    /** What is known. */
    text: z.string(),
    /** What is being done. */
    doing: z.string().optional(),
    /** What people outside the incident's channel read instead of both. */
    public: z.string().optional(),
    /** When the next update comes at the latest, epoch ms. */
    nextBy: Millis.optional(),
  }),
  /** Nobody is reminded of an update before `until` (epoch ms); without it, before the next update. */
  z.object({ ...stamp, type: z.literal('update_snoozed'), until: Millis.optional() }),
  /** `by` gets updates as direct messages, or no longer does. */
  z.object({ ...stamp, type: z.literal('subscribed') }),
  z.object({ ...stamp, type: z.literal('unsubscribed') }),
  /** Nobody is asked how to stop the harm before then, epoch ms. */
  z.object({ ...stamp, type: z.literal('mitigation_snoozed'), until: Millis }),
] as const
