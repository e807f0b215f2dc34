import type { CallGraph } from './call-graph.ts'
import type { RankingInput } from './input.ts'
import type { Reading } from './readings.ts'
import type { Tuning } from './tuning.ts'

/**
 * Can requests of the alerting service get there? Unknown without a graph, and for a service that no edge names although it serves
 * requests: then the graph is incomplete. One that no edge names and nobody asks anything is out of the way.
 */
export const reachable = ({ service, rate }: Reading, graph: CallGraph): boolean | null => {
  if (graph.hops.has(service)) return true
  if (!graph.scoped) return null
  return graph.knows(service) || rate === 0 ? false : null
}

/** Seen only through its callers, and nobody wrote it down as a dependency. */
export const seenByCallersOnly = (service: string, { virtual, declared }: RankingInput): boolean =>
  virtual.includes(service) && !declared?.includes(service)

/**
 * Less for services whose trouble is seen through their callers only, and for those out of the alert's reach. A caller of somebody
 * within reach can harm by what it sends, so its traffic counts in full; its own slowness and failures are effects.
 */
export const placeWeight = (
  reading: Reading,
  group: string,
  { graph, input }: { graph: CallGraph; input: RankingInput },
  tuning: Tuning,
): number => {
  const sends = (group === 'traffic' || group === 'flood') && graph.upstream.has(reading.service)
  const outOfReach = reachable(reading, graph) === false && !sends
  return (
    (seenByCallersOnly(reading.service, input) ? tuning.virtualWeight : 1) * (outOfReach ? tuning.unreachableWeight : 1)
  )
}
