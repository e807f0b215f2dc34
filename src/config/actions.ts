import { z } from 'zod'
import { WEEKDAYS } from '../incident/action-text.ts'
import { timeOfDay } from './time-of-day.ts'

/** `actions:` in muster.yaml. */
export const ActionSettings = z.strictObject({
  /** Owners are reminded of their open items from this local time on, Monday to Friday. */
  remindAt: timeOfDay.default('09:30'),
  /** So often, as long as an item is not due. */
  remindEveryDays: z.number().int().min(1).max(90).default(7),
  /** So often once it is overdue. */
  overdueEveryDays: z.number().int().min(1).max(30).default(2),
  /** Every week, in the owners' channel of a service or else where incidents are announced; `false` for never. */
  digest: z
    .union([
      z.literal(false),
      z.strictObject({ day: z.enum(WEEKDAYS).default('monday'), at: timeOfDay.default('09:30') }),
    ])
    .prefault({}),
})
export type ActionSettings = z.infer<typeof ActionSettings>
