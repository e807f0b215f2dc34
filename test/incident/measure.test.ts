import { expect, test } from 'vitest'
import { capital, formatDuration, shorten, spanMs, wordsOf } from '../../src/incident/measure.ts'

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

test.each([
  [47.9 * 3_600_000, '47 h 54 min'],
  [48 * 3_600_000, '2 d 0 h'],
  [59_400, '59 s'],
  [59_600, '1 min'],
  [-5_000, '-5 s'],
])('%d ms, at a limit of its unit, are %s', (ms, text) => {
  expect(formatDuration(ms)).toBe(text)
})

test('exactly one minute counts as a minute of the clock', () => {
  expect(spanMs(0, 60_000)).toBe(60_000)
  expect(spanMs(30_000, 90_000)).toBe(60_000)
})

test.each([
  ['FreeStorageSpace', 'Free storage space'],
  ['PodOOMKilled', 'Pod OOM killed'],
  ['high__error-_rate', 'high error rate'],
  ['HTTPErrors', 'HTTP errors'],
  ['CPU_usage_A', 'CPU usage a'],
  ['disk1Full', 'disk1 full'],
  ['The Disk IsFull', 'The Disk IsFull'],
])('the words of %j are %j', (name, words) => {
  expect(wordsOf(name)).toBe(words)
})

test.each([
  ['the disk', 'The disk'],
  ['  \u00e9tage', '  \u00c9tage'],
  ['\u00dcber', '\u00dcber'],
  ['9 pods', '9 pods'],
])('%j is capitalised as %j', (text, expected) => {
  expect(capital(text)).toBe(expected)
})
