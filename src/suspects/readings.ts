import type { RankingInput, SignalKind, SignalSeries } from './input.ts'
import type { DataStatus } from './result.ts'
import { type SeriesScore, scoreSeries, type Unscored } from './series-score.ts'
import { median, sorted } from './statistics.ts'
import type { Tuning } from './tuning.ts'
import { slice, type Windows } from './windows.ts'

/** All evidence in the series of one service, before others are considered. */
export type Reading = {
  service: string
  status: DataStatus
  scores: SeriesScore[]
  /** The series of each kind that deviates furthest. */
  worst: Partial<Record<SignalKind, SeriesScore>>
  /** Series that were there before and ended. */
  ended: SignalSeries[]
  /** It is proven to be down. */
  down: boolean
  /** Series without a past. */
  fresh: SignalSeries[]
  /** Requests in the test window, and per second; undefined when not measured. */
  requests?: number | undefined
  rate?: number | undefined
}

/** Reads every service that is named anywhere, in the order of their names. */
export const readServices = (input: RankingInput, windows: Windows, tuning: Tuning): Map<string, Reading> => {
  const bySeries = Map.groupBy(input.series, (series) => series.service)
  const names = new Set([
    input.alert.service,
    ...bySeries.keys(),
    ...input.edges.flatMap((edge) => [edge.client, edge.server]),
    ...input.edgeGaps.flatMap((gap) => [gap.client, gap.server]),
  ])
  const created = new Set(input.created)
  const down = new Set(input.down)
  const readings = [...names].sort().map((service): [string, Reading] => {
    const series = bySeries.get(service) ?? []
    const usually = usualRequests(series, windows)
    const outcomes = series.map((one) => scoreSeries(one, windows, tuning, usually))
    const own = { service, down: down.has(service) }
    return [service, { ...own, ...summed(outcomes, created.has(service)), ...volume(series, windows) }]
  })
  return new Map(readings)
}

const summed = (outcomes: (SeriesScore | Unscored)[], isCreated: boolean): Omit<Reading, 'service' | 'down'> => {
  const scores = outcomes.filter((outcome) => 'score' in outcome)
  const unscored = outcomes.filter((outcome) => 'unscored' in outcome)
  const worst: Reading['worst'] = {}
  for (const score of scores) {
    const best = worst[score.series.signal]
    // Equal scores are settled by the metric's name, so that the order in which series arrive changes nothing.
    const wins =
      !best || score.score > best.score || (score.score === best.score && score.series.metric < best.series.metric)
    if (wins) worst[score.series.signal] = score
  }
  // One fault shows in every percentile; when only the outermost moves, a handful of requests caused it. So the middle
  // one counts.
  if (worst.latency)
    worst.latency = { ...worst.latency, score: middle(scores.filter(({ series }) => series.signal === 'latency')) }
  const ended = unscored.filter(({ unscored }) => unscored === 'silent').map(({ series }) => series)
  const fresh = unscored.filter(({ unscored }) => unscored === 'new').map(({ series }) => series)
  return { scores, worst, ended, fresh, status: statusOf(scores.length, ended.length, fresh.length, isCreated) }
}

const middle = (scores: SeriesScore[]): number => median(sorted(scores.map(({ score }) => score)))

const statusOf = (scored: number, ended: number, fresh: number, isCreated: boolean): DataStatus => {
  if (scored > 0) return 'read'
  if (fresh > 0 || isCreated) return 'new'
  return ended > 0 ? 'silent' : 'no data'
}

/** The first series that counts requests in a unit we know. */
const counter = (series: readonly SignalSeries[]): { counted: SignalSeries; perValue: number } | undefined => {
  const counted = series.find(({ signal, unit }) => signal === 'traffic' && unit.startsWith('requests_per_'))
  return counted && { counted, perValue: counted.unit === 'requests_per_step' ? 1 : counted.stepSeconds }
}

/** Median requests a step of the baseline. */
const usualRequests = (series: readonly SignalSeries[], { baseline }: Windows): number | undefined => {
  const count = counter(series)
  if (!count) return undefined
  const { values } = slice(count.counted, baseline.from, baseline.to, false)
  return values.length === 0 ? undefined : median(sorted(values)) * count.perValue
}

const volume = (series: readonly SignalSeries[], { test }: Windows): { requests?: number; rate?: number } => {
  const count = counter(series)
  if (!count) return {}
  const { values } = slice(count.counted, test.from, test.to, true)
  if (values.length === 0) return {}
  const requests = values.reduce((sum, value) => sum + value, 0) * count.perValue
  return { requests, rate: requests / (values.length * count.counted.stepSeconds) }
}
