type Format = Intl.DateTimeFormatOptions

/**
 * Fills Slack's date tokens, `{date_short_pretty} at {time}`, in an IANA time zone.
 * `seconds` and `now` are epoch seconds.
 */
export function formatDateTokens(format: string, seconds: number, zone: string, now: number): string {
  return format.replace(/\{(\w+)\}/g, (whole, token: string) => writeToken(token, seconds, zone, now) ?? whole)
}

function writeToken(token: string, seconds: number, zone: string, now: number): string | undefined {
  const write = (format: Format) => inZone(seconds, zone, format)
  const pretty = (format: Format, lower = false) => {
    const name = relativeDay(seconds, zone, now)
    return name ? (lower ? name.toLowerCase() : name) : write(format)
  }
  switch (token) {
    case 'date_num':
      return new Intl.DateTimeFormat('en-CA', {
        timeZone: zone,
        year: 'numeric',
        month: '2-digit',
        day: '2-digit',
      }).format(seconds * 1000)
    case 'date':
      return write({ month: 'long', day: 'numeric', year: 'numeric' })
    case 'date_slash':
      return write({ month: '2-digit', day: '2-digit', year: 'numeric' })
    case 'date_short':
      return write({ month: 'short', day: 'numeric', year: 'numeric' })
    case 'date_long':
      return write({ weekday: 'long', month: 'long', day: 'numeric', year: 'numeric' })
    case 'date_pretty':
      return pretty({ month: 'long', day: 'numeric', year: 'numeric' }, true)
    case 'date_short_pretty':
      return pretty({ month: 'short', day: 'numeric', year: 'numeric' }, true)
    case 'date_long_pretty':
    case 'date_long_full':
      return pretty({ weekday: 'long', month: 'long', day: 'numeric', year: 'numeric' }, true)
    case 'day_divider_pretty':
      return dayName(seconds, zone, now)
    case 'time':
      return timeOfDay(seconds, zone)
    case 'time_secs':
      return write({ hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' })
    case 'ago':
      return ago(seconds, now)
    default:
      return undefined
  }
}

const inZone = (seconds: number, zone: string, format: Format) =>
  new Intl.DateTimeFormat('en-GB', { timeZone: zone, ...format }).format(seconds * 1000)

/** `03:04`, in the zone. */
export const timeOfDay = (seconds: number, zone: string) =>
  inZone(seconds, zone, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' })

/** The calendar day of an instant in the zone: `2026-11-21`. */
export const dayKey = (seconds: number, zone: string) => writeToken('date_num', seconds, zone, seconds) ?? ''

function relativeDay(seconds: number, zone: string, now: number): string | undefined {
  const day = dayKey(seconds, zone)
  if (day === dayKey(now, zone)) return 'Today'
  if (day === dayKey(now - 86_400, zone)) return 'Yesterday'
  if (day === dayKey(now + 86_400, zone)) return 'Tomorrow'
  return undefined
}

/** Label of a day divider: `Today`, or `Saturday, 21 November`. */
export const dayName = (seconds: number, zone: string, now: number) =>
  relativeDay(seconds, zone, now) ?? inZone(seconds, zone, { weekday: 'long', day: 'numeric', month: 'long' })

/** `Saturday, 21 November 2026 at 03:04:12`: the tooltip of a time. */
export const fullTime = (seconds: number, zone: string) =>
  `${inZone(seconds, zone, { dateStyle: 'full' })} at ${writeToken('time_secs', seconds, zone, seconds)}`

/** Abbreviation of a zone at an instant: `UTC`, `PST`. */
export const zoneName = (seconds: number, zone: string) =>
  new Intl.DateTimeFormat('en-US', { timeZone: zone, timeZoneName: 'short' })
    .formatToParts(seconds * 1000)
    .find(({ type }) => type === 'timeZoneName')?.value ?? zone

/** `5 minutes ago`, `in 2 hours`. */
export function ago(seconds: number, now: number): string {
  const words = new Intl.RelativeTimeFormat('en', { numeric: 'auto' })
  const away = seconds - now
  const sizes = [
    ['day', 86_400],
    ['hour', 3_600],
    ['minute', 60],
  ] as const
  for (const [unit, size] of sizes) if (Math.abs(away) >= size) return words.format(Math.round(away / size), unit)
  return away > 0 ? 'in a moment' : 'just now'
}
