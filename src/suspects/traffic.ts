import type { CallGraph } from './call-graph.ts'
import type { Residual } from './explain-away.ts'
import type { Reading } from './readings.ts'
import { clamp } from './statistics.ts'
import type { Tuning } from './tuning.ts'

/**
 * What is left of a change of traffic: a rise counts 0.3 where a caller's own traffic rose at least 0.8 times as far, a
 * fall 0.5, because fewer requests are mostly an effect of trouble upstream.
 */
export const trafficResidual = (
  u: Reading,
  { graph, readings }: { graph: CallGraph; readings: ReadonlyMap<string, Reading> },
  tuning: Tuning,
): Residual => {
  const own = u.worst.traffic
  if (!own || own.score <= 0) return { score: 0 }
  if (own.direction === 'down') return { score: own.score * tuning.trafficDrop }
  const caller = graph.callers(u.service).find((name) => {
    const theirs = readings.get(name)?.worst.traffic
    return theirs?.direction === 'up' && theirs.score >= tuning.trafficExplains * own.score
  })
  if (!caller) return { score: own.score }
  const explainedBy = {
    service: caller,
    edge: { client: caller, server: u.service },
    of: 'traffic',
    by: 'traffic',
    share: 1,
  } as const
  return { score: own.score * tuning.trafficExplained, explainedBy }
}

/**
 * What is left of CPU or memory that rose with the service's own traffic: f = relative rise of traffic / relative rise of the
 * resource, within 0 and 1; residual = s (1 - 0.9 f). Serving twice the requests with twice the CPU is load, not illness. Pools,
 * queues and hit ratios are not divided: they run out at a point, whatever the load.
 */
export const loadResidual = (kind: 'saturation' | 'cpu' | 'memory', u: Reading, tuning: Tuning): number => {
  const own = u.worst[kind]
  const traffic = u.worst.traffic
  if (!own) return 0
  if (kind === 'saturation' || traffic?.direction !== 'up' || traffic.score < 1) return own.score
  if (own.baseline <= 0 || traffic.baseline <= 0 || own.delta <= 0) return own.score
  const share = clamp(traffic.delta / traffic.baseline / (own.delta / own.baseline), 0, 1)
  return own.score * (1 - tuning.explainMax * share)
}
