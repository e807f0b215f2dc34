import fc from 'fast-check'
import { expect, test } from 'vitest'
import { withMoment } from '../../src/incident/chart-moment.ts'
import { downsample } from '../../src/incident/chart-points.ts'
import type { ChartSnapshot, Series } from '../../src/incident/evidence.ts'
import type { Incident } from '../../src/incident/incident.ts'

const at = Date.UTC(2026, 10, 21, 3, 0)
const from = at - 3600_000
const chart = (series: Series[], changes: Partial<ChartSnapshot> = {}): ChartSnapshot => ({
  kind: 'chart',
  source: 'prometheus',
  title: 'Shipping P90 latency',
  query: 'q',
  unit: 's',
  from,
  to: at + 600_000,
  at,
  series,
  notes: [],
  ...changes,
})
const line = (name: string, value: (second: number) => number | null): Series => ({
  name,
  labels: {},
  points: Array.from({ length: 281 }, (_, i) => [from + i * 15_000, value(i * 15)]),
})

test('downsamples to a few points labelled in UTC, preserving spikes', () => {
  const points = downsample(chart([line('shipping', (second) => (second === 1800 ? 9.28 : 1))]))
  expect(points?.categories).toHaveLength(20)
  expect(points?.categories.slice(0, 3)).toEqual(['02:01', '02:04', '02:08'])
  expect(points?.series.map(({ name }) => name)).toEqual(['shipping'])
  expect(points?.series[0]?.data[8]).toEqual({ label: '02:30', value: 9.28 })
})

test('draws the lines that moved most, six at the most', () => {
  const points = downsample(chart(Array.from({ length: 9 }, (_, i) => line(`pod-${i}`, (s) => (s < 3600 ? 0 : i)))))
  expect(points?.series.map(({ name }) => name)).toEqual(['pod-8', 'pod-7', 'pod-6', 'pod-5', 'pod-4', 'pod-3'])
})

test('omits a stretch without values instead of interpolating it', () => {
  const points = downsample(chart([line('a', (second) => (second >= 600 && second < 1200 ? null : 1))]))
  expect(points?.categories).toEqual(
    ['02:01', '02:04', '02:08', '02:12', '02:23'].concat(points?.categories.slice(5) ?? []),
  )
  expect(points?.categories).toHaveLength(18)
})

test('a point never shows what came after its label', () => {
  const points = downsample(chart([line('rising', (second) => second)], { unit: '' }))
  const data = points?.series[0]?.data ?? []
  expect(data.find(({ label }) => label === 'alert 03:00')?.value).toBe(3600)
  expect(data.at(-1)).toEqual({ label: '03:10', value: 4200 })
})

test('a rise at the very end stays at the end; a spike there is kept', () => {
  const rising = chart([line('p90', (second) => (second < 4190 ? 1 : 9.2))], { unit: '' })
  expect(
    downsample(rising)
      ?.series[0]?.data.slice(-2)
      .map(({ value }) => value),
  ).toEqual([1, 9.2])
  const noisy = chart([line('p90', (second) => (second < 4180 ? 1 : second < 4200 ? 9.3 : 9.2))], { unit: '' })
  expect(
    downsample(noisy)
      ?.series[0]?.data.slice(-2)
      .map(({ value }) => value),
  ).toEqual([1, 9.2])
  const spike = chart([line('p90', (second) => (second === 4185 ? 9.3 : 1))], { unit: '' })
  expect(
    downsample(spike)
      ?.series[0]?.data.slice(-2)
      .map(({ value }) => value),
  ).toEqual([9.3, 1])
})

test('a line that is mostly gaps does not cost the others their points', () => {
  const points = downsample(chart([line('a', () => 1), line('new', (second) => (second < 4000 ? null : 500))]))
  expect(points?.series.map(({ name }) => name)).toEqual(['a'])
  expect(points?.categories).toHaveLength(20)
})

test('labels show the day for long ranges and seconds for short ones', () => {
  const days = downsample(chart([line('a', () => 1)], { from: at - 3 * 86_400_000 }), { points: 500 })
  expect(days?.categories.at(-1)).toMatch(/^21 Nov \d\d:\d\d$/)
  const seconds = downsample(chart([line('a', () => 1)], { to: from + 300_000 }))
  expect(seconds?.categories.slice(0, 2)).toEqual(['02:00:00', '02:00:15'])
})

