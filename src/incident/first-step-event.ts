import { z } from 'zod'
import { stamp } from './stamp.ts'

/** Somebody ticked one of the first steps, or unticked it. The step is identified by its text. */
export const FIRST_STEP_EVENT = z.object({
  ...stamp,
  type: z.literal('first_step_checked'),
  step: z.string(),
  done: z.boolean(),
})

/** A step that was done, by whom (Slack user id) and when (epoch ms). */
export type DoneStep = { step: string; by: string; at: number }

/** Bounds the cached state: no checklist is longer than this. */
const MOST_KEPT = 50

/** The state's list of done steps after one more tick. */
export const withFirstStep = (
  before: readonly DoneStep[] | undefined,
  { step, done, by, at }: z.infer<typeof FIRST_STEP_EVENT>,
): DoneStep[] => {
  const others = (before ?? []).filter((one) => one.step !== step)
  return done ? [...others, { step, by, at }].slice(-MOST_KEPT) : others
}
