/** A quantity as a function of story time: milliseconds since the story began, negative before. */
export type Signal = (storyMs: number) => number

/** Story time in ms. */
export const minutes = (count: number, seconds = 0) => count * 60_000 + seconds * 1000
export const hours = (count: number) => count * 3_600_000
export const days = (count: number) => count * 86_400_000

/** A constant. */
export const steady =
  (value: number): Signal =>
  () =>
    value

/** Linear interpolation through `[minute, value]` points in time order; constant before the first and after the last. */
export const through =
  (...points: readonly (readonly [minute: number, value: number])[]): Signal =>
  (storyMs) => {
    const minute = storyMs / 60_000
    const next = points.findIndex(([at]) => at > minute)
    const before = points[next === -1 ? points.length - 1 : next - 1]
    const after = points[next === -1 ? points.length - 1 : next]
    if (!before || !after) return (after ?? before)?.[1] ?? 0
    if (before === after) return before[1]
    return before[1] + ((after[1] - before[1]) * (minute - before[0])) / (after[0] - before[0])
  }

/** Adds seeded noise of at most `ratio` of the value: a story shows the same graphs every time. */
export const noisy =
  (signal: Signal, seed: string, ratio = 0.05): Signal =>
  (storyMs) =>
    signal(storyMs) * (1 + ratio * noise(seed, storyMs))

/** Combines signals point by point. */
export const combine =
  (fold: (...values: number[]) => number, ...signals: Signal[]): Signal =>
  (storyMs) =>
    fold(...signals.map((signal) => signal(storyMs)))

/** The signal times a constant. */
export const times = (factor: number, signal: Signal): Signal => combine((value) => factor * value, signal)

/** Noise between -1 and 1, rarely near either; changes with every scrape. */
const noise = (seed: string, storyMs: number) => {
  const scrape = Math.floor(storyMs / 15_000)
  return (fraction(`${seed}/a`, scrape) + fraction(`${seed}/b`, scrape)) / 2
}

/** A number between -1 and 1 from a seed and an index: FNV-1a over the seed, then a 32-bit finalizer. */
const fraction = (seed: string, index: number) => {
  let hash = 2_166_136_261
  for (let i = 0; i < seed.length; i++) hash = Math.imul(hash ^ seed.charCodeAt(i), 16_777_619)
  hash = Math.imul(hash ^ index, 2_246_822_507)
  hash = Math.imul(hash ^ (hash >>> 13), 3_266_489_909)
  hash ^= hash >>> 16
  return (hash >>> 0) / 2_147_483_648 - 1
}
