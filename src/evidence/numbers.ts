import type { Series } from '../incident/evidence.ts'
import { finite, median } from '../incident/series.ts'
import { baselineOf } from '../suspects/baseline.ts'
import { defaultTuning } from '../suspects/tuning.ts'

/** What a person is told of a line: how it usually was, its worst, and how it is. */
export type Numbers = {
  before: number | null
  now: number | null
  /** Not said where the worst is the present. */
  peak?: { at: number; value: number }
  /** The hour that `before` is taken from, epoch ms; null when none was calm. */
  calm: { from: number; to: number } | null
}

const HOUR = 3_600_000
/** How far a calm hour is moved back when the one tried was not calm. */
const HOP = HOUR / 4
/** Alerts come late: the minutes before one are not what is usual. */
const GUARD = 5 * 60_000
const FEWEST = 4
/** Share of unusual values from which an hour is not calm. */
const RESTLESS = 0.2
/** Share of the way from before to peak within which the present is still the peak. */
const STILL = 0.1

/**
 * `before` is the middle value of the latest calm hour before the trouble: an incident that began long before it was
 * noticed must not be taken for what is usual.
 */
export const numbersOf = (
  line: Series,
  { onset, to, direction }: { onset: number; to: number; direction: 'up' | 'down' },
): Numbers => {
  const { points } = line
  const end = onset - GUARD
  const first = points.find(([, value]) => value !== null)?.[0] ?? end
  const past = finite(points.filter(([time]) => time < end))
  const now = finite(points.filter(([time]) => time <= to)).at(-1) ?? null
  const calm = past.length < FEWEST ? null : calmHour(points, past, first, end)
  const before = calm ? median(finite(points.filter(([time]) => time >= calm.from && time < calm.to))) : null
  const peak = peakOf(points, { from: end, to, direction })
  const usual = before ?? median(past)
  const isNews =
    peak !== undefined && now !== null && Math.abs(peak.value - now) > STILL * Math.abs(peak.value - (usual ?? now))
  return { before, now, ...(peak && isNews ? { peak } : {}), calm }
}

const calmHour = (points: Series['points'], past: number[], first: number, end: number) => {
  const { median: middle, sigma } = baselineOf(
    new Float64Array(past),
    { signal: 'other', unit: '', stepSeconds: 60 },
    defaultTuning,
  )
  const isUnusual = (value: number) => Math.abs(value - middle) > defaultTuning.referenceSigmas * sigma
  // Of a series younger than an hour, all that there is.
  for (let to = end; to - Math.min(HOUR, end - first) >= first && to > first; to -= HOP) {
    const from = Math.max(first, to - HOUR)
    const values = finite(points.filter(([time]) => time >= from && time < to))
    if (values.length >= FEWEST && values.filter(isUnusual).length <= RESTLESS * values.length) return { from, to }
  }
  return null
}

const peakOf = (
  points: Series['points'],
  { from, to, direction }: { from: number; to: number; direction: 'up' | 'down' },
): { at: number; value: number } | undefined => {
  let peak: { at: number; value: number } | undefined
  for (const [at, value] of points) {
    if (value === null || !Number.isFinite(value) || at < from || at > to) continue
    if (!peak || (direction === 'up' ? value > peak.value : value < peak.value)) peak = { at, value }
  }
  return peak
}
