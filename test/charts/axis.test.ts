import fc from 'fast-check'
import { expect, test } from 'vitest'
import { timeAxis, valueAxis } from '../../src/charts/axis.ts'

const labels = (values: number[], unit = '') => {
  const { min, max, interval, label } = valueAxis(values, unit)
  return Array.from({ length: Math.round((max - min) / interval) + 1 }, (_, i) => label(min + i * interval))
}

test.each([
  ['s', [0.9, 9.28], ['0 s', '2 s', '4 s', '6 s', '8 s', '10 s']],
  ['s', [0.002, 0.04], ['0 ms', '10 ms', '20 ms', '30 ms', '40 ms']],
  ['s', [60, 263], ['0 min', '1 min', '2 min', '3 min', '4 min', '5 min']],
  ['bytes', [1.2e9, 2e9], ['0 GiB', '0.5 GiB', '1 GiB', '1.5 GiB', '2 GiB']],
  ['%', [3, 18], ['0 %', '5 %', '10 %', '15 %', '20 %']],
  [
    'req/s',
    [140, 1502],
    ['0 requests/s', '500 requests/s', '1,000 requests/s', '1,500 requests/s', '2,000 requests/s'],
  ],
  [
    'messages',
    [12, 82_500],
    ['0 messages', '20k messages', '40k messages', '60k messages', '80k messages', '100k messages'],
  ],
  ['/s', [0, 0.02], ['0/min', '0.5/min', '1/min', '1.5/min']],
  ['', [-3, 5], ['-4', '-2', '0', '2', '4', '6']],
  ['', [], ['0', '0.2', '0.4', '0.6', '0.8', '1']],
  ['', [0], ['0', '0.2', '0.4', '0.6', '0.8', '1']],
])('in %s, %j reads %j', (unit, values, expected) => expect(labels(values, unit)).toEqual(expected))

test('the axis of values that are close together and far from zero does not start at zero', () => {
  const { min, max } = valueAxis([920, 950], '')
  expect(min).toBeGreaterThan(800)
  expect(max).toBeLessThan(1000)
})

test('every value lies within the axis, which has only a few lines', () => {
  fc.assert(
    fc.property(
      fc.array(fc.double({ min: -1e300, max: 1e300, noNaN: true })),
      fc.constantFrom('', 's', 'bytes'),
      (values, unit) => {
        const { min, max, interval } = valueAxis(values, unit)
        expect(max).toBeGreaterThan(min)
        expect(Math.min(max, ...values)).toBeGreaterThanOrEqual(min - interval / 1e6)
        expect(Math.max(min, ...values)).toBeLessThanOrEqual(max + interval / 1e6)
        expect((max - min) / interval).toBeLessThanOrEqual(12)
      },
    ),
  )
})

test('time labels are at round UTC times, and midnight shows the date', () => {
  const from = Date.UTC(2026, 10, 20, 22, 10)
  const { ticks, label, name } = timeAxis(from, Date.UTC(2026, 10, 21, 1, 50))
  expect(ticks.map(label)).toEqual(['22:30', '23:00', '23:30', '21 Nov', '00:30', '01:00', '01:30'])
  expect(name).toBe('Fri 20 Nov 2026 to Sat 21 Nov 2026, UTC')
})

test.each([0, 1000, 45_000, 3600_000, 86_400_000, 30 * 86_400_000, 4000 * 86_400_000])(
  'a range of %i ms has at most nine time labels',
  (range) => expect(timeAxis(1_700_000_000_000, 1_700_000_000_000 + range).ticks.length).toBeLessThanOrEqual(9),
)
