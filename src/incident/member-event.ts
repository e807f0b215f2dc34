import { z } from 'zod'
import { stamp } from './stamp.ts'

/**
 * Joins and leaves in the channel of a private incident that Muster did not make: its members may see it everywhere.
 */
export const MEMBER_EVENTS = [
  z.object({ ...stamp, type: z.literal('member_joined'), member: z.string() }),
  z.object({ ...stamp, type: z.literal('member_left'), member: z.string() }),
  /** Somebody joined the channel of an ongoing incident, and is briefed. */
  z.object({ ...stamp, type: z.literal('joined_late'), member: z.string() }),
] as const
