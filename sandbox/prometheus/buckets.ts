/** Upper bounds in seconds. */
export const secondsBounds = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 600] as const

/** How wide latencies spread around their median: with 2.4, nine of ten requests take at most 2.5 medians. */
const shape = 2.4

/**
 * The share of requests at or below each bound, for latencies whose 90th percentile is `p90` (log-logistic). The shares
 * around the 90th percentile are moved so that interpolating inside its bucket, as `histogram_quantile` does, gives
 * back exactly `p90`: a graph of the story must show the story's numbers.
 */
export const sharesAtOrBelow = (p90: number, bounds: readonly number[] = secondsBounds): number[] => {
  const median = p90 / 9 ** (1 / shape)
  const natural = bounds.map((bound) => 1 / (1 + (bound / median) ** -shape))
  const upper = bounds.findIndex((bound) => bound >= p90)
  if (upper === -1) return natural
  const low = upper > 0 ? (bounds[upper - 1] as number) : 0
  const position = (p90 - low) / ((bounds[upper] as number) - low)
  const before = upper > 0 ? (natural[upper - 1] as number) : 0
  const after = natural[upper] as number
  // Both ends must stay between what is possible: nothing below 0, and never quite everything below the upper bound.
  const mass = Math.min(after - before, 0.9 / Math.max(position, 0.05), 0.095 / Math.max(1 - position, 0.05))
  const atLow = upper > 0 ? 0.9 - mass * position : 0
  const atUpper = upper > 0 ? 0.9 + mass * (1 - position) : Math.min(0.9 / position, 1)
  return natural.map((share, i) => {
    if (i < upper) return before > 0 ? share * (atLow / before) : 0
    return 1 - (1 - share) * (after < 1 ? (1 - atUpper) / (1 - after) : 0)
  })
}
