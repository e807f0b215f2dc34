/** Numbers in ascending order. */
export type Sorted = Float64Array

/** Sorted copy. */
export const sorted = (values: ArrayLike<number>): Sorted => new Float64Array(values).sort()

/** Quantile `q` (0-1) with linear interpolation between order statistics (Hyndman and Fan's type 7); NaN of nothing. */
export const quantile = (values: Sorted, q: number): number => {
  if (values.length === 0) return Number.NaN
  const at = q * (values.length - 1)
  const low = Math.floor(at)
  const below = values[low] as number
  const above = values[Math.min(low + 1, values.length - 1)] as number
  return below + (at - low) * (above - below)
}

/** The median. */
export const median = (values: Sorted): number => quantile(values, 0.5)

/** Median of |x - centre|: the deviations of sorted values fall towards the centre and rise again, so they merge without a sort. */
export const medianDeviation = (values: Sorted, centre: number): number => {
  const merged = new Float64Array(values.length)
  let low = 0
  let high = values.length - 1
  for (let i = values.length - 1; i >= 0; i--) {
    const below = Math.abs((values[low] as number) - centre)
    const above = Math.abs((values[high] as number) - centre)
    merged[i] = Math.max(below, above)
    if (below >= above) low++
    else high--
  }
  return median(merged)
}

/** The largest ceil(n/2) values, ascending: a window's worse half. */
export const upperHalf = (values: ArrayLike<number>): Sorted => sorted(values).subarray(Math.floor(values.length / 2))

/** Arithmetic mean; NaN of nothing. */
export const mean = (values: ArrayLike<number>): number => {
  let sum = 0
  for (let i = 0; i < values.length; i++) sum += values[i] as number
  return sum / values.length
}

/** `value` kept within bounds. */
export const clamp = (value: number, low: number, high: number): number => Math.min(high, Math.max(low, value))
