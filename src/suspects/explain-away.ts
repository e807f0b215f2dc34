import type { CallGraph } from './call-graph.ts'
import type { NetworkEvidence } from './edge-gap.ts'
import type { Reading } from './readings.ts'
import type { EvidenceKind, Explanation } from './result.ts'
import type { SeriesScore } from './series-score.ts'
import { clamp } from './statistics.ts'
import type { Tuning } from './tuning.ts'

/** Kinds of trouble that travel from a callee to its callers. */
export type Travelling = 'latency' | 'errors'

export type Residual = { score: number; explainedBy?: Explanation | undefined }

/**
 * What is left of a service's latency or errors once its direct callees are heard.
 *
 * strength_v = max(s_v(kind), s_v(saturation), 0.7 s_v(cpu, memory) [0.3 for errors: a busy callee is slow long before it fails],
 * net(v) [latency], 0.3 s_v(latency) [errors: time-outs]);
 * callees below 1 explain nothing. f = min(1, strength_v / s_u). Where both have the same metric and their rates are known,
 * frac = (rate_v / rate_u, within 0.05 and 3) delta_v / delta_u within 0 and 1, and f = sqrt(f frac): a callee that is slower by
 * 5 ms does not explain a caller slower by 2 s. residual = s_u (1 - 0.9 max f).
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
    const { strength, by } = strengthOf(kind, v, network.get(callee)?.score ?? 0, tuning)
    if (strength < 1) continue
    if (graph.sameCycle(u.service, callee) && !outweighs(v, u, kind)) continue
    const share = shareOf(kind, own, u, v, strength, tuning)
    if (best && share <= best.share) continue
    best = { service: callee, edge: { client: u.service, server: callee }, of: kind, by, share }
  }
  return best && best.share > 0
    ? { score: own.score * (1 - tuning.explainMax * best.share), explainedBy: best }
    : { score: own.score }
}

const strengthOf = (
  kind: Travelling,
  v: Reading,
  net: number,
  tuning: Tuning,
): { strength: number; by: EvidenceKind } => {
  const saturation = v.worst.saturation?.score ?? 0
  const busy = Math.max(v.worst.cpu?.score ?? 0, v.worst.memory?.score ?? 0)
  const latency = v.worst.latency?.score ?? 0
  const candidates: [number, EvidenceKind][] =
    kind === 'latency'
      ? [
          [latency, 'latency'],
          [saturation, 'saturation'],
          [tuning.busyToLatency * busy, 'cpu'],
          [net, 'network'],
        ]
      : [
          [v.worst.errors?.score ?? 0, 'errors'],
          [saturation, 'saturation'],
          [tuning.busyToErrors * busy, 'cpu'],
          [tuning.latencyToErrors * latency, 'latency'],
        ]
  const [strength, by] = candidates.reduce((most, candidate) => (candidate[0] > most[0] ? candidate : most))
  return { strength, by }
}

const outweighs = (v: Reading, u: Reading, kind: Travelling): boolean => {
  const difference = (v.worst[kind]?.score ?? 0) - (u.worst[kind]?.score ?? 0)
  return difference > 0 || (difference === 0 && v.service > u.service)
}

const shareOf = (
  kind: Travelling,
  own: SeriesScore,
  u: Reading,
  v: Reading,
  strength: number,
  tuning: Tuning,
): number => {
  const share = Math.min(1, strength / own.score)
  const same = v.scores.find(({ series }) => series.signal === kind && series.metric === own.series.metric)
  if (!same || !u.rate || v.rate === undefined || own.delta <= 0) return share
  const calls = clamp(v.rate / u.rate, tuning.callsPerRequestMin, tuning.callsPerRequestMax)
  return Math.sqrt(share * clamp((calls * same.delta) / own.delta, 0, 1))
}

/** How ill a service is by its own account, whatever the reason. */
export const illness = (reading: Reading | undefined): number =>
  Math.max(
    0,
    ...(['latency', 'errors', 'saturation', 'cpu', 'memory'] as const).map((kind) => reading?.worst[kind]?.score ?? 0),
  )
