const DAY_MS = 86_400_000

/** Formats instants (epoch ms) for one document: UTC first, the configured zone beside it. */
export type Clock = {
  /** The configured zone, `Europe/Kyiv`; `UTC` when there is none beside it. */
  zone: string
  /** `2026-03-14`, UTC. */
  day(at: number): string
  /** `Saturday`, UTC. */
  weekday(at: number): string
  /** `03:05`, UTC. */
  time(at: number): string
  /** `05:05` in the configured zone, with its date where that is another than in UTC. */
  local(at: number): string
  /** `03:05 UTC`, with the date where it is another than the document's. */
  say(at: number): string
  /** `03:05 to 03:34 UTC`, with the dates where they are others than the document's. */
  range(from: number, to: number): string
}

/** A clock for a document about something that began at `start`, epoch ms. Throws a RangeError for an unknown zone. */
export const createClock = (zone: string, start: number): Clock => {
  // sv-SE writes dates and times as ISO 8601 does.
  const style = { dateStyle: 'short', timeStyle: 'short', timeZone: zone } as const
  const local = new Intl.DateTimeFormat('sv-SE', style)
  const weekday = new Intl.DateTimeFormat('en-GB', { weekday: 'long', timeZone: 'UTC' })
  const day = (at: number) => new Date(at).toISOString().slice(0, 10)
  const time = (at: number) => new Date(at).toISOString().slice(11, 16)
  const dated = (at: number) =>
    `${Math.floor(at / DAY_MS) === Math.floor(start / DAY_MS) ? '' : `${day(at)} `}${time(at)}`
  return {
    zone,
    day,
    weekday: (at) => weekday.format(at),
    time,
    local(at) {
      const [date, hours] = local.format(at).split(' ')
      return date === day(at) ? `${hours}` : `${date} ${hours}`
    },
    say: (at) => `${dated(at)} UTC`,
    range: (from, to) => `${dated(from)} to ${day(to) === day(from) ? time(to) : dated(to)} UTC`,
  }
}
