/** Local time of an instant (epoch seconds) in an IANA zone: `2026-11-21T03:04`. */
export function toLocalTime(seconds: number, zone: string): string {
  const parts = new Intl.DateTimeFormat('en-CA', {
    timeZone: zone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  }).formatToParts(seconds * 1000)
  const part = (type: string) => parts.find((one) => one.type === type)?.value ?? ''
  return `${part('year')}-${part('month')}-${part('day')}T${part('hour')}:${part('minute')}`
}

/** The instant (epoch seconds) of a local time `2026-11-21T03:04` in an IANA zone. */
export function fromLocalTime(local: string, zone: string): number {
  const asUtc = Date.parse(`${local}Z`) / 1000
  const offsetAt = (seconds: number) => Date.parse(`${toLocalTime(seconds, zone)}Z`) / 1000 - seconds
  // Around a DST change the offset at the guess may differ from the offset at the result.
  const guess = asUtc - offsetAt(asUtc)
  return asUtc - offsetAt(guess)
}
