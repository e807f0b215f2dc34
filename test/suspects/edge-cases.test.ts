import { expect, test } from 'vitest'
import type { SignalSeries } from '../../src/suspects/input.ts'
import { rankSuspects } from '../../src/suspects/rank.ts'
import { AFTER, BEFORE, calls, incident, line, ONSET, STEP, service } from './shop.ts'

const edges = calls('web -> cart')

/** A series with other values, made from the old ones. */
const but = (series: SignalSeries, value: (old: number | null, t: number) => number | null): SignalSeries => ({
  ...series,
  values: series.values.map(value),
})

const scoreOf = (name: string, series: SignalSeries[]): number =>
  rankSuspects(incident({ edges, series: [...service('web'), ...series] })).suspects.find(
    ({ service }) => service === name,
  )?.score ?? 0

test('treats NaN and infinities as gaps', () => {
  const clean = but(line('cart', 'p90', 50, 400), (old, t) => (t % 7 === 0 ? null : old))
  const odd = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]
  const dirty = but(line('cart', 'p90', 50, 400), (old, t) => (t % 7 === 0 ? (odd[t % 3] as number) : old))
  expect(scoreOf('cart', [dirty])).toBe(scoreOf('cart', [clean]))
  expect(scoreOf('cart', [clean])).toBeGreaterThan(2)
})

test('reports "no data" for a service whose series are all missing, never "healthy"', () => {
  const missing = but(line('cart', 'p90', 50), () => null)
  const { unread, read } = rankSuspects(incident({ edges, series: [...service('web'), missing] }))
  expect(unread).toEqual([{ service: 'cart', status: 'no data', latest: [] }])
  expect(read).toEqual({ series: 3, of: 4 })
})

test('does not judge a series by three points of history', () => {
  const short = but(line('cart', 'p90', 50, 400), (old, t) => (t < 3 || t >= BEFORE ? old : null))
  expect(rankSuspects(incident({ edges, series: [...service('web'), short] })).read.series).toBe(3)
})

test('shows the values of a new service without judging it', () => {
  const born = but(line('cart', 'p90', 50, 400), (old, t) => (t < BEFORE ? null : old))
  const { unread, suspects } = rankSuspects(incident({ edges, series: [...service('web'), born] }))
  expect(unread).toMatchObject([{ service: 'cart', status: 'new', latest: [{ metric: 'p90', unit: 'ms' }] }])
  expect(suspects.some(({ service }) => service === 'cart')).toBe(false)
})

test('treats missing data as a signal only where the service is proven to be down', () => {
  const ended = service('cart').map((series) => but(series, (old, t) => (t < BEFORE ? old : null)))
  const input = incident({ edges, series: [...service('web'), ...ended] })
  expect(rankSuspects(input).unread).toMatchObject([{ service: 'cart', status: 'silent' }])
  expect(rankSuspects(input).label).toBe('no clear suspect')
  const [first] = rankSuspects({ ...input, down: ['cart'] }).suspects
  expect(first).toMatchObject({ service: 'cart', label: 'likely', status: 'silent' })
  expect(first?.signals[0]).toMatchObject({ now: null, direction: 'down' })
})

test('a service that is down explains the failures and the waits of its callers', () => {
  const failing = [...service('web'), ...service('shop', { errors: 40 }), line('shop', 'queue depth', 2, 9)]
  const input = incident({
    edges: calls('web -> shop -> db'),
    series: failing,
  })
  expect(rankSuspects(input).suspects[0]).toMatchObject({ service: 'shop' })
  const { suspects, label } = rankSuspects({ ...input, down: ['db'] })
  expect(suspects.slice(0, 2)).toMatchObject([
    { service: 'db', signals: [{ kind: 'silence', metric: 'up', baseline: 1, now: 0 }] },
    { service: 'shop', explainedBy: { service: 'db' } },
  ])
  expect(label).toBe('likely')
})

test('a service that is down is no suspect where nobody misses it', () => {
  const calm = ['web', 'shop', 'batch'].flatMap((name) => service(name))
  const input = incident({
    edges: calls('web -> shop -> batch'),
    series: calm,
    down: ['batch'],
  })
  expect(rankSuspects(input).label).toBe('no clear suspect')
})

test.each([0, 7])('handles a constant series of %d without suspecting its service', (value) => {
  const constant = but(line('cart', 'cpu', 1), () => value)
  const { read, suspects } = rankSuspects(incident({ edges, series: [...service('web'), constant] }))
  expect(read).toEqual({ series: 4, of: 4 })
  expect(suspects.map(({ service }) => service)).not.toContain('cart')
})

test('caps a change from zero: one stray request on an idle service is not an incident', () => {
  const stray = but(line('cart', 'requests', 1), (_, t) => (t === BEFORE + 3 ? 1 : 0))
  const stream = but(line('cart', 'queue depth', 1), (_, t) => (t >= BEFORE ? 1e9 : 0))
  expect(scoreOf('cart', [stray])).toBeLessThan(0.5)
  expect(scoreOf('cart', [stream])).toBeLessThanOrEqual(2)
  expect(scoreOf('cart', [stream])).toBeGreaterThan(1.9)
})

