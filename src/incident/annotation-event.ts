import { z } from 'zod'
import { Millis } from './alert.ts'
import { stamp } from './stamp.ts'

/** The incident's region annotation in Grafana was written, or changed. */
export const ANNOTATION_EVENT = z.object({
  ...stamp,
  type: z.literal('annotation_written'),
  /** Grafana's id of it. */
  annotation: z.number().int(),
  text: z.string(),
  /** Epoch ms; without `until` the incident is still open. */
  from: Millis,
  until: Millis.optional(),
})
