import { expect, test } from 'vitest'
import { clockIn } from '../../src/incident/zone.ts'

const winter = Date.UTC(2026, 0, 4, 23, 5, 9)
const summer = Date.UTC(2026, 6, 4, 23, 5, 9)
const HOUR = 3_600_000

test.each([
  ['UTC', winter, ['23:05', '23:05:09', '4 Jan', '2026-01-04', 'UTC'], 0],
  ['Europe/Kyiv', winter, ['01:05', '01:05:09', '5 Jan', '2026-01-05', 'Europe/Kyiv (UTC+2)'], 2 * HOUR],
  ['Europe/Kyiv', summer, ['02:05', '02:05:09', '5 Jul', '2026-07-05', 'Europe/Kyiv (UTC+3)'], 3 * HOUR],
  ['America/New_York', winter, ['18:05', '18:05:09', '4 Jan', '2026-01-04', 'America/New_York (UTC-5)'], -5 * HOUR],
  ['Asia/Kolkata', winter, ['04:35', '04:35:09', '5 Jan', '2026-01-05', 'Asia/Kolkata (UTC+5:30)'], 5.5 * HOUR],
  [
    'America/St_Johns',
    winter,
    ['19:35', '19:35:09', '4 Jan', '2026-01-04', 'America/St_Johns (UTC-3:30)'],
    -3.5 * HOUR,
  ],
  ['Europe/London', winter, ['23:05', '23:05:09', '4 Jan', '2026-01-04', 'Europe/London (UTC+0)'], 0],
])('the clock in %s', (zone, at, [time, seconds, day, date, name], offset) => {
  const clock = clockIn(zone as string)
  expect([clock.time(at), clock.seconds(at), clock.day(at), clock.date(at), clock.name(at)]).toEqual([
    ...[time, seconds, day, date, name],
  ])
  expect(clock.offset(at) === offset).toBe(true)
  expect(clockIn(zone as string)).toBe(clock)
})

test('midnight is 00:00, not 24:00', () => {
  expect(clockIn('UTC').time(Date.UTC(2026, 0, 4))).toBe('00:00')
})

test('a zone that does not exist is refused', () => {
  expect(() => clockIn('Mars/Olympus')).toThrow(RangeError)
})
