import { z } from 'zod'
import { Millis } from './alert.ts'
import { stamp } from './stamp.ts'

/** The incident's region among Grafana's annotations was written, or changed. */
export const ANNOTATION_EVENT = z.object({
  ...stamp,
  type: z.literal('annotation_written'),
  /** Grafana's number of it. */
  annotation: z.number().int(),
  text: z.string(),
  /** Epoch ms; without `until` the incident goes on. */
  from: Millis,
  until: Millis.optional(),
})
