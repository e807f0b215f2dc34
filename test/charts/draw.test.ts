import { expect, test } from 'vitest'
import { type ChartOptions, drawSvg } from '../../src/charts/draw.ts'
import { markLabels } from '../../src/charts/marks.ts'
import { labelHeight } from '../../src/charts/option.ts'
import { clockIn } from '../../src/incident/zone.ts'
import { at, latency, line, MINUTE } from './snapshots.ts'

/** The words of a chart, in the order they are drawn. */
const words = (snapshot = latency(), options: ChartOptions = {}) =>
  [...drawSvg(snapshot, options).matchAll(/<text[^>]*>([^<]*)<\/text>/g)].map(([, text]) => text)

test('renders a chart as SVG', async () => {
  await expect(`${drawSvg(latency())}\n`).toMatchFileSnapshot('latency.svg.snap')
})

test('renders the same snapshot identically each time', () => {
  expect(drawSvg(latency())).toBe(drawSvg(latency()))
})

test('shows the title, the change, the threshold, the alert, and the date with its time zone', () => {
  expect(words()).toEqual(
    expect.arrayContaining([
      'Shipping P90 latency',
      '1 s → 9 s',
      'threshold 1.5 s',
      'alert 03:00',
      'Sat 21 Nov 2026, UTC',
      '10 s',
      '02:10',
    ]),
  )
})

test('an incident without an alert is marked by its declaration', () => {
  expect(words(latency({ moment: 'declared' }))).toContain('declared 03:00')
  expect(words(latency({ moment: 'declared' }))).not.toContain('alert 03:00')
})

test('leaves gaps in the data open', () => {
  const [path] = [...drawSvg(latency()).matchAll(/<path d="([^"]*)"[^>]*stroke="#1f5fd0"/g)].map(([, d]) => d)
  expect(path?.match(/M/g)).toHaveLength(2)
})

test('draws a point without neighbours as a dot', () => {
  const alone = latency({ series: [line('a', (minute) => (minute === 3 ? 7 : null))] })
  expect(drawSvg(alone)).toMatch(/<path d="M1 0A1 1[^"]*"[^>]*fill="#1f5fd0"/)
  expect(drawSvg(latency())).not.toContain('fill="#1f5fd0"')
})

test('states in text that there is no data', () => {
  expect(words(latency({ series: [], before: null, now: null }))).toContain('No data in this range')
  expect(words()).not.toContain('No data in this range')
})

test('draws only the series that moved most and says how many there are', () => {
  const series = Array.from({ length: 50 }, (_, i) => line(`pod-${i}`, (minute) => (minute < 0 ? 100 - i : 100)))
  const drawn = words(latency({ series, unit: 'req/s', threshold: undefined }))
  expect(drawn).toContain('pod-49: 1 → 9 requests/s · 8 of 50 series')
  expect(drawn.filter((text) => text?.startsWith('pod-') && !text.includes('→'))).toEqual(
    [49, 48, 47, 46, 45, 44, 43, 42].map((i) => `pod-${i}  100 requests/s`),
  )
})

test('one series has no legend; with several, long names are shortened in the middle and stay distinct', () => {
  expect(words().join()).not.toContain('shipping')
  const long = (end: string) => `payments-deployment-7d9f8b6c5d-with-a-tail-${end}`
  const drawn = words(
    latency({ series: [line(long('a'), () => 2), line(long('b'), () => 1), line(long('a'), () => 3)] }),
  )
  const names = drawn.filter((text) => text?.startsWith('payments') && !text.includes('→'))
  expect(names).toHaveLength(3)
  expect(new Set(names).size).toBe(3)
  expect(names[0]).toMatch(/^payments-dep.*….*-tail-a {2}2 s$/)
})

test('a chart of the whole incident labels every event without overlaps', () => {
  const at = latency().at ?? 0
  const texts = ['impact began', 'alert', 'alert joined', 'mitigated']
  const marks = texts.map((text, i) => ({ at: at + i * MINUTE, text, kind: 'status' as const }))
  const whole = latency({ marks })
  expect(words(whole)).toEqual(expect.arrayContaining(texts.map((text, i) => `${text} 03:0${i}`)))
  const labels = markLabels(whole, { width: 700, clock: clockIn('UTC') })
  expect(new Set(labels.map(({ row }) => row)).size).toBe(texts.length)
  // Rows above the first need room of their own.
  expect(labelHeight(whole, { width: 800, zone: 'UTC' })).toBe(60)
})

test('times are in the requested time zone, which is named', () => {
  const svg = drawSvg(latency(), { zone: 'Asia/Kolkata' })
  expect(svg).toContain('alert 08:30')
  expect(svg).toContain('Sat 21 Nov 2026, Asia/Kolkata (UTC+5:30), UTC below')
  expect(svg).toContain('>08:00<')
  // The postmortem, which speaks in UTC, shows the same picture.
  expect(svg).toContain('>02:30<')
  expect(drawSvg(latency({ peak: { at, value: 9 } }), { zone: 'Asia/Kolkata' })).toContain('9 s at 08:30 (03:00 UTC)')
})

test('draws a threshold near the values and omits one far above them', () => {
  expect(words(latency({ limit: 20 }))).toContain('limit 20 s')
  expect(words(latency({ limit: 900 }))).not.toContain('limit 15 min')
})

test('does not mark an alert outside the range', () => {
  expect(words(latency({ at: at - 600 * MINUTE })).join()).not.toContain('alert')
})

test('truncates a title that is too long for the chart', () => {
  const title = words(latency({ title: 'All the words of a rule '.repeat(10) })).find((text) =>
    text?.startsWith('All the'),
  )
  expect(title).toMatch(/^.{30,70}…$/)
})
