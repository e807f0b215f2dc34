import { expect, test } from 'vitest'
import { formatDuration, shorten } from '../../src/incident/measure.ts'

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
