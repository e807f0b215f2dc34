import { type Baseline, baselineOf } from './baseline.ts'
import type { SignalSeries } from './input.ts'
import { mean, upperHalf } from './statistics.ts'
import type { Tuning } from './tuning.ts'
import { measured, slice, type Windows } from './windows.ts'

/** How far one series has left its usual range. */
export type SeriesScore = {
  series: SignalSeries
  /** 0-6; 1 is the edge of what the series itself has shown before. */
  score: number
  direction: 'up' | 'down'
  /** Median of the baseline, in the series' unit. */
  baseline: number
  /** Baseline plus the mean shift of the worse half of the test window. */
  now: number
  /** The value farthest from the baseline since the onset, in the direction of the shift: what a graph shows. */
  worst: number
  /** That shift in the direction that hurts, in the series' unit; negative when it got better. */
  delta: number
  /** Epoch ms of the first value of the unusual run that reaches the test window. */
  since?: number | undefined
}

/** Too few points: no statement is possible, which is not the same as healthy. */
export type Unscored = { series: SignalSeries; unscored: 'new' | 'silent' | 'no data' }

/**
 * How far values have shifted in direction d (1: rising hurts, -1: falling does), and by how much in their own unit.
 *
 * z_t = d (x_t - median) / sigma.
 * W = 3 (2^m - 1), m the mean of min(6, log2(1 + max(0, z) / 3)) over the largest half of z in the test window: evidence is
 * averaged, not excess, so that one huge spike stays one point's worth and a sustained shift counts in full.
 * A = W / reference; the reference is 3 (more where the baseline is short) or what the series has shown before, if that is higher.
 * score = min(6, log2(1 + max(0, A))).
 */
export const scoreShift = (
  { baseline, test, usual, d }: { baseline: Float64Array; test: Float64Array; usual: Baseline; d: 1 | -1 },
  tuning: Tuning,
): { score: number; delta: number } => {
  // A sigma of zero remains only where the history was nothing but zeros.
  const sigma = usual.sigma > 0 ? usual.sigma : largest(test) / tuning.fromZeroSigmas
  const reference = referenceOf(evidenceOf(baseline, usual.median, sigma, d, tuning), test.length, tuning)
  const strayed = excursion(evidenceOf(test, usual.median, sigma, d, tuning), tuning)
  const worse = upperHalf(d === 1 ? test : test.map((value) => -value))
  return {
    score: Math.min(tuning.scoreMax, Math.log2(1 + strayed / reference)),
    delta: mean(worse) - d * usual.median,
  }
}

/** Scores one series against its own past; where either direction may hurt, the one it went further in. */
export const scoreSeries = (
  series: SignalSeries,
  windows: Windows,
  tuning: Tuning,
  requestsPerStep?: number,
): SeriesScore | Unscored => {
  const baseline = slice(series, windows.baseline.from, windows.baseline.to, false).values
  const test = slice(series, windows.test.from, windows.test.to, true).values
  if (baseline.length < tuning.baselinePoints) {
    return { series, unscored: baseline.length === 0 && test.length > 0 ? 'new' : 'no data' }
  }
  if (test.length === 0) return { series, unscored: 'silent' }
  const { signal, unit, stepSeconds } = series
  const usual = baselineOf(baseline, { signal, unit, stepSeconds, requestsPerStep }, tuning)
  const [best] = DIRECTIONS[series.worse]
    .map((d) => ({ d, ...scoreShift({ baseline, test, usual, d }, tuning) }))
    .sort((a, b) => b.score - a.score)
  const { d, score: today, delta } = best as { d: 1 | -1; score: number; delta: number }
  const score = Math.min(today, scoreAgainstDayBefore(series, test, windows, d, tuning))
  return {
    series,
    score,
    direction: d === 1 ? 'up' : 'down',
    baseline: usual.median,
    now: usual.median + d * delta,
    worst: d * farthest(slice(series, windows.test.from, Number.POSITIVE_INFINITY, false).values, d),
    delta,
    since: score > 0 ? unusualSince(series, windows, usual, d, tuning) : undefined,
  }
}

/** How far the test window strays from the same minutes of the day before; no bound where those are unknown or too few. */
const scoreAgainstDayBefore = (
  { dayBefore, start, signal, unit, stepSeconds }: SignalSeries,
  test: Float64Array,
  windows: Windows,
  d: 1 | -1,
  tuning: Tuning,
): number => {
  const earlier = slice(
    { start, stepSeconds, values: dayBefore ?? [] },
    windows.test.from,
    windows.test.to,
    true,
  ).values
  if (earlier.length < tuning.baselinePoints) return Number.POSITIVE_INFINITY
  const usual = baselineOf(earlier, { signal, unit, stepSeconds }, tuning)
  return scoreShift({ baseline: earlier, test, usual, d }, tuning).score
}

