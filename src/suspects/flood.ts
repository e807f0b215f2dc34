import type { CallGraph } from './call-graph.ts'
import type { Edge, SignalSeries } from './input.ts'
import type { Reading } from './readings.ts'
import type { SeriesScore } from './series-score.ts'
import { scoreSeries } from './series-score.ts'
import type { Tuning } from './tuning.ts'
import { measured, slice, type Windows } from './windows.ts'

/**
 * A caller that suddenly sends much more to one callee than its own requests explain: an unknown publisher, a query in
 * a loop, a retry storm, or cache misses that now reach the database.
 */
export type Flood = {
  client: string
  server: string
  /** Requests a second over the edge. */
  rate: SeriesScore
  score: number
  /** 0-1: this caller's share of the whole rise at the callee. */
  share: number
  /** The edge was not there before. */
  isNew: boolean
  /** Calls for each request the caller itself received; undefined where nothing counts those. */
  perRequest?: { baseline: number; now: number } | undefined
  /** The callee was failing before the rise began: then these are retries, a response to its trouble. */
  isReaction: boolean
}

/**
 * Floods by callee, largest share first. An edge floods when its rate left its usual range upwards, makes at least half
 * of the rise at the callee, and the caller's own traffic did not rise along (0.8 of the score). A rise of less than a
 * tenth of the callee's usual traffic is not a flood.
 */
export const floodsOf = (
  edges: readonly Edge[],
  { graph, readings }: { graph: CallGraph; readings: ReadonlyMap<string, Reading> },
  windows: Windows,
  tuning: Tuning,
): Flood[] => {
  const rated = edges
    .filter((edge) => edge.client !== edge.server && graph.edge(edge.client, edge.server) === edge)
    .flatMap((edge) => scoreRate(edge, windows, tuning) ?? [])
  return rated.flatMap(({ edge, rate, isNew }) => {
    const rise = rated
      .filter((other) => other.edge.server === edge.server)
      .reduce((sum, other) => sum + Math.max(0, other.rate.now - other.rate.baseline), 0)
    const usual = rated.reduce((sum, other) => sum + (other.edge.server === edge.server ? other.rate.baseline : 0), 0)
    if (rise < tuning.floodRise * usual) return []
    const share = rise > 0 ? (rate.now - rate.baseline) / rise : 0
    const score = isNew ? Math.max(rate.score, tuning.newCallerScore) : rate.score
    if (rate.direction !== 'up' || score < 1 || share < tuning.floodShare) return []
    const client = readings.get(edge.client)
    const inbound = client?.worst.traffic
    if (inbound?.direction === 'up' && inbound.score >= tuning.trafficExplains * rate.score) return []
    const troubleSince = firstUnusual(readings.get(edge.server))
    // Rates are means over several scrapes and so lag behind gauges; only a clear lead proves an order.
    const isReaction =
      troubleSince !== undefined &&
      rate.since !== undefined &&
      rate.since - troubleSince > tuning.reactionSeconds * 1000
    const perRequest =
      inbound && inbound.baseline > 0 && inbound.now > 0
        ? { baseline: rate.baseline / inbound.baseline, now: rate.now / inbound.now }
        : undefined
    return [{ client: edge.client, server: edge.server, rate, score, share, isNew, perRequest, isReaction }]
  })
}

/** An edge is a series of its own; one without any history was not called, which counts as zero and not as a gap. */
const scoreRate = (
  edge: Edge,
  windows: Windows,
  tuning: Tuning,
): { edge: Edge; rate: SeriesScore; isNew: boolean } | undefined => {
  if (!edge.rate) return undefined
  const isNew = slice(edge.rate, windows.baseline.from, windows.baseline.to, false).values.every((value) => value === 0)
  const values = isNew ? edge.rate.values.map((value) => (measured(value) ? value : 0)) : edge.rate.values
  const series: SignalSeries = {
    ...edge.rate,
    values,
    service: edge.client,
    metric: 'requests',
    signal: 'traffic',
    worse: 'up',
    unit: 'requests_per_second',
  }
  const rate = scoreSeries(series, windows, tuning)
  return 'score' in rate ? { edge, rate, isNew } : undefined
}

const firstUnusual = (reading: Reading | undefined): number | undefined => {
  const since = (reading?.scores ?? [])
    .filter(({ series, score }) => series.signal !== 'traffic' && series.signal !== 'other' && score >= 1)
    .flatMap((score) => score.since ?? [])
  return since.length === 0 ? undefined : Math.min(...since)
}
