import type { RankingInput } from '../../src/suspects/input.ts'
import { median, quantile, sorted } from '../../src/suspects/statistics.ts'
import { slice, type Windows } from '../../src/suspects/windows.ts'

/** Names services, most suspect first. */
export type Method = (input: RankingInput) => string[]

/** What both compared methods do: the largest deviation of a service's series ranks it, with no graph and no kinds. */
const byLargestDeviation =
  (centreAndScale: (past: Float64Array) => { centre: number; scale: number }): Method =>
  (input) => {
    const most = new Map<string, number>()
    const whole: Windows = {
      baseline: { from: Math.min(...input.series.map(({ start }) => start)), to: input.alert.since },
      test: { from: input.alert.since, to: input.now },
    }
    for (const series of input.series) {
      const past = slice(series, whole.baseline.from, whole.baseline.to, false).values
      const present = slice(series, whole.test.from, whole.test.to, true).values
      if (past.length === 0 || present.length === 0) continue
      const { centre, scale } = centreAndScale(past)
      // As scikit-learn's scalers do, a scale of zero becomes one.
      const score = Math.max(...present.map((value) => Math.abs(value - centre))) / (scale || 1)
      most.set(series.service, Math.max(most.get(series.service) ?? 0, score))
    }
    return [...most].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)).map(([service]) => service)
  }

/** N-sigma: distance from the mean in standard deviations. */
export const nSigma: Method = byLargestDeviation((past) => {
  const centre = past.reduce((sum, x) => sum + x, 0) / past.length
  const scale = Math.sqrt(past.reduce((sum, x) => sum + (x - centre) ** 2, 0) / past.length)
  return { centre, scale }
})

/** BARO's RobustScorer: distance from the median in interquartile ranges (Pham et al., FSE 2024, arXiv 2405.09330). */
export const robustScorer: Method = byLargestDeviation((past) => {
  const ascending = sorted(past)
  return { centre: median(ascending), scale: quantile(ascending, 0.75) - quantile(ascending, 0.25) }
})
