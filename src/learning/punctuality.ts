import type { RecordedEvent } from '../incident/event.ts'
import { evolve } from '../incident/evolve.ts'
import { initial } from '../incident/incident.ts'
import { isActive, type Severity } from '../incident/status.ts'
import { nextUpdateAt } from '../incident/update.ts'

/** How many updates were due, and how many of them came in time. */
export type Punctuality = { due: number; onTime: number }

/** An update that is promised for 03:30 is on time at 03:30:59. */
const GRACE_MS = 60_000

/**
 * Counts updates against what was promised, or else against the severity's cadence. One that was put off, or declared not
 * needed, is not due; one that never came before the end is late. The whole log, oldest first.
 */
export const punctualityOf = (
  id: string,
  events: readonly RecordedEvent[],
  severities: readonly Severity[],
): Punctuality => {
  const counted: Punctuality = { due: 0, onTime: 0 }
  let state = initial(id)
  for (const event of events) {
    const { status, updateSnoozed } = state
    const ends = event.type === 'status_changed' && !isActive(event.status)
    if (isActive(status) && status !== 'triage' && (event.type === 'update_posted' || ends)) {
      const promised = nextUpdateAt(state, severities)
      const isOff = updateSnoozed !== undefined && updateSnoozed.until === undefined
      if (promised !== undefined && !isOff) {
        const isInTime = event.at < Math.max(promised, updateSnoozed?.until ?? 0) + GRACE_MS
        if (!ends || !isInTime) counted.due += 1
        if (!ends && isInTime) counted.onTime += 1
      }
    }
    state = evolve(state, event)
  }
  return counted
}
