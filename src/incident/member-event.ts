import { z } from 'zod'
import { stamp } from './stamp.ts'

/** Who joined and left the channel of a private incident by themselves or by hand: its members may see it everywhere. */
export const MEMBER_EVENTS = [
  z.object({ ...stamp, type: z.literal('member_joined'), member: z.string() }),
  z.object({ ...stamp, type: z.literal('member_left'), member: z.string() }),
  /** Somebody came into the channel of an incident that was under way, and is briefed. */
  z.object({ ...stamp, type: z.literal('joined_late'), member: z.string() }),
] as const
