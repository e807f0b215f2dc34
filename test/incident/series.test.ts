import { expect, test } from 'vitest'
import type { Series } from '../../src/incident/evidence.ts'
import { beforeAndNow, byMovement, median, shorten, shortNames } from '../../src/incident/series.ts'

/** A line with one value a second; the alert comes at second 3. */
const line = (name: string, ...values: (number | null)[]): Series => ({
  name,
  labels: {},
  points: values.map((value, second) => [second * 1000, value]),
})
const at = 3000

test('before is the median before the alert, now the latest value', () => {
  expect(beforeAndNow(line('a', 1, 100, 2, 9, 8, null), at)).toEqual({ before: 2, now: 8 })
  expect(beforeAndNow(line('a', null, null, null, 9), at)).toEqual({ before: null, now: 9 })
  expect(beforeAndNow(line('a', null, Number.NaN), at)).toEqual({ before: null, now: null })
})

test('sorts series by how far they departed from their usual value, up or down, briefly or for good', () => {
  const lines = [
    line('steady', 50, 50, 50, 50, 50),
    line('up', 1, 1, 1, 4, 4),
    line('down', 9, 9, 9, 1, 1),
    line('spike', 1, 1, 1, 20, 1),
    line('appeared', null, null, null, 6, 6),
    line('vanished', 30, 30, 30, null, null),
    line('empty', null, null, null, null),
  ]
  const names = byMovement(lines, at).map(({ name }) => name)
  expect(names).toEqual(['vanished', 'spike', 'down', 'appeared', 'up', 'steady'])
})

test('the median of an even number of values is the mean of the middle two', () => {
  expect(median([4, 1, 3, 2])).toBe(2.5)
  expect(median([1.7e308, 1.6e308])).toBeCloseTo(1.65e308, -300)
  expect(median([])).toBeNull()
})

test('shortens names in the middle, never inside a character', () => {
  expect(shorten('payments-7d9f8b-x2kqp', 11)).toBe('payme…x2kqp')
  expect(shorten('short', 11)).toBe('short')
  expect(shorten('🚒🚒🚒🚒🚒🚒', 7)).toBe('🚒🚒…🚒')
})

test('disambiguates names that are equal when shortened', () => {
  expect(shortNames(['pod-aaaa-end', 'pod-bbbb-end', 'pod-cccc-end', 'x', 'x'], 7)).toEqual([
    'pod…end',
    'po…nd 2',
    'po…nd 3',
    'x',
    'x 2',
  ])
})