test('nothing to draw returns undefined', () => {
  expect(downsample(chart([]))).toBeUndefined()
  expect(downsample(chart([line('a', () => null), line('b', () => Number.NaN)]))).toBeUndefined()
})

test("meets Slack's chart rules for any data", () => {
  const value = fc.option(fc.double(), { nil: null })
  const points = fc.array(fc.tuple(fc.integer({ min: from, max: at + 600_000 }), value), { maxLength: 60 })
  const series = fc.array(fc.record({ name: fc.string({ maxLength: 40, unit: 'grapheme' }), points }), {
    maxLength: 12,
  })
  fc.assert(
    fc.property(series, (drawn) => {
      const sorted = drawn.map(({ name, points }) => ({ name, labels: {}, points: points.sort(([a], [b]) => a - b) }))
      const found = downsample(chart(sorted))
      if (!found) return
      const names = found.series.map(({ name }) => name)
      expect(names.length).toBeGreaterThan(0)
      expect(names.length).toBeLessThanOrEqual(6)
      expect(new Set(names).size).toBe(names.length)
      expect(new Set(found.categories).size).toBe(found.categories.length)
      expect(found.categories.length).toBeGreaterThan(0)
      expect(found.categories.length).toBeLessThanOrEqual(20)
      for (const text of [...names, ...found.categories]) expect(text.length).toBeLessThanOrEqual(20)
      for (const { data } of found.series) {
        expect(data.map(({ label }) => label)).toEqual(found.categories)
        expect(data.every(({ value }) => Number.isFinite(value))).toBe(true)
      }
    }),
  )
})

test('the threshold is a separate flat line, and the alert is labelled on the axis', () => {
  const many = Array.from({ length: 9 }, (_, i) => line(`pod-${i}`, (s) => (s < 3600 ? 0 : i)))
  const points = downsample(chart(many, { threshold: 2 }))
  expect(points?.series.map(({ name }) => name)).toEqual([
    ...['pod-8', 'pod-7', 'pod-6', 'pod-5', 'pod-4'],
    'threshold 2 s',
  ])
  expect(new Set(points?.series.at(-1)?.data.map(({ value }) => value))).toEqual(new Set([2]))
  expect(points?.categories.filter((name) => name.startsWith('alert'))).toEqual(['alert 03:00'])
  const kyiv = downsample(chart(many, { threshold: 2 }), { zone: 'Europe/Kyiv' })
  expect(kyiv?.categories).toContain('alert 05:00')
  expect(downsample(chart(many, { at: from - 1 }))?.categories.join()).not.toContain('alert')
})

test('an incident without an alert is marked by its declaration, or by when its impact began', () => {
  const declared = chart([line('pod', (second) => second)], { moment: 'declared' })
  expect(downsample(declared)?.categories).toContain('declared 03:00')
  expect(downsample({ ...declared, moment: 'impact began' })?.categories).toContain('impact 03:00')
  // Slack: 20 characters.
  const days = downsample({ ...declared, from: at - 3 * 86_400_000 })
  expect(days?.categories).toContain('21 Nov 03:00')
})

test('only a chart that does not begin at an alert names its moment', () => {
  const drawn = chart([])
  const alert = { startsAt: at - 5_000 } as Incident['alert']
  expect(withMoment(drawn, { alert, declaredAt: at })).toEqual(drawn)
  expect(withMoment(drawn, { alert, declaredAt: at + 3_600_000 })).toEqual(drawn)
  expect(withMoment(drawn, { alert: undefined, declaredAt: at })).toMatchObject({ moment: 'declared' })
  const later = { alert: { startsAt: at + 3_600_000 } as Incident['alert'], declaredAt: at + 3_600_000 }
  expect(withMoment(drawn, later)).toMatchObject({ moment: 'impact began' })
  expect(withMoment({ ...drawn, at: undefined }, later)).not.toHaveProperty('moment')
})
