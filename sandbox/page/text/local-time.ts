/** An instant (epoch seconds) as a wall clock in an IANA zone shows it: `2026-11-21T03:04`. */
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

/** The instant (epoch seconds) at which a clock in that zone shows `2026-11-21T03:04`. */
export function fromLocalTime(local: string, zone: string): number {
  const asUtc = Date.parse(`${local}Z`) / 1000
  const offsetAt = (seconds: number) => Date.parse(`${toLocalTime(seconds, zone)}Z`) / 1000 - seconds
  // The offset at the guess may differ from the offset at the answer, around a change of the clocks.
  const guess = asUtc - offsetAt(asUtc)
  return asUtc - offsetAt(guess)
}
