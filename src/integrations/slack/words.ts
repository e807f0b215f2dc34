import type { Step } from '../../incident/event.ts'
import type { Catalogue } from '../../incident/service.ts'
import type { Role, Severity, Status } from '../../incident/status.ts'

/** The operator's words. */
export type Words = {
  severities: readonly Severity[]
  roles: readonly Role[]
  catalogue: Catalogue
  /** Whose clock charts and the lines beside them go by; UTC when not said. */
  timezone?: string
}

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

/** The steps of the set-up checklist, in the order they are listed. */
export const STEP_NAMES: Record<Step, string> = {
  channel: 'Channel',
  people: 'People invited',
  summary: 'Summary',
  pin: 'Summary pinned',
  topic: 'Topic',
  bookmarks: 'Bookmarks',
  announcement: 'Announcement',
  on_call: 'On-call found',
  evidence: 'Evidence',
}

/** A severity by its id: its name and emoji, or something readable when the operator has removed it since. */
export const severityNamed = (id: string, { severities }: Words): { name: string; emoji: string } => {
  const severity = severities.find((one) => one.id === id)
  return { name: severity?.name ?? id.toUpperCase(), emoji: severity?.emoji ?? ':large_orange_circle:' }
}
