import { type Scale, scaleFor } from '../incident/unit.ts'
import { clockIn } from '../incident/zone.ts'

/** A vertical axis with round numbers: bounds, interval and label format. */
export type ValueAxis = { min: number; max: number; interval: number; label: Scale['format'] }

const LINES = 5

/**
 * The axis for these values. It starts at zero, so that a small change does not look like a collapse, unless all values
 * lie within a fifth of their size: then starting at zero would flatten the curve.
 */
export const valueAxis = (values: number[], unit: string): ValueAxis => {
  const [low, high] = extremes(values)
  const size = Math.max(Math.abs(low), Math.abs(high))
  const scale = scaleFor(size, unit)
  const farFromZero = low * high > 0 && high - low < size / 5 && high - low > size / 1000
  const margin = (high - low) / 4
  const bottom = farFromZero ? low - margin : Math.min(0, low)
  const top = farFromZero ? high + margin : Math.max(0, high || (low === 0 ? 1 : 0))
  const interval = roundStep((top - bottom) / LINES / scale.factor, scale.binary) * scale.factor
  const min = Math.floor(bottom / interval) * interval
  const max = Math.ceil(top / interval) * interval
  return { min, max, interval, label: scale.format }
}

/**
 * A loop, because spreading a long array exceeds the argument limit. The largest and smallest possible numbers
 * leave no room to round in.
 */
const extremes = (values: number[]): [number, number] => {
  const limit = Number.MAX_VALUE / 4
  let low = Number.POSITIVE_INFINITY
  let high = Number.NEGATIVE_INFINITY
  for (const value of values) {
    low = Math.min(low, Math.max(value, -limit))
    high = Math.max(high, Math.min(value, limit))
  }
  const sized = (value: number) => (Math.abs(value) < 1e-300 ? 0 : value)
  return low <= high ? [sized(low), sized(high)] : [0, 0]
}

const roundStep = (rough: number, binary: boolean): number => {
  if (binary) return 2 ** Math.ceil(Math.log2(rough))
  const power = 10 ** Math.floor(Math.log10(rough))
  return ([1, 2, 5].find((factor) => factor * power >= rough * 0.999) ?? 10) * power
}

const SECOND = 1000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR
const STEPS = [
  ...[1, 2, 5, 10, 15, 30].map((n) => n * SECOND),
  ...[1, 2, 5, 10, 15, 30].map((n) => n * MINUTE),
  ...[1, 2, 3, 6, 12].map((n) => n * HOUR),
  ...[1, 2, 7, 14, 28, 91, 364].map((n) => n * DAY),
]

/** A horizontal axis: round times of one zone with UTC below them, and a title with day and zone. */
export type TimeAxis = {
  ticks: number[]
  label(time: number): string
  /** How many lines a label has: two where the zone's clock differs from UTC. */
  lines: 1 | 2
  name: string
}

/**
 * The axis for a range, epoch ms, with at most `most` labels. The zone's offset at the end of the range is used
 * throughout, even in a night of a DST change. The same picture appears in the channel, which uses the zone, and in the
 * postmortem, which uses UTC; hence both.
 */
export const timeAxis = (from: number, to: number, zone = 'UTC', most = 8): TimeAxis => {
  const clock = clockIn(zone)
  const offset = clock.offset(to)
  const step = STEPS.find((candidate) => (to - from) / candidate <= most) ?? (to - from) / most
  // Days are the same days within hours: only times of day need both clocks.
  const isUtc = offset === 0 || step >= DAY
  const ticks: number[] = []
  for (let tick = Math.ceil((from + offset) / step) * step - offset; tick <= to; tick += step) ticks.push(tick)
  return {
    ticks,
    label: (time) =>
      isUtc ? tickLabel(time + offset, step) : `${tickLabel(time + offset, step)}\n${tickLabel(time, step)}`,
    lines: isUtc ? 1 : 2,
    name: `${dayRange(from + offset, to + offset)}, ${clock.name(to)}${isUtc ? '' : ', UTC below'}`,
  }
}

/** @param local epoch ms of the zone's own wall clock, as if it were UTC */
const tickLabel = (local: number, step: number): string => {
  const iso = new Date(local).toISOString()
  if (step >= DAY) return shortDay(local)
  // Where a range crosses midnight, the label is the day that begins.
  if (local % DAY === 0) return shortDay(local)
  return step < MINUTE ? iso.slice(11, 19) : iso.slice(11, 16)
}

const shortDay = (time: number) =>
  new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', timeZone: 'UTC' }).format(time)

const dayRange = (from: number, to: number): string => {
  const day = new Intl.DateTimeFormat('en-GB', {
    weekday: 'short',
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    timeZone: 'UTC',
  })
  const [first, last] = [day.format(from), day.format(to)].map((text) => text.replace(',', ''))
  return first === last ? String(first) : `${first} to ${last}`
}
