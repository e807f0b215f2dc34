import type { ChartSnapshot, Series } from './evidence.ts'
import { byMovement, finite, median, shortNames } from './series.ts'

/**
 * A chart small enough for Slack's own `data_visualization` block: at most 6 series of at most 20 points, every name
 * and category at most 20 characters and unique, and each series with exactly one finite value for every category.
 */
export type ChartPoints = {
  /** Times in UTC: `03:05`, with seconds where points are closer than a minute, with the day (`21 Nov 03:05`) beyond 24 hours. */
  categories: string[]
  series: { name: string; data: { label: string; value: number }[] }[]
}

const LABEL_LENGTH = 20

/**
 * The lines that moved most, in few points. Each point is the value of its stretch of time that is furthest from the
 * line's median, so that a spike is not averaged away. Slack has no gaps: a stretch for which one of the drawn lines
 * has no value is left out, and a line that would cost more than half of the points is left out itself.
 * Undefined when there is nothing to draw.
 */
export const downsample = (
  snapshot: ChartSnapshot,
  { points = 20, series = 6 }: { points?: number; series?: number } = {},
): ChartPoints | undefined => {
  const { from, to } = snapshot
  const width = Math.max(1, (to - from) / points)
  const bucketOf = (time: number) => Math.min(points - 1, Math.floor((time - from) / width))

  const lines = byMovement(snapshot.series, snapshot.at ?? (from + to) / 2).map((line) => {
    const inside = line.points.filter(([time]) => time >= from && time <= to)
    return { name: line.name || snapshot.title || 'value', values: bucketValues(inside, bucketOf) }
  })
  const most = Math.max(0, ...lines.map(({ values }) => values.size))
  let common = Array.from({ length: points }, (_, bucket) => bucket)
  const drawn: typeof lines = []
  for (const line of lines) {
    const shared = common.filter((bucket) => line.values.has(bucket))
    if (shared.length === 0 || shared.length < most / 2) continue
    common = shared
    drawn.push(line)
    if (drawn.length === series) break
  }
  if (drawn.length === 0) return undefined

  const label = labelFor(width, to - from)
  const labels = common.map((bucket) => label(from + bucket * width))
  const names = shortNames(
    drawn.map(({ name }) => name),
    LABEL_LENGTH,
  )
  return {
    categories: labels,
    series: drawn.map(({ values }, i) => ({
      name: names[i] ?? '',
      data: common.map((bucket, j) => ({ label: labels[j] ?? '', value: rounded(values.get(bucket) ?? 0) })),
    })),
  }
}

const bucketValues = (points: Series['points'], bucketOf: (time: number) => number): Map<number, number> => {
  const usual = median(finite(points)) ?? 0
  const values = new Map<number, number>()
  for (const [time, value] of points) {
    if (value === null || !Number.isFinite(value)) continue
    const bucket = bucketOf(time)
    const known = values.get(bucket)
    if (known === undefined || Math.abs(value - usual) >= Math.abs(known - usual)) values.set(bucket, value)
  }
  return values
}

const labelFor = (width: number, range: number): ((time: number) => string) => {
  // 2026-11-21T03:05:00.000Z
  const iso = (time: number) => new Date(Math.round(time)).toISOString()
  if (range > 86_400_000) {
    // Made here and not once for all: the first of a process takes 9 MB.
    const day = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', timeZone: 'UTC' })
    return (time) => `${day.format(time)} ${iso(time).slice(11, 16)}`
  }
  if (width < 1000) return (time) => iso(time).slice(11, 23)
  return width < 60_000 ? (time) => iso(time).slice(11, 19) : (time) => iso(time).slice(11, 16)
}

/** More digits than anyone can see only make the message longer. */
const rounded = (value: number): number => Number(value.toPrecision(6))
