/** A time of day, or a date and time, at the start of what somebody typed. */
const WRITTEN = /^(?:(\d{4})-(\d{2})-(\d{2})[ T])?([01]?\d|2[0-3])[:.]([0-5]\d)(?::([0-5]\d))?(Z)?(?=\s|$)\s*/

const DAY_MS = 86_400_000

/**
 * Reads `08:06 new image deployed` or `2026-11-20 23:50 ...` in a person's own time zone (`Z` for UTC). A bare time of
 * day is the latest one that has passed: at 00:10, `23:50` was yesterday.
 * @param now epoch ms
 * @returns the instant, epoch ms, and the text after it; undefined when the text begins with no time.
 */
export const readTime = (text: string, timezone: string, now: number): { time: number; rest: string } | undefined => {
  const match = WRITTEN.exec(text)
  if (!match) return undefined
  const [whole, year, month, day, hour, minute, second = '0', utc] = match
  const zone = utc ? 'UTC' : timezone
  const rest = text.slice(whole.length)
  const clock = Number(hour) * 3_600_000 + Number(minute) * 60_000 + Number(second) * 1000
  if (year !== undefined) {
    const date = Date.UTC(Number(year), Number(month) - 1, Number(day))
    return { time: instantOf(date + clock, zone), rest }
  }
  const today = Math.floor((now + offsetMs(now, zone)) / DAY_MS) * DAY_MS
  const time = instantOf(today + clock, zone)
  // A minute of grace: clocks differ, and "now" rounds up.
  return { time: time <= now ? time : time <= now + 60_000 ? now : instantOf(today - DAY_MS + clock, zone), rest }
}

/** From local wall-clock time (as if it were UTC, ms) to the instant; twice, because the offset may change on that day. */
const instantOf = (wall: number, zone: string): number => {
  const guess = wall - offsetMs(wall, zone)
  return wall - offsetMs(guess, zone)
}

/** How far a zone is ahead of UTC at an instant, ms. */
const offsetMs = (at: number, zone: string): number => {
  const parts = Object.fromEntries(
    new Intl.DateTimeFormat('en-US', {
      timeZone: zone,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    })
      .formatToParts(at)
      .map(({ type, value }) => [type, Number(value)]),
  ) as Record<'year' | 'month' | 'day' | 'hour' | 'minute' | 'second', number>
  const local = Date.UTC(parts.year, parts.month - 1, parts.day, parts.hour, parts.minute, parts.second)
  return local - Math.floor(at / 1000) * 1000
}
