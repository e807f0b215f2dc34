import type { Step } from '../../incident/event.ts'
import type { Vocabulary } from '../../incident/vocabulary.ts'

export { STATUS_NAMES } from '../../incident/status.ts'

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
  page: 'Page sent',
  evidence: 'Evidence',
}

/** A severity by its id: its name and emoji, or something readable when the operator has removed it since. */
export const severityNamed = (id: string, { severities }: Vocabulary): { name: string; emoji: string } => {
  const severity = severities.find((one) => one.id === id)
  return { name: severity?.name ?? id.toUpperCase(), emoji: severity?.emoji ?? ':large_orange_circle:' }
}
