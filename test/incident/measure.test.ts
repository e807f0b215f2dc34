import { expect, test } from 'vitest'
import { formatDuration, formatValue, shorten } from '../../src/incident/measure.ts'

test.each([
  [9.28, 's', '9.28 s'],
  [0.34, 's', '340 ms'],
  [340, 'ms', '340 ms'],
  [0.00002, 's', '20 µs'],
  [600, 's', '10 min'],
  [1234, 'req/s', '1.23k req/s'],
  [84, '%', '84%'],
  [0.0312, 'ratio', '3.12%'],
  [1e308, 'ratio', 'no value'],
  [1536, 'bytes', '1.5 KiB'],
  [0, '', '0'],
  [-5, 'req/s', '-5 req/s'],
  [Number.NaN, 's', 'no value'],
])('%d %s is told as %s', (value, unit, told) => {
  expect(formatValue(value, unit)).toBe(told)
})

test.each([
  [45_000, '45 s'],
  [12 * 60_000, '12 min'],
  [59.9 * 60_000, '1 h 00 min'],
  [65 * 60_000, '1 h 05 min'],
  [51 * 3_600_000, '2 d 3 h'],
])('%d ms are %s', (ms, told) => {
  expect(formatDuration(ms)).toBe(told)
})

test('text is cut with an ellipsis, never through a character', () => {
  expect([shorten('abcd', 4), shorten('abcde', 4), shorten('ab\ud83d\udd25cd', 4)]).toEqual([
    'abcd',
    'abc\u2026',
    'ab\u2026',
  ])
})
