import type { Sample } from './values.ts'

/** A function of the samples in a window; undefined omits the series. */
type RangeFunction = (samples: readonly Sample[], window: { from: number; to: number }) => number | undefined

/**
 * The increase of a counter (or change of a gauge) over a window. Prometheus: extrapolated to the window's boundaries, by at
 * most half a sample interval where the series starts or ends inside, and never below zero for a counter.
 */
const extrapolated = (samples: readonly Sample[], { from, to }: { from: number; to: number }, counter: boolean) => {
  const first = samples[0]
  const last = samples.at(-1)
  if (!first || !last || samples.length < 2) return undefined
  const rise = last[1] - first[1] + (counter ? lostInResets(samples) : 0)
  const covered = last[0] - first[0]
  const interval = covered / (samples.length - 1)
  const reach = (gap: number) => (gap >= interval * 1.1 ? interval / 2 : gap)
  const sinceZero = counter && rise > 0 && first[1] >= 0 ? covered * (first[1] / rise) : Number.POSITIVE_INFINITY
  const before = Math.min(reach(first[0] - from), sinceZero)
  return rise * ((covered + before + reach(to - last[0])) / covered)
}

/** The sum of a counter's values before each reset. */
const lostInResets = (samples: readonly Sample[]) =>
  samples.reduce((lost, [, value], i) => {
    const previous = samples[i - 1]?.[1] ?? value
    return value < previous ? lost + previous : lost
  }, 0)

/** The change between the last two samples; a counter that decreased has been reset. */
const lastStep = (samples: readonly Sample[], counter: boolean) => {
  const [before, last] = samples.slice(-2)
  if (!before || !last) return undefined
  const rise = counter && last[1] < before[1] ? last[1] : last[1] - before[1]
  return { rise, seconds: (last[0] - before[0]) / 1000 }
}

/** Least-squares slope per second. */
const slope = (samples: readonly Sample[]) => {
  if (samples.length < 2) return undefined
  const seconds = samples.map(([at]) => at / 1000)
  const meanTime = mean(seconds)
  const meanValue = mean(values(samples))
  const covariance = samples.reduce((sum, [at, value]) => sum + (at / 1000 - meanTime) * (value - meanValue), 0)
  const variance = seconds.reduce((sum, at) => sum + (at - meanTime) ** 2, 0)
  return covariance / variance
}

const values = (samples: readonly Sample[]) => samples.map(([, value]) => value)
const mean = (numbers: readonly number[]) => numbers.reduce((sum, value) => sum + value, 0) / numbers.length
const pairs = (samples: readonly Sample[], test: (before: number, after: number) => boolean) =>
  samples.filter(([, value], i) => i > 0 && test(samples[i - 1]?.[1] ?? value, value)).length

const overTime =
  (fold: (values: number[]) => number): RangeFunction =>
  (samples) =>
    samples.length ? fold(values(samples)) : undefined

/** Range functions such as `rate(x[5m])`; the range is the last argument. */
export const rangeFunctions: Record<string, RangeFunction> = {
  rate: (samples, window) => {
    const rise = extrapolated(samples, window, true)
    return rise === undefined ? undefined : rise / ((window.to - window.from) / 1000)
  },
  increase: (samples, window) => extrapolated(samples, window, true),
  delta: (samples, window) => extrapolated(samples, window, false),
  irate: (samples) => {
    const step = lastStep(samples, true)
    return step && step.rise / step.seconds
  },
  idelta: (samples) => lastStep(samples, false)?.rise,
  deriv: slope,
  changes: (samples) => (samples.length ? pairs(samples, (before, after) => before !== after) : undefined),
  resets: (samples) => (samples.length ? pairs(samples, (before, after) => after < before) : undefined),
  avg_over_time: overTime(mean),
  sum_over_time: overTime((all) => all.reduce((sum, value) => sum + value, 0)),
  min_over_time: overTime((all) => Math.min(...all)),
  max_over_time: overTime((all) => Math.max(...all)),
  count_over_time: overTime((all) => all.length),
  last_over_time: overTime((all) => all.at(-1) as number),
  present_over_time: overTime(() => 1),
}

/** Of a sorted copy, interpolated between neighbours, as Prometheus' `quantile` does. */
export const quantile = (q: number, numbers: readonly number[]): number => {
  if (!numbers.length || Number.isNaN(q)) return Number.NaN
  if (q < 0) return Number.NEGATIVE_INFINITY
  if (q > 1) return Number.POSITIVE_INFINITY
  const sorted = [...numbers].sort((a, b) => a - b)
  const rank = q * (sorted.length - 1)
  const low = sorted[Math.floor(rank)] as number
  const high = sorted[Math.ceil(rank)] as number
  return low + (high - low) * (rank - Math.floor(rank))
}
