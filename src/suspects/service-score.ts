import type { CallGraph } from './call-graph.ts'
import type { NetworkEvidence } from './edge-gap.ts'
import { explainAway } from './explain-away.ts'
import type { RankingInput } from './input.ts'
import type { Reading } from './readings.ts'
import type { EvidenceKind, Explanation, SuspectSignal } from './result.ts'
import type { SeriesScore } from './series-score.ts'
import { trafficResidual } from './traffic.ts'
import type { Tuning } from './tuning.ts'
import { alertWeight, impactWeight, kindWeight, volumeWeight } from './weights.ts'

/** All that one service is judged by. */
export type Surroundings = {
  input: RankingInput
  graph: CallGraph
  readings: ReadonlyMap<string, Reading>
  network: ReadonlyMap<string, NetworkEvidence>
}

/** One kind of evidence after everything else was heard. */
type Part = { group: string; weighted: number; signal: SuspectSignal; explainedBy?: Explanation | undefined }

/** Share of a service's trouble from which it is said to be explained by another. */
const EXPLAINED_SHARE = 0.5

export type Judged = { score: number; signals: SuspectSignal[]; explainedBy?: Explanation | undefined }

/**
 * score = p1 + 0.3 p2 over the service's kinds of evidence {saturation, network, latency, errors, traffic, other}, strongest
 * first: a second kind confirms, but kinds of one service are correlated, so they do not add up.
 */
export const judge = (u: Reading, around: Surroundings, tuning: Tuning): Judged => {
  const parts = partsOf(u, around, tuning).sort((a, b) => b.weighted - a.weighted)
  const first = parts[0]
  const second = parts.find((part) => part.group !== first?.group)
  const explained = parts
    .filter(({ signal, explainedBy }) => signal.score >= 1 && explainedBy && explainedBy.share >= EXPLAINED_SHARE)
    .sort((a, b) => b.signal.score - a.signal.score)[0]
  return {
    score: (first?.weighted ?? 0) + tuning.secondPart * (second?.weighted ?? 0),
    signals: parts.map((part) => part.signal),
    explainedBy: explained?.explainedBy,
  }
}

const partsOf = (u: Reading, around: Surroundings, tuning: Tuning): Part[] => {
  const { input, network, readings } = around
  const weigh = (kind: EvidenceKind) => alertWeight(kind, input.alert.signal, tuning)
  const parts: Part[] = []
  for (const kind of ['latency', 'errors'] as const) {
    const own = u.worst[kind]
    if (!own) continue
    const residual = explainAway(kind, u, around, tuning)
    const impact = impactWeight(kind, u, readings.get(input.alert.service), tuning)
    const left = residual.score * impact * volumeWeight(u, tuning)
    parts.push({
      group: kind,
      weighted: left * weigh(kind),
      signal: signalOf(own, left),
      explainedBy: residual.explainedBy,
    })
  }
  for (const kind of ['saturation', 'cpu', 'memory'] as const) {
    const own = u.worst[kind]
    if (own) parts.push({ group: 'saturation', weighted: own.score * weigh(kind), signal: signalOf(own, own.score) })
  }
  const traffic = u.worst.traffic
  if (traffic) {
    const residual = trafficResidual(u, around, tuning)
    const weighted = residual.score * kindWeight('traffic', tuning) * weigh('traffic')
    parts.push({
      group: 'traffic',
      weighted,
      signal: signalOf(traffic, residual.score),
      explainedBy: residual.explainedBy,
    })
  }
  const other = u.worst.other
  if (other)
    parts.push({
      group: 'other',
      weighted: other.score * kindWeight('other', tuning) * weigh('other'),
      signal: signalOf(other, other.score),
    })
  const net = network.get(u.service)
  if (net) parts.push({ group: 'network', weighted: net.score * weigh('network'), signal: networkSignal(net) })
  return parts
}

const signalOf = (
  { series, direction, baseline, now, since, score }: SeriesScore,
  residual: number,
): SuspectSignal => ({
  kind: series.signal,
  metric: series.metric,
  unit: series.unit,
  baseline,
  now,
  direction,
  limit: series.limit,
  since,
  score,
  residual,
})

const networkSignal = ({ score, worst }: NetworkEvidence): SuspectSignal => ({
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