test('judges a change of a constant series by absolute thresholds', () => {
  const jump = (to: number) => [but(line('cart', 'cpu', 1), (_, t) => (t < BEFORE ? 0.5 : to))]
  expect(scoreOf('cart', jump(0.52))).toBeLessThan(0.5)
  expect(scoreOf('cart', jump(0.9))).toBeGreaterThan(2)
})

test('weighs errors by the number of requests', () => {
  const failing = (requests: number) => [line('cart', 'requests', requests), line('cart', 'errors', 0.1, 4)]
  expect(scoreOf('cart', failing(0.02))).toBeLessThan(0.5)
  expect(scoreOf('cart', failing(100))).toBeGreaterThan(2)
})

test('weighs latency by the number of requests', () => {
  const slow = (requests: number) => [line('cart', 'requests', requests), line('cart', 'p90', 50, 300)]
  expect(scoreOf('cart', slow(0.001))).toBeLessThan(1)
  expect(scoreOf('cart', slow(10))).toBeGreaterThan(2)
})

test('requires percentiles of one latency to agree: the outermost alone covers a handful of requests', () => {
  const percentiles = (p50: number, p90: number, p99: number): SignalSeries[] => [
    { ...line('cart', 'p90', 20, p50), metric: 'p50' },
    line('cart', 'p90', 50, p90),
    { ...line('cart', 'p90', 100, p99), metric: 'p99' },
  ]
  expect(scoreOf('cart', percentiles(20, 50, 900))).toBeLessThan(1)
  expect(scoreOf('cart', percentiles(100, 300, 900))).toBeGreaterThan(2)
})

test('counts one huge spike as one point, and half a window of deviation as trouble', () => {
  const spike = but(line('cart', 'cpu', 0.2), (old, t) => (t === BEFORE + 5 ? 1e6 : old))
  const half = but(line('cart', 'cpu', 0.2), (old, t) => (t >= BEFORE && t < BEFORE + AFTER / 2 ? 0.9 : old))
  expect(scoreOf('cart', [spike])).toBeLessThan(1)
  expect(scoreOf('cart', [half])).toBeGreaterThan(2)
})

test('ignores an excursion that the series makes repeatedly', () => {
  const often = (now: number) =>
    but(line('cart', 'cpu', 0.2), (old, t) => (t % 40 < 10 && t < BEFORE ? 0.8 : t >= BEFORE ? now : old))
  expect(scoreOf('cart', [often(0.8)])).toBeLessThan(1.5)
  expect(scoreOf('cart', [line('cart', 'cpu', 0.2, 0.8)])).toBeGreaterThan(2)
})

test('tolerates one earlier incident in the history: it must not become the baseline', () => {
  const again = but(line('cart', 'cpu', 0.2), (old, t) => ((t >= 40 && t < 50) || t >= BEFORE ? 0.9 : old))
  expect(scoreOf('cart', [again])).toBeGreaterThan(2)
})

test('treats what happened at the same time yesterday as usual, and no more than that', () => {
  const backup = (today: number): SignalSeries => ({
    ...line('cart', 'cpu', 0.2, today),
    dayBefore: line('cart', 'cpu', 0.21, 0.8).values,
  })
  expect(scoreOf('cart', [backup(0.8)])).toBeLessThan(0.5)
  expect(scoreOf('cart', [backup(2.4)])).toBeGreaterThan(2)
  expect(scoreOf('cart', [{ ...backup(0.8), dayBefore: [] }])).toBeGreaterThan(2)
})

test('ranks what it can when nothing could be read', () => {
  const { suspects, label, read } = rankSuspects(incident({ series: [] }))
  expect(label).toBe('no clear suspect')
  expect(suspects).toMatchObject([{ service: 'web', score: 0, signals: [] }])
  expect(read).toEqual({ series: 0, of: 0 })
})

test('names the network of a service whose calls all lose time, not the neighbours at the other ends', () => {
  const gap = (client: string, server: string, now: number) => ({ ...line(client, 'p90', 8, now), client, server })
  const input = incident({
    edges: calls('web -> cart', 'web -> user', 'web -> payment -> bank', 'payment -> ledger'),
    series: ['web', 'cart', 'user', 'payment', 'bank', 'ledger'].flatMap((name) => service(name)),
    edgeGaps: [
      gap('web', 'cart', 8),
      gap('web', 'user', 8),
      gap('web', 'payment', 300),
      gap('payment', 'bank', 300),
      gap('payment', 'ledger', 300),
    ],
  })
  const { suspects, label } = rankSuspects(input)
  expect(suspects[0]).toMatchObject({ service: 'payment', signals: [{ kind: 'network', unit: 'ms' }] })
  expect(label).toBe('likely')
})

test('combines coarse and fine series, each on its own grid', () => {
  const coarse: SignalSeries = {
    ...line('cart', 'p90', 50),
    stepSeconds: 300,
    start: ONSET - 12 * 300_000,
    values: [...Array.from({ length: 12 }, (_, t) => 50 + (t % 3)), 400, 410],
  }
  expect(scoreOf('cart', [coarse])).toBeGreaterThan(2)
  expect((BEFORE * STEP) / 300).toBe(12)
})
