import { fromLocalTime, toLocalTime } from './page/text/local-time.ts'

const DAY_MS = 86_400_000

/** The next instant (epoch ms) after another at which a clock in an IANA zone shows `03:00`. */
export function nextTime(clockTime: string, zone: string, after: number): number {
  const on = (day: number) => fromLocalTime(`${toLocalTime(day / 1000, zone).slice(0, 10)}T${clockTime}`, zone) * 1000
  const today = on(after)
  return today > after ? today : on(after + DAY_MS)
}

/** What people call a zone on their clocks: `UTC`, `PST`. */
export const zoneName = (zone: string, at: number): string =>
  new Intl.DateTimeFormat('en-US', { timeZone: zone, timeZoneName: 'short' })
    .formatToParts(at)
    .find(({ type }) => type === 'timeZoneName')?.value ?? zone
