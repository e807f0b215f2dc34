import { z } from 'zod'
import { stamp } from './stamp.ts'

/** The picture of who calls whom, as somebody asked for it. */
export const TOPOLOGY_EVENTS = [
  /** Somebody wants to see who calls whom now, around the incident's service or another. */
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
