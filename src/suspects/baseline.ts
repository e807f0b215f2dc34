import type { SignalKind } from './input.ts'
import { clamp, mean, median, medianDeviation, quantile, sorted } from './statistics.ts'
import type { Tuning } from './tuning.ts'

/** IQR of a normal distribution in standard deviations. */
const IQR_SIGMA = 1.349
/** Standard deviation of a normal distribution in MADs. */
const MAD_SIGMA = 1.4826

/** What is usual for a series: its middle, and how far a usual value strays from it. */
export type Baseline = { median: number; sigma: number }

/** What the floor of sigma depends on besides the values. */
export type FloorOf = {
  signal: SignalKind
  unit: string
  stepSeconds: number
  /** Usual requests a step of the service, where something counts them. */
  requestsPerStep?: number | undefined
}

/**
 * Robust centre and scale (Huber and Ronchetti, *Robust Statistics*, chapter 5): sigma = max(IQR / 1.349, 1.4826 MAD, floor). An
 * earlier incident may fill a quarter of the past before it moves them.
 */
export const baselineOf = (values: Float64Array, floorOf: FloorOf, tuning: Tuning): Baseline => {
  const ascending = sorted(values)
  const middle = median(ascending)
  const sigma = Math.max(
    (quantile(ascending, 0.75) - quantile(ascending, 0.25)) / IQR_SIGMA,
    MAD_SIGMA * medianDeviation(ascending, middle),
    sigmaFloor(middle, floorOf, tuning),
  )
  // Mostly one value, and that zero, with rare blips: quartiles see nothing, the mean square does.
  return { median: middle, sigma: sigma > 0 ? sigma : rootMeanSquare(ascending, middle) }
}

const rootMeanSquare = (values: Float64Array, middle: number): number =>
  Math.sqrt(mean(values.map((value) => (value - middle) ** 2)))

/**
 * The smallest sigma that is worth a person's attention, in the series' own unit; zero where only the unit's owner
 * could tell.
 */
const sigmaFloor = (
  middle: number,
  { signal, unit, stepSeconds, requestsPerStep }: FloorOf,
  tuning: Tuning,
): number => {
  const relative = tuning.floorShare[signal] * Math.abs(middle)
  if (signal === 'errors') {
    const failing =
      unit === 'percent_ok'
        ? 1 - middle / 100
        : unit === 'percent'
          ? middle / 100
          : unit === 'ratio'
            ? middle
            : undefined
    if (failing !== undefined) return errorFloor(failing, requestsPerStep, tuning) * (unit === 'ratio' ? 1 : 100)
  }
  if (signal === 'traffic') {
    // Requests come one by one: the standard deviation of a Poisson count is its square root.
    if (unit === 'requests_per_step') return Math.max(relative, Math.sqrt(Math.abs(middle)))
    if (unit === 'requests_per_second')
      return Math.max(relative, Math.sqrt(Math.abs(middle) * stepSeconds) / stepSeconds)
  }
  return relative
}

/**
 * Standard error of a share of n requests, by the Agresti-Coull estimate (one failure and one success added, so that no failures in
 * few requests do not look certain); without a count, half a percentage point.
 */
const errorFloor = (failing: number, n: number | undefined, tuning: Tuning): number => {
  if (n === undefined) return tuning.errorFloorPoints / 100
  const share = clamp((failing * n + 1) / (n + 2), 0, 1)
  return Math.max(tuning.errorFloorLeast / 100, Math.sqrt((share * (1 - share)) / (n + 2)))
}
