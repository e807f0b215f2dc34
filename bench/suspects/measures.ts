/** Where the true service stood in each case's list: 1 is first, Infinity is absent. */
export type Accuracy = { cases: number; ac1: number; ac3: number; ac5: number; avg5: number }

/** AC@k = share of cases whose true service is among the first k; Avg@5 = mean of AC@1 ... AC@5. */
export const accuracyOf = (positions: readonly number[]): Accuracy => {
  const ac = (k: number) => positions.filter((position) => position <= k).length / positions.length
  return {
    cases: positions.length,
    ac1: ac(1),
    ac3: ac(3),
    ac5: ac(5),
    avg5: (ac(1) + ac(2) + ac(3) + ac(4) + ac(5)) / 5,
  }
}

/** Counted from 1. */
export const positionOf = (services: readonly string[], truth: string): number => {
  const index = services.indexOf(truth)
  return index < 0 ? Number.POSITIVE_INFINITY : index + 1
}

/** Milliseconds of each of `times` runs, the first fifth left out as warm-up. */
export const timed = (times: number, run: () => unknown): { median: number; p95: number } => {
  const took: number[] = []
  for (let i = 0; i < times; i++) {
    const start = performance.now()
    run()
    took.push(performance.now() - start)
  }
  const warm = took.slice(Math.ceil(times / 5)).sort((a, b) => a - b)
  const at = (share: number) => warm[Math.floor(warm.length * share)] ?? Number.NaN
  return { median: at(0.5), p95: at(0.95) }
}
