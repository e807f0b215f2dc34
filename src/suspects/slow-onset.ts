import { baselineOf } from './baseline.ts'
import type { RankingInput, SignalSeries } from './input.ts'
import { defaultTuning, type Tuning } from './tuning.ts'
import { measured } from './windows.ts'

/** Share of the window used as the baseline: slow-burning trouble has not begun in it. */
const USUAL_SHARE = 1 / 3
/** A shorter run is found by the ordinary walk back from the alert. */
const LEAST_MINUTES = 15
/** Points within the usual range that do not end a run: one scrape that failed, one quiet moment. */
const LONGEST_GAP = 2

/**
 * Where trouble began that long preceded its detection: the start of the unbroken run of unusual values that includes
 * the alert, over the alerting service's own series, the earliest of them. Unusual is measured against the first third
 * of a long window. Undefined where nothing ran for a quarter of an hour, or where it was unusual throughout.
 */
export const slowOnset = (
  { alert, series }: Pick<RankingInput, 'alert' | 'series'>,
  tuning: Tuning = defaultTuning,
): number | undefined => {
  const own = series.filter(({ service, signal }) => service === alert.service && signal !== 'other')
  const about = own.filter(({ signal }) => signal === alert.signal)
  const starts = (about.length > 0 ? about : own).flatMap((one) => runStart(one, alert.since, tuning) ?? [])
  return starts.length === 0 ? undefined : Math.min(...starts)
}

const runStart = (series: SignalSeries, since: number, tuning: Tuning): number | undefined => {
  const { start, stepSeconds, values, worse } = series
  const step = stepSeconds * 1000
  const until = Math.min(values.length - 1, Math.floor((since - start) / step))
  const usual = Math.floor(until * USUAL_SHARE)
  const past = Float64Array.from(values.slice(0, usual).filter(measured))
  if (past.length < tuning.calibrationPoints) return undefined
  const { median, sigma } = baselineOf(past, series, tuning)
  const d = worse === 'down' ? -1 : 1
  const isUnusual = (value: number | null | undefined) =>
    measured(value) && sigma > 0 && d * (value - median) >= tuning.referenceSigmas * sigma
  let first: number | undefined
  for (let at = until, usualRun = 0; at >= usual && usualRun <= LONGEST_GAP; at--) {
    if (isUnusual(values[at])) {
      first = at
      usualRun = 0
    } else usualRun++
  }
  // A run that reaches into the first third has no baseline.
  if (first === undefined || first <= usual + LONGEST_GAP || (until - first) * step < LEAST_MINUTES * 60_000)
    return undefined
  return start + first * step
}
