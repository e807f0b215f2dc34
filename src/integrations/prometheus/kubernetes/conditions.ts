import type { ClusterCondition, ClusterFact } from '../../../incident/cluster-event.ts'
import type { Series } from '../../../incident/evidence.ts'
import { finite, median } from '../../../incident/series.ts'
import type { Labels } from '../belonging.ts'

/** A line of an answer, on the grid of the others. */
export type Line = { labels: Labels; points: Series['points'] }

type Points = Series['points']

/** Something that happened to one pod, deployment or node. */
export type Happening = { labels: Labels; at: number; times: number }

/** Where a condition (1, or 0) began within the range; one that held at its beginning is old. */
export const begun = (lines: readonly Line[]): Happening[] =>
  lines.flatMap(({ labels, points }) => {
    const first = points.findIndex(([, value]) => value === 1)
    return first > 0 ? [{ labels, at: (points[first] as Points[number])[0], times: 1 }] : []
  })

/** Every growth of a counter. What it counted before the range, or before it was scraped at all, is old. */
export const grown = (lines: readonly Line[]): Happening[] =>
  lines.flatMap(({ labels, points }) => {
    const found: Happening[] = []
    let known: number | undefined
    for (const [at, value] of points) {
      if (value === null) continue
      if (known !== undefined && value > known) found.push({ labels, at, times: value - known })
      known = value
    }
    return found
  })

/** A restart is reported with its reason: those that `killed` attributes to a lack of memory are not plain restarts. */
export const byReason = (
  restarts: readonly Happening[],
  killed: readonly Line[],
): { killed: Happening[]; others: Happening[] } => {
  const lines = new Map(killed.map((line) => [containerOf(line.labels), line.points]))
  const isKill = ({ labels, at }: Happening) =>
    lines.get(containerOf(labels))?.some(([time, value]) => value === 1 && time >= at && time <= at + REASON_WITHIN_MS)
  const { kills = [], others = [] } = Object.groupBy(restarts, (one) => (isKill(one) ? 'kills' : 'others'))
  return { killed: kills, others }
}

/** The reason is scraped with the restart, or with the scrape after it. */
const REASON_WITHIN_MS = 2 * 60_000

const containerOf = ({ namespace, pod, container }: Labels): string => JSON.stringify([namespace, pod, container])

/** Percentage of throttled time slices from which a service is noticeably slow. */
const THROTTLED = 25

/** Throttling that began within the range and lasted, in percent. */
export const throttledSince = (lines: readonly Line[], onset: number): Happening[] =>
  lines.flatMap(({ labels, points }) => {
    const usual = median(finite(points.filter(([time]) => time < onset - BEFORE_MS))) ?? 0
    const isThrottled = (value: number | null | undefined) =>
      typeof value === 'number' && value >= THROTTLED && value >= 2 * usual
    const first = points.findIndex(([, value], i) => isThrottled(value) && isThrottled(points[i + 1]?.[1]))
    if (first <= 0) return []
    const worst = finite(points.slice(first)).reduce((a, b) => Math.max(a, b))
    return [{ labels, at: (points[first] as Points[number])[0], times: worst }]
  })

const BEFORE_MS = 10 * 60_000

export type FactsOptions = {
  serviceOf(labels: Labels): string | undefined
  /** The label that names the pod, deployment or node. */
  object: string
  /** Of several: their sum, their number, or the worst. */
  count: 'times' | 'objects' | 'worst'
}

/** One fact for each service, or each object without one. */
export const factsOf = (
  condition: ClusterCondition,
  happenings: readonly Happening[],
  { serviceOf, object, count }: FactsOptions,
): ClusterFact[] => {
  const owned = happenings.map((one) => ({ ...one, service: serviceOf(one.labels) }))
  const groups = Map.groupBy(owned, ({ service, labels }) => JSON.stringify([service, service ?? labels[object]]))
  return [...groups.values()].flatMap((group) => {
    const sorted = group.toSorted((a, b) => a.at - b.at)
    const [first] = sorted
    if (!first) return []
    const { service, labels, at } = first
    const counts = {
      times: sorted.reduce((sum, { times }) => sum + times, 0),
      objects: new Set(sorted.map((one) => one.labels[object])).size,
      worst: sorted.reduce((most, { times }) => Math.max(most, times), 0),
    }
    return [
      {
        condition,
        ...(service === undefined ? {} : { service }),
        object: labels[object] ?? labels.container ?? 'unknown',
        since: at,
        count: counts[count],
      },
    ]
  })
}
