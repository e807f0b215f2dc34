import { z } from 'zod'
import { stamp } from './stamp.ts'

/** The call graph, as requested by somebody. */
export const TOPOLOGY_EVENTS = [
  /** Somebody requested the current call graph, around the incident's service or another. */
  z.object({ ...stamp, type: z.literal('topology_requested'), service: z.string().optional() }),
  z.object({
    ...stamp,
    type: z.literal('topology_drawn'),
    service: z.string().optional(),
    /** The frozen picture. */
    graph: z.string().optional(),
    /** Why there is none, in one sentence. */
    problem: z.string().optional(),
  }),
] as const
