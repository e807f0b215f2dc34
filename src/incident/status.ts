import { z } from 'zod'

/**
 * Where an incident stands. `triage` waits for a person to say whether it is one; `cancelled` and `merged` end it like
 * `closed` does, but say that there was nothing to learn from it under its own name.
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

/** Nothing more is to be done about it under its own name: what was queued for it no longer matters. */
export const isOver = ({ status }: { status: Status }): boolean => status === 'cancelled' || status === 'merged'

/** The same as a list, for questions to the store. */
export const OPEN_STATUSES: Status[] = Status.options.filter(isActive)

/** The states a person chooses by hand while working on it; the others have decisions of their own. */
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
  /** How often people should hear from us, minutes; none means no reminder. */
  updateEveryMinutes: z.number().positive().optional(),
  /** Who commands at first: nobody, but whoever is on call is suggested; whoever is on call; or whoever declared it. */
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

/** A part somebody plays in the response. */
export const Role = z.object({
  id: RoleId,
  name: z.string(),
  description: z.string().default(''),
})
export type Role = z.infer<typeof Role>
