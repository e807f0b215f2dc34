import { TZDate } from '@date-fns/tz'
import { Refusal } from '../incident/errors.ts'

const MINUTE_MS = 60_000

/** `10m ago`, `2 h ago`, `90 min ago`. */
const AGO = /^(\d{1,4})\s*(m|min|mins|minutes?|h|hrs?|hours?)\s+ago(?=\s|$)\s*/i
/** A date or `yesterday`, and a time of day: `2026-11-20 23:50`, `yesterday 23:50`, `8:06pm`, `08:06Z`. */
const CLOCK =
  /^(?:(?<year>\d{4})-(?<month>\d{2})-(?<day>\d{2})[ T]|(?<word>today|yesterday)\s+)?(?<hour>\d{1,2}(?=:)|\d{2})[:.](?<minute>\d{2})(?::(?<second>\d{2}))?(?:\s?(?<half>[ap]m))?(?<utc>Z)?(?=\s|$)\s*/i
/** Text that is always meant as a time or a date; `2.41 deployed` and `1:1 mapping` are ordinary words. */
const LOOKS_LIKE_TIME =
  /^(\d{1,2}:\d{2}\S*|\d{4}-\d{1,2}-\d{1,2}(\s+\d{1,2}[:.]\d{2})?\S*|(today|yesterday)\s+\d{1,2}[:.]\d{2}\S*)/i

/**
 * Reads `08:06 new image deployed`, `2026-11-20 23:50 ...`, `yesterday 23:50 ...`, `8:06pm ...` or `10m ago ...` in a
 * person's own time zone (`Z` for UTC). A bare time of day is the latest one that has passed: at 00:10, `23:50` was
 * yesterday.
 * @param now epoch ms
 * @returns the instant, epoch ms, and the text after it; undefined when the text begins with no time.
 * @throws Refusal for a time or date that does not exist, like 25:99 or 2026-02-31.
 */
export const readTime = (text: string, timezone: string, now: number): { time: number; rest: string } | undefined => {
  const ago = AGO.exec(text)
  if (ago) {
    const [whole, count, unit] = ago
    const length = Number(count) * MINUTE_MS * (/^h/i.test(unit as string) ? 60 : 1)
    return { time: now - length, rest: text.slice(whole.length) }
  }
  const match = CLOCK.exec(text)
  const time = match?.groups && instantOf(match.groups, timezone, now)
  if (match && time !== undefined) return { time, rest: text.slice(match[0].length) }
  // "25.99 percent" is not a time, although it has the shape of one.
  const [meant] = LOOKS_LIKE_TIME.exec(text) ?? []
  if (meant !== undefined)
    throw new Refusal(
      `${meant} is not a time. Write \`08:06\`, \`8:06pm\`, \`2026-11-20 23:50\`, \`yesterday 23:50\` or \`10m ago\`.`,
    )
  return undefined
}

/** Undefined for an hour or a day that does not exist. */
const instantOf = (
  { year, month, day, word, hour, minute, second = '0', half, utc }: Record<string, string | undefined>,
  timezone: string,
  now: number,
): number | undefined => {
  const hours = hourOf(Number(hour), half)
  if (hours === undefined || Number(minute) > 59 || Number(second) > 59) return undefined
  const zone = utc ? 'UTC' : timezone
  const today = new TZDate(now, zone)
  const [y, m, d] =
    year === undefined
      ? [today.getFullYear(), today.getMonth(), today.getDate() - (word?.toLowerCase() === 'yesterday' ? 1 : 0)]
      : [Number(year), Number(month) - 1, Number(day)]
  const at = (date: number) => new TZDate(y, m, date, hours, Number(minute), Number(second), zone)
  if (year !== undefined && (at(d).getMonth() !== m || at(d).getDate() !== d)) return undefined
  const time = at(d).getTime()
  if (year !== undefined || word !== undefined || time <= now) return time
  // A minute of grace: clocks differ, and "now" rounds up.
  return time <= now + MINUTE_MS ? now : at(d - 1).getTime()
}

const hourOf = (hour: number, half: string | undefined): number | undefined => {
  if (half === undefined) return hour <= 23 ? hour : undefined
  if (hour < 1 || hour > 12) return undefined
  return (hour % 12) + (half.toLowerCase() === 'pm' ? 12 : 0)
}
