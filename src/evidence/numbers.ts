import type { Series } from '../incident/evidence.ts'
import { finite } from '../incident/series.ts'

/** A series in words after its usual value: its peak, and its current value. */
export type Numbers = {
  now: number | null
  /** Omitted where the peak is the current value. */
  peak?: { at: number; value: number }
}

/** Share of the way from before to peak within which the present is still the peak. */
const STILL = 0.1

/**
 * The worst value since `since` and the latest until `to`.
 * @param usual what it was before; null when not known
 */
export const numbersOf = (
  { points }: Series,
  { since, to, direction, usual }: { since: number; to: number; direction: 'up' | 'down'; usual: number | null },
): Numbers => {
  const now = finite(points.filter(([time]) => time <= to)).at(-1) ?? null
  let peak: Numbers['peak']
  for (const [at, value] of points) {
    if (value === null || !Number.isFinite(value) || at < since || at > to) continue
    if (!peak || (direction === 'up' ? value > peak.value : value < peak.value)) peak = { at, value }
  }
  const isNews =
    peak !== undefined && now !== null && Math.abs(peak.value - now) > STILL * Math.abs(peak.value - (usual ?? now))
  return { now, ...(peak && isNews ? { peak } : {}) }
}
