import { zoneName } from './page/text/dates.ts'
import { fromLocalTime, toLocalTime } from './page/text/local-time.ts'
import type { Story } from './stories/story.ts'

const DAY_MS = 86_400_000

/** The first instant after `after` (epoch ms) at which the story's weekday and start time apply in its time zone. */
export function nextOccurrence(
  { opensOn, opensAt, timezone }: Pick<Story, 'opensOn' | 'opensAt' | 'timezone'>,
  after: number,
): number {
  for (let days = 0; days <= 7; days += 1) {
    const day = toLocalTime((after + days * DAY_MS) / 1000, timezone).slice(0, 10)
    const at = fromLocalTime(`${day}T${opensAt}`, timezone) * 1000
    if (at > after && weekdayOf(at, timezone) === opensOn) return at
  }
  throw new Error(`There is no ${opensOn} ${opensAt} in ${timezone}.`)
}

const weekdayOf = (at: number, timezone: string): string =>
  new Intl.DateTimeFormat('en-US', { timeZone: timezone, weekday: 'long' }).format(at)

/** Local time with the zone's abbreviation, at an instant (epoch ms): `03:05 UTC`. */
export const clockTime = (at: number, timezone: string): string =>
  `${toLocalTime(at / 1000, timezone).slice(11, 16)} ${zoneName(at / 1000, timezone)}`
