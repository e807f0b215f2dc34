import type { Series } from '../../incident/evidence.ts'

/** The instants a range query is evaluated at, epoch ms: from `start` to `end` in whole `step`s. */
export type Grid = { start: number; end: number; step: number }

const SECOND = 1000
const STEPS = [1, 2, 5, 10, 15, 20, 30, 60, 120, 300, 600, 900, 1200, 1800, 3600, 7200, 14_400, 21_600, 43_200, 86_400]

/** Prometheus refuses a range of more points a line than this ("exceeded maximum resolution"). */
export const MOST_POINTS = 11_000

/**
 * The grid for about `points` points: steps are round, and counted back from `to`, so that the latest value is that of
 * the last requested instant. Never more points than Prometheus allows.
 */
export const gridFor = (from: number, to: number, points = 240): Grid => {
  const range = Math.max(0, to - from)
  const wanted = range / Math.max(1, Math.min(points, MOST_POINTS))
  const step = (STEPS.find((seconds) => seconds * SECOND >= wanted) ?? Math.ceil(wanted / 86_400_000) * 86_400) * SECOND
  return { start: to - Math.floor(range / step) * step, end: to, step }
}

/**
 * Samples laid on the grid. Prometheus leaves out an instant without a sample; here it is a null, or a chart would
 * draw a line across the time when nothing was known. Samples from outside the range are dropped.
 */
export const onGrid = (samples: Series['points'], { start, end, step }: Grid): Series['points'] => {
  const values = new Array<number | null>(Math.round((end - start) / step) + 1).fill(null)
  for (const [time, value] of samples) {
    const index = Math.round((time - start) / step)
    if (index >= 0 && index < values.length) values[index] = value
  }
  return values.map((value, index) => [start + index * step, value])
}
