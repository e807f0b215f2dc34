import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { RankingInput, SignalSeries } from '../../src/suspects/input.ts'
import { rankSuspects } from '../../src/suspects/rank.ts'
import { BEFORE, calls, incident, line, ONSET, service } from './shop.ts'

const NAMES = ['web', 'cart', 'user', 'mysql', 'redis']
const METRICS = ['p90', 'cpu', 'connections', 'hit ratio', 'requests', 'errors']

/** Any small incident: which series of which service went to which multiple of its usual level. */
const incidents = fc
  .record({
    changes: fc.array(
      fc.tuple(fc.constantFrom(...NAMES), fc.constantFrom(...METRICS), fc.double({ min: 0.1, max: 20, noNaN: true })),
      { maxLength: 6 },
    ),
    signal: fc.constantFrom('latency' as const, 'errors' as const, null),
    graph: fc.boolean(),
  })
  .map(({ changes, signal, graph }): RankingInput => {
    const series = NAMES.flatMap((name) =>
      METRICS.map((metric) => {
        const factor = changes.findLast(([who, what]) => who === name && what === metric)?.[2] ?? 1
        return line(name, metric, 10, 10 * factor)
      }),
    )
    const edges = graph ? calls('web -> cart -> redis', 'web -> user -> mysql', 'cart -> mysql') : []
    return incident({ series, edges, alert: { service: 'web', signal, since: ONSET } })
  })

const order = (input: RankingInput) =>
  rankSuspects(input).suspects.map(({ service, score, label }) => ({ service, score: Number(score.toFixed(6)), label }))

const shuffled = <T>(items: readonly T[], keys: readonly number[]): T[] =>
  items
    .map((item, i) => ({ item, key: keys[i % keys.length] ?? 0, i }))
    .sort((a, b) => a.key - b.key || b.i - a.i)
    .map(({ item }) => item)

test('does not depend on the unit of a series with an unknown unit', () => {
  fc.assert(
    fc.property(
      incidents,
      fc.constantFrom(0.001, 0.25, 60, 1024 ** 2),
      fc.constantFrom('p90', 'cpu', 'connections'),
      (input, factor, metric) => {
        const scale = (series: SignalSeries): SignalSeries =>
          series.metric === metric
            ? { ...series, unit: 'raw', values: series.values.map((value) => value && value * factor) }
            : series
        const plain = (series: SignalSeries): SignalSeries =>
          series.metric === metric ? { ...series, unit: 'raw' } : series
        expect(order({ ...input, series: input.series.map(scale) })).toEqual(
          order({ ...input, series: input.series.map(plain) }),
        )
      },
    ),
    { numRuns: 40 },
  )
})

test('does not depend on the order of series and edges', () => {
  fc.assert(
    fc.property(incidents, fc.array(fc.integer(), { minLength: 1, maxLength: 40 }), (input, keys) => {
      const other = { ...input, series: shuffled(input.series, keys), edges: shuffled(input.edges, keys) }
      expect(rankSuspects(other)).toEqual(rankSuspects(input))
    }),
    { numRuns: 40 },
  )
})

test('keeps its order when a healthy service is added', () => {
  fc.assert(
    fc.property(incidents, fc.boolean(), (input, linked) => {
      const joined = {
        ...input,
        series: [...input.series, ...service('assets')],
        edges: linked && input.edges.length > 0 ? [...input.edges, ...calls('web -> assets')] : input.edges,
      }
      const names = (list: { service: string }[]) =>
        list.map(({ service }) => service).filter((name) => name !== 'assets')
      expect(names(order(joined))).toEqual(names(order(input)))
    }),
    { numRuns: 40 },
  )
})

test('names somebody as likely on at most 2 % of quiet data, however long the history', () => {
  const noise = fc.array(fc.double({ min: 0.8, max: 1.2, noNaN: true }), { minLength: 37, maxLength: 37 })
  const points = fc.integer({ min: 20, max: 4 * BEFORE })
  const stride = fc.integer({ min: 1, max: 36 })
  // A share of fixed samples: noise that looks like trouble exists, and a search for it would find some one day.
  const samples = fc.sample(fc.tuple(noise, points, stride), { numRuns: 300, seed: 2026 })
  const labels = samples.map(([draws, points, stride]) => {
    const series = NAMES.flatMap((name, n) =>
      METRICS.map((metric, m): SignalSeries => {
        const shape = line(name, metric, 10)
        const values = Array.from(
          { length: points + 20 },
          (_, t) => 10 * (draws[(t * stride + 7 * n + 3 * m) % 37] ?? 1),
        )
        return { ...shape, values }
      }),
    )
    const since = points * 30_000
    const quiet = incident({
      series,
      edges: calls('web -> cart'),
      now: since + 19 * 30_000,
      alert: { service: 'web', signal: null, since },
    })
    return rankSuspects(quiet).label
  })
  expect(labels).toHaveLength(300)
  expect(labels.filter((label) => label === 'likely').length).toBeLessThanOrEqual(6)
})

test('scores between 0 and 1.3 times the cap, best first, with at most one likely', () => {
  fc.assert(
    fc.property(incidents, (input) => {
      const { suspects } = rankSuspects(input)
      const scores = suspects.map(({ score }) => score)
      expect(scores).toEqual([...scores].sort((a, b) => b - a))
      for (const score of scores) expect(score >= 0 && score <= 6 * 1.3).toBe(true)
      expect(suspects.slice(1).every(({ label }) => label !== 'likely')).toBe(true)
      expect(suspects.every(({ signals }) => signals.length <= 3)).toBe(true)
    }),
    { numRuns: 40 },
  )
})
