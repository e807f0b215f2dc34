import type { ChartSnapshot, Series } from './evidence.ts'
import { byMovement, finite, median, shortNames } from './series.ts'
import { axisUnit, formatLimit, scaleFor } from './unit.ts'
import { clockIn, type ZoneClock } from './zone.ts'

/**
 * A chart small enough for Slack's own `data_visualization` block: at most 6 series of at most 20 points, every name
 * and category at most 20 characters and unique, and each series with exactly one finite value for every category.
 */
export type ChartPoints = {
  /** Times in the requested zone; the stretch that ends with the alert is called `alert 03:05`, or by what else began the incident: `03:05`, with seconds where points are closer than a minute, with the day (`21 Nov 03:05`) beyond 24 hours. */
  categories: string[]
  series: { name: string; data: { label: string; value: number }[] }[]
  /** The unit of the values: Slack writes numbers as they are, and 1073741824 bytes are 1 GiB. */
  unit: string
}

const LABEL_LENGTH = 20

/**
 * The lines that moved most, in few points. Each point stands at the end of its stretch of time and is the value in it that is furthest from the
 * line's median, so that a spike is not averaged away; the last one is the latest value, as the line beside it says.
 * Slack: a chart has no gaps, so that a stretch for which one of the drawn lines has no value is left out, and a line
 * that would cost more than half of the points is left out itself. It has no marks either: the threshold is a flat line
 * of its own, and the alert stands in the name of its stretch.
 * Undefined when there is nothing to draw.
 */
export const downsample = (
  snapshot: ChartSnapshot,
  { points = 20, series = 6, zone = 'UTC' }: { points?: number; series?: number; zone?: string } = {},
): ChartPoints | undefined => {
  const { from, to, at, threshold, unit, moment = 'alert' } = snapshot
  const most = threshold === undefined ? series : series - 1
  const { width, count, bucketOf, endOf } = stretches({ from, to, at, points })

  const lines = byMovement(snapshot.series, snapshot.at ?? (from + to) / 2).map((line) => {
    const inside = line.points.filter(([time]) => time >= from && time <= to)
    return { name: line.name || snapshot.title || 'value', values: bucketValues(inside, bucketOf) }
  })
  const longest = Math.max(0, ...lines.map(({ values }) => values.size))
  let common = Array.from({ length: count }, (_, bucket) => bucket)
  const drawn: typeof lines = []
  for (const line of lines) {
    const shared = common.filter((bucket) => line.values.has(bucket))
    if (shared.length === 0 || shared.length < longest / 2) continue
    common = shared
    drawn.push(line)
    if (drawn.length === most) break
  }
  if (drawn.length === 0) return undefined

  const label = labelFor(width, to - from, clockIn(zone))
  const alertIn = at === undefined || at < from || at > to ? undefined : bucketOf(at)
  const labels = common.map((bucket) =>
    bucket === alertIn && at !== undefined ? named(moment, label(at)) : label(endOf(bucket)),
  )
  const level = threshold === undefined ? [] : [`threshold ${formatLimit(threshold, axisUnit(unit))}`]
  const names = shortNames([...drawn.map(({ name }) => name), ...level], LABEL_LENGTH)
  const largest = drawn.flatMap(({ values }) => common.map((bucket) => Math.abs(values.get(bucket) ?? 0)))
  const written = scaleFor(Math.max(...largest, Math.abs(threshold ?? 0)), unit).unit
  const lineOf = (i: number, valueIn: (bucket: number) => number) => ({
    name: names[i] ?? '',
    data: common.map((bucket, j) => ({ label: labels[j] ?? '', value: rounded(valueIn(bucket) / written.factor) })),
  })
  return {
    categories: labels,
    unit: written.name,
    series: [
      ...drawn.map(({ values }, i) => lineOf(i, (bucket) => values.get(bucket) ?? 0)),
      ...level.map(() => lineOf(drawn.length, () => threshold ?? 0)),
    ],
  }
}

/** `alert 03:05`; only the time where both would be too long. */
const named = (moment: string, time: string): string => {
  const name = `${moment.split(' ')[0]} ${time}`
  return name.length > LABEL_LENGTH ? time : name
}

/**
 * Cuts the time into at most `points` stretches, each named by its end, so that a point never shows what came after its
 * label. One ends at the alert, the last at `to`.
 */
const stretches = ({ from, to, at, points }: { from: number; to: number; at?: number | undefined; points: number }) => {
  const width = Math.max(1, (to - from) / Math.max(1, points - 1))
  const origin = at === undefined || at < from || at > to ? to : at
  const stepsTo = (time: number) => Math.ceil((time - origin) / width)
  const first = stepsTo(from)
  // A rest too short for a label of its own belongs to the stretch before it.
  const rest = (to - origin) % width
  const last = Math.max(first, rest > 0 && rest < 60_000 ? stepsTo(to) - 1 : stepsTo(to))
  return {
    width,
    count: last - first + 1,
    bucketOf: (time: number) => Math.min(last, Math.max(first, stepsTo(time))) - first,
    endOf: (bucket: number) => (bucket + first === last ? to : origin + (bucket + first) * width),
  }
}

/** A value this many times as far from the usual one as the latest is a spike of its own. */
const SPIKE = 1.2

const bucketValues = (points: Series['points'], bucketOf: (time: number) => number): Map<number, number> => {
  const usual = median(finite(points)) ?? 0
  const values = new Map<number, number>()
  for (const [time, value] of points) {
    if (value === null || !Number.isFinite(value)) continue
    const bucket = bucketOf(time)
    const known = values.get(bucket)
    if (known === undefined || Math.abs(value - usual) >= Math.abs(known - usual)) values.set(bucket, value)
  }
  const ends = [points.find(isMeasured), points.findLast(isMeasured)]
  for (const end of ends) {
    if (!end) continue
    const bucket = bucketOf(end[0])
    const furthest = values.get(bucket) ?? 0
    values.set(bucket, end[1] as number)
    // A spike in the last stretch must not be lost to the latest value: it moves one stretch back.
    const [one, other] = [Math.abs(furthest - usual), Math.abs((values.get(bucket - 1) ?? usual) - usual)]
    const isLost = one > SPIKE * Math.abs((end[1] as number) - usual)
    if (end === ends[1] && bucket > 0 && isLost && one > other) values.set(bucket - 1, furthest)
  }
  return values
}

const isMeasured = ([, value]: Series['points'][number]): boolean => value !== null && Number.isFinite(value)

const labelFor = (width: number, range: number, clock: ZoneClock): ((time: number) => string) => {
  if (range > 86_400_000) return (time) => `${clock.day(time)} ${clock.time(time)}`
  if (width < 1000) return (time) => `${clock.seconds(time)}${new Date(Math.round(time)).toISOString().slice(19, 23)}`
  return width < 60_000 ? clock.seconds : clock.time
}

/** More digits than anyone can distinguish only make the message longer. */
const rounded = (value: number): number => Number(value.toPrecision(6))