const DIRECTIONS = { up: [1], down: [-1], either: [1, -1] } as const

const farthest = (values: Float64Array, d: 1 | -1): number =>
  values.reduce((most, value) => Math.max(most, d * value), Number.NEGATIVE_INFINITY)

const largest = (values: Float64Array): number => values.reduce((most, value) => Math.max(most, Math.abs(value)), 0)

/** The score of each value by itself: min(6, log2(1 + max(0, z) / 3)). */
const evidenceOf = (values: Float64Array, middle: number, sigma: number, d: 1 | -1, tuning: Tuning): Float64Array => {
  const { referenceSigmas, scoreMax } = tuning
  if (!(sigma > 0)) return new Float64Array(values.length)
  return values.map((value) => {
    const z = (d * (value - middle)) / sigma
    return z > 0 ? Math.min(scoreMax, Math.log2(1 + z / referenceSigmas)) : 0
  })
}

/** W: how far a window deviates, in sigmas. */
const excursion = (evidence: Float64Array, { referenceSigmas }: Tuning): number =>
  referenceSigmas * (2 ** mean(upperHalf(evidence)) - 1)

/**
 * Number of adjacent windows the history must hold; where the test window is too long for that, shorter ones are
 * compared.
 */
const PAST_WINDOWS = 6

/**
 * A bound of W that needs no sorting: most windows of a quiet history lie below every reference and need no exact
 * value.
 */
const atMost = (evidence: Float64Array, { referenceSigmas }: Tuning): number =>
  referenceSigmas * (2 ** ((mean(evidence) * evidence.length) / Math.ceil(evidence.length / 2)) - 1)

/**
 * The reference for this series: a history of frequent excursions raises it, a quiet one leaves it at 3 sigmas. History
 * windows are as long as the test window and overlap by half. Only a recurring excursion counts: the highest may have
 * been an incident, so the second of separate ones is used.
 */
const referenceOf = (evidence: Float64Array, length: number, tuning: Tuning): number => {
  const least = studentSigmas(tuning.referenceSigmas, evidence.length - 1)
  if (evidence.length < tuning.calibrationPoints) return least
  const long = Math.max(1, Math.min(length, Math.floor(evidence.length / PAST_WINDOWS)))
  const hop = Math.max(1, Math.floor(long / 2))
  const past: number[] = []
  for (let i = 0; i + long <= evidence.length; i += hop) {
    const window = evidence.subarray(i, i + long)
    past.push(atMost(window, tuning) <= least ? 0 : excursion(window, tuning))
  }
  return Math.max(least, recurringPeak(past, tuning.referenceRank))
}

/**
 * The quantile of Student's distribution with `freedom` degrees that lies where `z` lies in the normal one (Fisher's expansion,
 * Abramowitz and Stegun 26.7.5): sigma was estimated from so few values that three of it prove less.
 */
const studentSigmas = (z: number, freedom: number): number =>
  z +
  (z ** 3 + z) / (4 * freedom) +
  (5 * z ** 5 + 16 * z ** 3 + 3 * z) / (96 * freedom ** 2) +
  (3 * z ** 7 + 19 * z ** 5 + 17 * z ** 3 - 15 * z) / (384 * freedom ** 3)

/** Windows on either side of a peak that belong to the same excursion. */
const SAME_EXCURSION = 3

/** The rank-th highest peak of separate excursions, 0 where there were fewer. */
const recurringPeak = (past: number[], rank: number): number => {
  const left = [...past]
  let peak = 0
  for (let found = 0; found < rank; found++) {
    peak = Math.max(...left)
    const at = left.indexOf(peak)
    left.fill(Number.NEGATIVE_INFINITY, Math.max(0, at - SAME_EXCURSION), at + SAME_EXCURSION + 1)
  }
  return Math.max(0, peak)
}

/** The start of the run of unusual values that reaches the test window; it may begin inside the guard gap. */
const unusualSince = (
  { start, stepSeconds, values }: SignalSeries,
  windows: Windows,
  { median, sigma }: Baseline,
  d: 1 | -1,
  tuning: Tuning,
): number | undefined => {
  const step = stepSeconds * 1000
  const unusual = (i: number) => {
    const value = values[i]
    const stray = measured(value) ? d * (value - median) : 0
    return stray > 0 && stray >= tuning.referenceSigmas * sigma
  }
  const first = Math.max(0, Math.ceil((windows.test.from - start) / step))
  const last = Math.min(values.length - 1, Math.floor((windows.test.to - start) / step))
  let at = first
  while (at <= last && !unusual(at)) at++
  if (at > last) return undefined
  while (at > 0 && start + (at - 1) * step >= windows.baseline.to && unusual(at - 1)) at--
  return start + at * step
}
