import type { RankingInput, SignalSeries } from '../../src/suspects/input.ts'

/** A repeatable stream of numbers in [0, 1): mulberry32, so that a bench of today and one of tomorrow rank the same input. */
export const random = (seed: number): (() => number) => {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
}

const KINDS = [
  { metric: 'p90', signal: 'latency', worse: 'up', unit: 'ms' },
  { metric: 'errors', signal: 'errors', worse: 'up', unit: 'percent' },
  { metric: 'requests', signal: 'traffic', worse: 'either', unit: 'requests_per_second' },
  { metric: 'cpu', signal: 'cpu', worse: 'up', unit: 'ratio' },
  { metric: 'memory', signal: 'memory', worse: 'up', unit: 'bytes' },
] as const

/**
 * A large installation: `services` x 5 series of `points` noisy values in a tree of calls, one of them failing at the
 * end.
 */
export const largeInput = (services: number, points: number, seed = 1): RankingInput => {
  const next = random(seed)
  const grid = { start: 0, stepSeconds: 30 }
  const onset = points - 20
  const series = Array.from({ length: services }, (_, i) => i).flatMap((i) =>
    KINDS.map((kind): SignalSeries => {
      const level = 10 + 100 * next()
      const ill = i === services - 1 && kind.signal === 'latency'
      const values = Array.from(
        { length: points },
        (_, t) => level * (1 + 0.2 * (next() - 0.5)) * (ill && t >= onset ? 5 : 1),
      )
      return { ...grid, ...kind, service: `service-${i}`, values }
    }),
  )
  return {
    alert: { service: 'service-0', signal: 'latency', since: onset * 30_000 },
    now: (points - 1) * 30_000,
    edges: Array.from({ length: services - 1 }, (_, i) => ({
      client: `service-${Math.floor(i / 3)}`,
      server: `service-${i + 1}`,
    })),
    series,
    edgeGaps: [],
    virtual: [],
  }
}
