import type { Snapshot } from './evidence.ts'
import type { Incident } from './incident.ts'

/** Clocks of senders and ours differ by as much. */
const SAME_MS = 60_000

/** Names what happened at the moment that a chart marks, where that was not the alert. */
export const withMoment = (
  snapshot: Snapshot,
  { alert, declaredAt }: Pick<Incident, 'alert' | 'declaredAt'>,
): Snapshot => {
  if (snapshot.kind !== 'chart' || snapshot.at === undefined) return snapshot
  const { at } = snapshot
  const isAt = (time: number) => Math.abs(at - time) < SAME_MS
  if (alert && (isAt(alert.startsAt) || isAt(declaredAt))) return snapshot
  return { ...snapshot, moment: isAt(declaredAt) ? 'declared' : 'impact began' }
}
