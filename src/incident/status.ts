import { z } from 'zod'

/**
 * The status of an incident. `triage` waits for a person to decide whether it is one; `cancelled` and `merged` end it
 * like
 * `closed` does, but mean that there is nothing to learn from it by itself.
 */
export const Status = z.enum([
  'triage',
  'investigating',
  'identified',
  'mitigated',
  'resolved',
  'closed',
  'cancelled',
  'merged',
])
export type Status = z.infer<typeof Status>

/** What a status is called. */
export const STATUS_NAMES: Record<Status, string> = {
  triage: 'Waiting for triage',
  investigating: 'Investigating',
  identified: 'Cause identified',
  mitigated: 'Mitigated',
  resolved: 'Resolved',
  closed: 'Closed',
  cancelled: 'Cancelled',
  merged: 'Merged',
}

/** The text of the status change that takes an incident out of triage. */
export const FROM_TRIAGE = 'declared from triage'

/** The states in which people are working: roles, severity and status may change. */
export const isActive = (status: Status): boolean =>
  status === 'triage' || status === 'investigating' || status === 'identified' || status === 'mitigated'

/** No further work happens on it: its queued effects no longer matter. */
export const isOver = ({ status }: { status: Status }): boolean => status === 'cancelled' || status === 'merged'

/** The same as a list, for store queries. */
export const OPEN_STATUSES: Status[] = Status.options.filter(isActive)

/** The statuses a person sets directly while working on it; the others have decisions of their own. */
export const WORKING_STATUSES = ['investigating', 'identified', 'mitigated'] as const satisfies Status[]

/** `sev1`; which ones exist, and what they mean, is configuration. */
export const SeverityId = z.string().regex(/^[a-z][a-z0-9_-]{0,23}$/)
/** `commander`; which ones exist is configuration. */
export const RoleId = z.string().regex(/^[a-z][a-z0-9_-]{0,23}$/)

/** What the operator calls a severity; the list is ordered, worst first. */
export const Severity = z.object({
  id: SeverityId,
  name: z.string(),
  description: z.string().default(''),
  /** When it is the right one: forms show it. */
  chooseWhen: z.string().max(300).optional(),
  /** The channel is asked how to stop the harm after so many minutes of investigating; 0 for never. Without it, for the two worst severities. */
  askForMitigationMinutes: z.number().min(0).max(1440).optional(),
  /** Shown before the title. */
  emoji: z.string().default(':large_orange_circle:'),
  /** The interval of updates, minutes; without it there are no reminders. */
  updateEveryMinutes: z.number().positive().optional(),
  /** The initial commander: nobody, but the person on call is suggested; the person on call; or whoever declared it. */
  commander: z.enum(['suggest', 'on-call', 'declarer']).optional(),
  /** Page people until somebody is in command. Without it, for the two worst severities. */
  pageForCommander: z.boolean().optional(),
})
export type Severity = z.infer<typeof Severity>

/** What the operator says of a working status, in forms. */
export const StatusGuidance = z.strictObject({
  description: z.string().max(75, 'keep it under 75 characters, as Slack shows no more').optional(),
  chooseWhen: z.string().max(300).optional(),
})
export type StatusGuidance = z.infer<typeof StatusGuidance>

/** A role in the response. */
export const Role = z.object({
  id: RoleId,
  name: z.string(),
  description: z.string().default(''),
})
export type Role = z.infer<typeof Role>
