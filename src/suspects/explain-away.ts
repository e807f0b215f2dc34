import type { CallGraph } from './call-graph.ts'
import type { NetworkEvidence } from './edge-gap.ts'
import type { SignalSeries } from './input.ts'
import type { Reading } from './readings.ts'
import type { EvidenceKind, Explanation } from './result.ts'
import type { SeriesScore } from './series-score.ts'
import { clamp } from './statistics.ts'
import type { Tuning } from './tuning.ts'

/** Kinds of trouble that propagate from a callee to its callers. */
export type Travelling = 'latency' | 'errors'

export type Residual = { score: number; explainedBy?: Explanation | undefined }

/**
 * What is left of a service's latency or errors once its direct callees are taken into account: residual = s_u (1 - 0.9 max f), f being the
 * largest share that any trouble of any callee v explains. Trouble below 1 explains nothing.
 *
 * - the same kind: f = min(1, s_v / s_u); where both have the same metric and their rates are known, f = sqrt(f frac) with
 *   frac = (rate_v / rate_u, within 0.05 and 3) delta_v / delta_u: a callee slower by 5 ms does not explain a caller slower by 2 s.
 * - a pool or queue that ran out: f = min(1, s_v / 2). A small excess there is a large delay here (queues are not linear), so how
 *   far the two strayed is not compared.
 * - CPU or memory at 90 % of its limit or more: the same. Below that: f = min(1, 0.7 s_v / s_u); 0.3 for errors, as a busy callee is slow long before it fails.
 * - the callee's network, for latency: f = min(1, net(v) / s_u).
 * - latency, for errors, as time-outs: f = min(1, 0.3 s_v / s_u).
 * - a callee that is down: f = 1.
 *
 * On a cycle everybody is everybody's callee and all would be excused: there only a stronger service explains a weaker one.
 */
export const explainAway = (
  kind: Travelling,
  u: Reading,
  {
    graph,
    readings,
    network,
  }: { graph: CallGraph; readings: ReadonlyMap<string, Reading>; network: ReadonlyMap<string, NetworkEvidence> },
  tuning: Tuning,
): Residual => {
  const own = u.worst[kind]
  if (!own || own.score <= 0) return { score: 0 }
  let best: Explanation | undefined
  for (const callee of graph.callees(u.service)) {
    const v = readings.get(callee)
    if (!v) continue
    if (graph.sameCycle(u.service, callee) && !outweighs(v, u, kind)) continue
    const { share, by } = largestShare(kind, own, u, v, network.get(callee)?.score ?? 0, tuning)
    if (share <= (best?.share ?? 0)) continue
    best = { service: callee, edge: { client: u.service, server: callee }, of: kind, by, share }
  }
  return best ? { score: own.score * (1 - tuning.explainMax * best.share), explainedBy: best } : { score: own.score }
}

const largestShare = (
  kind: Travelling,
  own: SeriesScore,
  u: Reading,
  v: Reading,
  net: number,
  tuning: Tuning,
): { share: number; by: EvidenceKind } => {
  const of = (score: number, enough: number): number => (score < 1 ? 0 : Math.min(1, score / enough))
  const same = of(v.worst[kind]?.score ?? 0, own.score)
  const busy = Math.max(v.worst.cpu?.score ?? 0, v.worst.memory?.score ?? 0)
  const full = Math.max(...[v.worst.cpu, v.worst.memory].map((one) => (isFull(one, tuning) ? (one?.score ?? 0) : 0)))
  const latency = v.worst.latency?.score ?? 0
  const shares: { share: number; by: EvidenceKind }[] = [
    { by: kind, share: Math.sqrt(same * sameMetricShare(kind, own, u, v, same, tuning)) },
    { by: 'saturation', share: of(v.worst.saturation?.score ?? 0, tuning.likelyScore) },
    { by: 'cpu', share: of(full, tuning.likelyScore) },
    { by: 'cpu', share: of((kind === 'latency' ? tuning.busyToLatency : tuning.busyToErrors) * busy, own.score) },
    kind === 'latency'
      ? { by: 'network', share: of(net, own.score) }
      : { by: 'latency', share: of(tuning.latencyToErrors * latency, own.score) },
    { by: 'silence', share: v.down ? 1 : 0 },
  ]
  return shares.reduce((most, one) => (one.share > most.share ? one : most))
}

const outweighs = (v: Reading, u: Reading, kind: Travelling): boolean => {
  const difference = (v.worst[kind]?.score ?? 0) - (u.worst[kind]?.score ?? 0)
  return difference > 0 || (difference === 0 && v.service > u.service)
}

/** The limit of a resource, when its unit or the source provides one. */
const limitOf = ({ limit, unit }: SignalSeries): number | undefined =>
  limit ?? (unit === 'ratio' ? 1 : unit === 'percent' ? 100 : undefined)

const isFull = (score: SeriesScore | undefined, tuning: Tuning): boolean => {
  const limit = score && limitOf(score.series)
  return limit !== undefined && score !== undefined && score.now >= tuning.fullShare * limit
}

/** frac, or `unknown` where the two cannot be compared. */
const sameMetricShare = (
  kind: Travelling,
  own: SeriesScore,
  u: Reading,
  v: Reading,
  unknown: number,
  tuning: Tuning,
): number => {
  const same = v.scores.find(({ series }) => series.signal === kind && series.metric === own.series.metric)
  if (!same || !u.rate || v.rate === undefined || own.delta <= 0) return unknown
  const calls = clamp(v.rate / u.rate, tuning.callsPerRequestMin, tuning.callsPerRequestMax)
  return clamp((calls * same.delta) / own.delta, 0, 1)
}

/**
 * What is left of a service's queues and waits when a resource of a callee has run out: whoever waits for a connection of
 * a database that gives out no more queues up at home. Only a resource at its known limit explains it, or a callee that is
 * down: residual = s_u (1 - 0.9 min(1, s_v / 2)).
 */
export const waitResidual = (
  u: Reading,
  { graph, readings }: { graph: CallGraph; readings: ReadonlyMap<string, Reading> },
  tuning: Tuning,
): Residual => {
  const own = u.worst.saturation
  if (!own || own.score <= 0) return { score: 0 }
  // A service whose own resource is at its limit is not merely waiting for somebody else's.
  if (isFull(own, tuning)) return { score: own.score }
  let best: Explanation | undefined
  for (const callee of graph.callees(u.service)) {
    const reading = readings.get(callee)
    const v = reading?.worst.saturation
    const isOut = v !== undefined && v.score >= 1 && isFull(v, tuning)
    if ((!isOut && !reading?.down) || graph.sameCycle(u.service, callee)) continue
    const share = reading?.down ? 1 : Math.min(1, (v?.score ?? 0) / tuning.likelyScore)
    if (share <= (best?.share ?? 0)) continue
    const by = reading?.down ? 'silence' : 'saturation'
    best = { service: callee, edge: { client: u.service, server: callee }, of: 'saturation', by, share }
  }
  return best ? { score: own.score * (1 - tuning.explainMax * best.share), explainedBy: best } : { score: own.score }
}

/** The score of a service by its own signals, whatever the reason. */
export const illness = (reading: Reading | undefined): number =>
  Math.max(
    0,
    ...(['latency', 'errors', 'saturation', 'cpu', 'memory'] as const).map((kind) => reading?.worst[kind]?.score ?? 0),
  )
