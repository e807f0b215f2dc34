import { expect, test } from 'vitest'
import { formatDuration, shorten, spanMs } from '../../src/incident/measure.ts'

test.each([
  [45_000, '45 s'],
  [12 * 60_000, '12 min'],
  [59.9 * 60_000, '1 h 00 min'],
  [65 * 60_000, '1 h 05 min'],
  [51 * 3_600_000, '2 d 3 h'],
  [Number.POSITIVE_INFINITY, 'an unknown time'],
  [Number.NaN, 'an unknown time'],
])('%d ms are %s', (ms, text) => {
  expect(formatDuration(ms)).toBe(text)
})

test('a duration equals the difference between its ends as displayed', () => {
  const at = (clock: string) => Date.parse(`2026-03-14T${clock}Z`)
  expect(formatDuration(spanMs(at('09:05:01'), at('09:34:59')))).toBe('29 min')
  expect(formatDuration(spanMs(at('09:05:40'), at('09:34:10')))).toBe('29 min')
  expect(formatDuration(spanMs(at('09:05:40'), at('09:06:25')))).toBe('45 s')
})

test('truncates text with an ellipsis, never inside a character', () => {
  expect([shorten('abcd', 4), shorten('abcde', 4), shorten('ab\ud83d\udd25cd', 4)]).toEqual([
    'abcd',
    'abc\u2026',
    'ab\u2026',
  ])
})
