import type { Series } from '../incident/evidence.ts'
import { finite, median } from '../incident/series.ts'
import { medianDeviation, sorted } from '../suspects/statistics.ts'

/** A stretch of time, epoch ms; `to` is exclusive. */
export type Stretch = { from: number; to: number }

const HOUR = 3_600_000
/** How far back the next hour is tried. */
const HOP = HOUR / 4
/** Alerts come late: the minutes before one are not part of the baseline. */
const GUARD = 5 * 60_000
const FEWEST = 4
/** An hour drifts when its halves differ by more than this many of its own deviations. */
const DRIFT = 2
/** The least deviation that matters to anybody, as a share of the value. */
const FLOOR = 0.05
/** How many times worse than an earlier calm hour a later one must be to count as part of the trouble. */
const WORSE = 3

/**
 * The latest hour before `onset` in which the series was stable. Trouble that began long before it was noticed has
 * hours that climb, and may have hours of high plateau: an earlier hour that was calm at a fraction of the value is
 * then the baseline. Null when no hour was calm.
 * @param hurts the direction of harm; without one, as for traffic, any level that lasted for an hour is usual
 */
export const calmHour = (
  { points }: Series,
  { onset, hurts }: { onset: number; hurts?: 'up' | 'down' | undefined },
): (Stretch & { level: number }) | null => {
  const end = onset - GUARD
  const first = points.find(([, value]) => value !== null)?.[0]
  if (first === undefined || first >= end) return null
  // Of a series younger than an hour, all that there is.
  const length = Math.min(HOUR, end - first)
  let calm: (Stretch & { level: number }) | null = null
  for (let to = end; to - length >= first; to -= HOP) {
    const stretch = { from: to - length, to }
    const level = calmLevel(finite(points.filter(([time]) => time >= stretch.from && time < to)))
    if (level === undefined) continue
    const isBetter = hurts === 'up' ? level * WORSE < (calm?.level ?? 0) : level > WORSE * (calm?.level ?? level)
    if (calm === null) calm = { ...stretch, level }
    else if (hurts && isBetter) calm = { ...stretch, level }
  }
  return calm
}

/** The median of values that neither climb nor fall; undefined when they do, or are too few to tell. */
const calmLevel = (values: number[]): number | undefined => {
  if (values.length < FEWEST) return undefined
  const half = values.length >> 1
  const [earlier, later] = [values.slice(0, half), values.slice(half)].map((part) => sorted(part))
  const [one, other] = [median([...(earlier ?? [])]) ?? 0, median([...(later ?? [])]) ?? 0]
  const spread =
    1.4826 * Math.max(medianDeviation(earlier ?? sorted([]), one), medianDeviation(later ?? sorted([]), other))
  const level = median(values) ?? 0
  return Math.abs(other - one) <= DRIFT * Math.max(spread, FLOOR * Math.abs(level)) ? level : undefined
}
