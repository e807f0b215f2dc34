import type { CallGraph } from './call-graph.ts'
import type { Residual } from './explain-away.ts'
import type { Reading } from './readings.ts'
import type { Tuning } from './tuning.ts'

/**
 * What is left of a change of traffic: a rise counts 0.3 where a caller's own traffic rose at least 0.8 times as far, a fall 0.5,
 * for fewer requests mostly are what trouble upstream leaves over.
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
