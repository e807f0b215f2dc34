import { baselineOf } from './baseline.ts'
import type { RankingInput, SignalSeries } from './input.ts'
import type { Tuning } from './tuning.ts'
import { measured, slice, type Windows, windowsAt } from './windows.ts'

/**
 * The first instant considered abnormal for an alert that fired: it waited out its rule's `for`, and was evaluated up
 * to a step late.
 */
export const believedStart = (
  firedAt: number,
  { forSeconds = 0, stepSeconds }: { forSeconds?: number; stepSeconds: number },
): number => firedAt - (forSeconds + stepSeconds) * 1000

/**
 * Where the test window begins. Alerts are delayed by the rule's `for`, by evaluation and by their own smoothing;
 * walking back from the alert while one of the alerting service's own series of that kind stays beyond 3 sigmas finds
 * the true start, at most 20 minutes earlier.
 */
export const windowsOf = (input: RankingInput, tuning: Tuning): Windows => {
  const from = input.series.reduce((first, { start }) => Math.min(first, start), input.alert.since)
  const finest = input.series.reduce((least, { stepSeconds }) => Math.min(least, stepSeconds), Number.POSITIVE_INFINITY)
  const stepMs = Number.isFinite(finest) ? finest * 1000 : 0
  const grid = { from, now: input.now, stepMs }
  const first = windowsAt(input.alert.since, grid, tuning)
  const earliest = Math.max(first.baseline.to, input.alert.since - tuning.walkBackMinutes * 60_000)
  const starts = input.series
    .filter((series) => alertsOn(series, input.alert))
    .map((series) => runStart(series, first, earliest, tuning))
  return windowsAt(Math.min(input.alert.since, ...starts), grid, tuning)
}

const alertsOn = ({ service, signal }: SignalSeries, alert: RankingInput['alert']): boolean =>
  service === alert.service &&
  (alert.signal === null ? signal === 'latency' || signal === 'errors' : signal === alert.signal)

/** The start of the unbroken run of unusual values that the alert's moment ends, or that moment. */
const runStart = (series: SignalSeries, windows: Windows, earliest: number, tuning: Tuning): number => {
  const past = slice(series, windows.baseline.from, windows.baseline.to, false).values
  if (past.length < tuning.calibrationPoints) return windows.test.from
  const { median, sigma } = baselineOf(past, series, tuning)
  const step = series.stepSeconds * 1000
  const d = series.worse === 'down' ? -1 : 1
  let at = Math.ceil((windows.test.from - series.start) / step)
  const unusual = (i: number) => {
    const value = series.values[i]
    return measured(value) && sigma > 0 && d * (value - median) >= tuning.referenceSigmas * sigma
  }
  while (at > 0 && series.start + (at - 1) * step >= earliest && unusual(at - 1)) at--
  return Math.min(windows.test.from, series.start + at * step)
}
