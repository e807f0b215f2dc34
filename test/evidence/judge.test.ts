import { expect, test } from 'vitest'
import { choose } from '../../src/evidence/choose.ts'
import { judge } from '../../src/evidence/judge.ts'
import type { ChartSnapshot } from '../../src/incident/evidence.ts'

const MINUTE = 60_000
const at = Date.UTC(2026, 10, 21, 3, 0)
const span = { at, from: at - 60 * MINUTE, to: at + 10 * MINUTE }

/** Six hours and ten minutes of a line, one value in 30 s; `value` takes minutes since the alert. */
const chart = (
  title: string,
  value: (minute: number) => number | null,
  more: Partial<ChartSnapshot> = {},
): ChartSnapshot => ({
  kind: 'chart',
  source: 'prometheus',
  title,
  query: title,
  unit: 's',
  notes: [],
  worse: 'up',
  signal: 'latency',
  from: at - 360 * MINUTE,
  to: span.to,
  series: [
    {
      name: title,
      labels: {},
      points: Array.from({ length: 741 }, (_, i) => at - 360 * MINUTE + i * 30_000).map((time) => [
        time,
        value((time - at) / MINUTE),
      ]),
    },
  ],
  ...more,
})
/** A wobble that repeats itself, within 3 % of the value. */
const about = (value: number, minute: number) => value * (1 + 0.03 * Math.sin(minute * 1.7))
const judged = (one: ChartSnapshot) => judge([one], span, ['web'])[0] as ChartSnapshot

test('a jump is unusual, with the value before, the peak and its time, and the latest value', () => {
  const found = judged(chart('P90', (m) => (m < 0 ? about(1, m) : m === 4 ? 264 : m < 8 ? 9 : 1)))
  expect(found.score).toBeGreaterThan(3)
  expect(found).toMatchObject({ peak: { at: at + 4 * MINUTE, value: 264 }, now: 1 })
  expect(found.before).toBeCloseTo(1, 1)
})

test('normal fluctuation is usual', () => {
  expect(judged(chart('P90', (m) => about(1, m))).score).toBeLessThan(1)
})

test('the baseline is a calm hour, even when the trouble began hours before anybody noticed', () => {
  // Climbs for three hours, then stays at the top for an hour before the alert.
  const found = judged(chart('P90', (m) => about(m < -240 ? 0.5 : m < -70 ? 0.5 + (m + 240) / 20 : 9, m)))
  expect(found.before).toBeCloseTo(0.5, 1)
  expect(found.now).toBeGreaterThan(8)
  expect(found.score).toBeGreaterThan(2)
  expect(found.calm?.to).toBeLessThanOrEqual(at - 200 * MINUTE)
  // The calm hour is on the picture.
  expect(found.from).toBe(found.calm?.from)
})

test('a series that was never calm is reported as having no calm hour', () => {
  expect(judged(chart('P90', (m) => 10 + m / 30)).calm).toBeNull()
})

test('traffic at twice its night-time level is usual', () => {
  const traffic = { signal: 'traffic', worse: 'either', unit: 'req/s' } as const
  const found = judged(chart('Requests', (m) => about(m < -180 ? 50 : 160, m), traffic))
  expect(found.before).toBeCloseTo(160, -1)
})

test('a falling hit ratio is scored by its misses', () => {
  const hits = { signal: 'saturation', worse: 'down', unit: '%' } as const
  const found = judged(chart('Hits', (m) => (m < -2 ? 97 + 0.3 * Math.sin(m) : 60 - m), hits))
  expect(found.score).toBeGreaterThan(3)
  expect(found).toMatchObject({ now: 50 })
  expect(found.peak).toBeUndefined()
})

test('a failure series that is new is unusual; any other new series is not', () => {
  const late = (m: number) => (m < 0 ? null : 3)
  expect(judged(chart('Errors', late, { signal: 'errors', unit: '/s' })).score).toBeGreaterThan(1)
  expect(judged(chart('Pods', late, { signal: 'other', unit: 'pods' })).score).toBe(0)
})

test('a series that ended when the trouble began is worth showing', () => {
  expect(judged(chart('Requests', (m) => (m < 0 ? about(100, m) : null))).score).toBeGreaterThan(1)
})

test('draws one hour before and no more, with six significant digits', () => {
  const found = judged(chart('P90', (m) => (m < 0 ? about(1 / 3, m) : 9)))
  expect(found.series[0]?.points[0]?.[0]).toBeGreaterThanOrEqual(span.from - 5 * MINUTE)
  expect(found.series[0]?.points.every(([, value]) => String(value).length <= 8)).toBe(true)
})

const scored = (title: string, score: number, more: Partial<ChartSnapshot> = {}) => ({
  ...chart(title, () => 1),
  score,
  before: 1,
  now: 2,
  ...more,
})
const isAlerting = (service: string | undefined) => service === 'web'

test('draws the four that moved most, and no service crowds out the others', () => {
  const charts = [
    ...['a', 'b', 'c', 'd'].map((title, i) => scored(title, 5 - i / 10, { service: 'web' })),
    scored('connections', 3, { service: 'mysql', signal: 'saturation' }),
    scored('quiet', 0.4, { service: 'mysql' }),
    scored('mysql latency', 1.2, { service: 'mysql' }),
  ]
  const { shown, also, usual } = choose(charts, { most: 4, isAlerting })
  expect(shown.map(({ title }) => title)).toEqual(['a', 'b', 'c', 'connections'])
  expect(also.map(({ title }) => title)).toEqual(['d'])
  expect(usual.map(({ title }) => title)).toEqual(['quiet', 'mysql latency'])
})

test('an exhausted resource comes before the latency it explains', () => {
  const full = scored('connections', 2, { service: 'mysql', signal: 'saturation', limit: 100, before: 40, now: 100 })
  const slow = scored('latency', 4, { service: 'ratings' })
  expect(choose([slow, full], { most: 1, isAlerting }).shown).toEqual([full])
})

test('draws what an alert fired on even when it looks usual', () => {
  const own = scored('alert', 0, { alerts: true, service: 'web' })
  expect(choose([scored('x', 6, { service: 'web' }), own], { most: 4, isAlerting }).shown[0]).toBe(own)
})
