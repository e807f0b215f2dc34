/** Times of day in one zone, so that a chart, its caption and the text beside it agree. */
export type ZoneClock = {
  /** `03:08`. */
  time(at: number): string
  /** `03:08:21`. */
  seconds(at: number): string
  /** `21 Nov`. */
  day(at: number): string
  /** `2026-11-21`. */
  date(at: number): string
  /** The zone's name at that instant: `UTC`, `Europe/Kyiv (UTC+2)`. */
  name(at: number): string
  /** How far the zone is ahead of UTC at that instant, ms. */
  offset(at: number): number
}

const clocks = new Map<string, ZoneClock>()

/** The clock of an IANA zone. @throws RangeError for an unknown zone */
export const clockIn = (zone: string): ZoneClock => {
  const known = clocks.get(zone)
  if (known) return known
  const style = { timeZone: zone, hourCycle: 'h23', hour: '2-digit', minute: '2-digit' } as const
  const time = new Intl.DateTimeFormat('en-GB', style)
  const seconds = new Intl.DateTimeFormat('en-GB', { ...style, second: '2-digit' })
  const day = new Intl.DateTimeFormat('en-GB', { timeZone: zone, day: 'numeric', month: 'short' })
  const date = new Intl.DateTimeFormat('en-CA', {
    timeZone: zone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
  })
  const offset = (at: number) => offsetIn(zone, at)
  const clock: ZoneClock = {
    time: (at) => time.format(at),
    seconds: (at) => seconds.format(at),
    day: (at) => day.format(at),
    date: (at) => date.format(at),
    offset,
    name: (at) => (zone === 'UTC' ? zone : `${zone} (${offsetName(offset(at))})`),
  }
  clocks.set(zone, clock)
  return clock
}

const offsetIn = (zone: string, at: number): number => {
  const parts = new Intl.DateTimeFormat('en-US', { timeZone: zone, timeZoneName: 'longOffset' }).formatToParts(at)
  const name = parts.find(({ type }) => type === 'timeZoneName')?.value ?? ''
  const [, sign, hours = '0', minutes = '0'] = /GMT([+-])(\d+):?(\d+)?/.exec(name) ?? []
  return (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes)) * 60_000
}

const offsetName = (ms: number): string => {
  const minutes = Math.abs(ms) / 60_000
  const rest = minutes % 60
  return `UTC${ms < 0 ? '-' : '+'}${Math.floor(minutes / 60)}${rest ? `:${String(rest).padStart(2, '0')}` : ''}`
}
