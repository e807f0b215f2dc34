import type { NetworkEvidence } from './edge-gap.ts'
import type { Flood } from './flood.ts'
import type { SignalSeries } from './input.ts'
import type { SuspectSignal } from './result.ts'
import type { SeriesScore } from './series-score.ts'
import { measured } from './windows.ts'

/** A series as evidence; `residual` is what is left of its score after explanations. */
export const seriesSignal = (
  { series, direction, baseline, worst, since, score }: SeriesScore,
  residual: number,
): SuspectSignal => ({
  kind: series.signal,
  metric: series.metric,
  unit: series.unit,
  baseline,
  now: worst,
  direction,
  limit: series.limit,
  since,
  score,
  residual,
})

/** A service's worst edge as evidence for the whole of its network. */
export const networkSignal = ({ score, worst }: NetworkEvidence): SuspectSignal => ({
  kind: 'network',
  metric: 'time lost on the call',
  unit: 'ms',
  baseline: worst.baseline,
  now: worst.now,
  direction: 'up',
  score: worst.score,
  residual: score,
  edge: { client: worst.client, server: worst.server },
})

/** A flood as evidence: calls for each request where those can be counted, else requests a second. */
export const floodSignal = ({ client, server, rate, score, perRequest }: Flood, residual: number): SuspectSignal => ({
  kind: perRequest ? 'amplification' : 'flood',
  metric: perRequest ? 'calls for each request' : 'requests',
  unit: perRequest ? '' : 'requests_per_second',
  baseline: perRequest?.baseline ?? rate.baseline,
  now: perRequest?.now ?? rate.worst,
  direction: 'up',
  since: rate.since,
  score,
  residual,
  edge: { client, server },
})

/** The last value of a series that ended. */
export const endedSignal = ({ metric, unit, values }: SignalSeries, score: number): SuspectSignal => ({
  kind: 'silence',
  metric,
  unit,
  baseline: values.findLast(measured) ?? null,
  now: null,
  direction: 'down',
  score,
  residual: score,
})

/** What is down now, where no count of its requests has ended yet: rates go on for their range. */
export const downSignal = (score: number): SuspectSignal => ({
  kind: 'silence',
  metric: 'up',
  unit: '',
  baseline: 1,
  now: 0,
  direction: 'down',
  score,
  residual: score,
})
