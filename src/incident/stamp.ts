import { z } from 'zod'
import { Millis } from './alert.ts'

/** Members of every event. */
export const stamp = {
  /** When it happened, epoch ms; for back-dated entries earlier than when it was recorded. */
  at: Millis,
  /** Who did it: a Slack user id (`U...`), `muster`, or a source (`pagerduty`, `pagerduty: Dana Diaz`). */
  by: z.string(),
}
