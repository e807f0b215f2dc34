import { expect, test } from 'vitest'
import { readTime } from '../../src/conversation/clock-time.ts'

/** 21 November 2026, 00:10 in Tokyo. */
const NOW = Date.UTC(2026, 10, 20, 15, 10)
const read = (text: string, zone = 'Asia/Tokyo', now = NOW) => {
  const found = readTime(text, zone, now)
  return found && `${new Date(found.time).toISOString().slice(0, 16)} ${found.rest}`
}

test.each([
  ['00:05 a', '2026-11-20T15:05 a'],
  // The latest 23:50 that has passed was yesterday.
  ['23:50 a', '2026-11-20T14:50 a'],
  ['00.05 a', '2026-11-20T15:05 a'],
  ['12:05am a', '2026-11-20T15:05 a'],
  ['11:50 PM a', '2026-11-20T14:50 a'],
  ['12:30pm a', '2026-11-20T03:30 a'],
  ['14:00Z a', '2026-11-20T14:00 a'],
  ['2026-11-19 08:06 a', '2026-11-18T23:06 a'],
  ['2026-11-19T08:06 a', '2026-11-18T23:06 a'],
  ['yesterday 08:06 a', '2026-11-19T23:06 a'],
  ['10m ago a', '2026-11-20T15:00 a'],
  ['2 hours ago a', '2026-11-20T13:10 a'],
  // Half a minute ahead of our clock is "now".
  ['00:11 a', '2026-11-20T15:10 a'],
])('reads %s', (text, expected) => {
  expect(read(text)).toBe(expected)
})

test('follows DST changes of a time zone', () => {
  const now = Date.UTC(2026, 2, 29, 12)
  expect(read('2026-03-29 01:30 a', 'Europe/Berlin', now)).toBe('2026-03-29T00:30 a')
  expect(read('2026-03-29 03:30 a', 'Europe/Berlin', now)).toBe('2026-03-29T01:30 a')
  expect(read('yesterday 12:00 a', 'Europe/Berlin', now)).toBe('2026-03-28T11:00 a')
})

test.each(['2.41 deployed', '1:1 mapping fails', '25.99 percent', '500 errors', 'yesterday it worked'])(
  'treats %s as text',
  (text) => {
    expect(read(text)).toBeUndefined()
  },
)

test.each([
  '25:99 a',
  '24:00 a',
  '8:60 a',
  '13:00pm a',
  '0:30am a',
  '2026-02-31 10:00 a',
  '2026-13-01 10:00 a',
  '2026-11-20 a',
  'yesterday 25:00 a',
])('rejects %s', (text) => {
  expect(() => read(text)).toThrow(/is not a time/)
})
