import type { CallGraph } from './call-graph.ts'
import type { RankingInput } from './input.ts'
import type { Reading } from './readings.ts'
import type { Tuning } from './tuning.ts'

/**
 * Whether requests of the alerting service can get there. Unknown without a graph, and for a service without edges
 * although it serves requests: then the graph is incomplete. One without edges or requests is unreachable.
 */
export const reachable = ({ service, rate }: Reading, graph: CallGraph): boolean | null => {
  if (graph.hops.has(service)) return true
  if (!graph.scoped) return null
  return graph.knows(service) || rate === 0 ? false : null
}

/**
 * How likely the graph is wrong about unreachable services, 0-1. In a complete graph only entry points have no caller,
 * and a second one is common; the more of the other busy services have none, the more calls are missing: doubt = min(1,
 * 3 (orphans - 1) / busy services).
 */
export const graphDoubt = (readings: Iterable<Reading>, graph: CallGraph, { alert, virtual }: RankingInput): number => {
  const busy = [...readings].filter(
    ({ service, status, rate }) =>
      status === 'read' && rate !== 0 && service !== alert.service && !virtual.includes(service),
  )
  const orphans = busy.filter(({ service }) => graph.callers(service).length === 0 && graph.hops.get(service) !== 1)
  return busy.length === 0 ? 0 : Math.min(1, (3 * Math.max(0, orphans.length - 1)) / busy.length)
}

/** Seen only through its callers, and not declared as a dependency. */
export const seenByCallersOnly = (service: string, { virtual, declared }: RankingInput): boolean =>
  virtual.includes(service) && !declared?.includes(service)

/**
 * Discounts services whose trouble is seen through their callers only, and those out of the alert's reach as far as the
 * graph is reliable. A caller of somebody within reach can cause harm by what it sends, so its traffic counts in full;
 * its own latency and failures are effects.
 */
export const placeWeight = (
  reading: Reading,
  group: string,
  { graph, input, doubt }: { graph: CallGraph; input: RankingInput; doubt: number },
  tuning: Tuning,
): number => {
  const sends = (group === 'traffic' || group === 'flood') && graph.upstream.has(reading.service)
  const outOfReach = reachable(reading, graph) === false && !sends
  const outside = outOfReach ? tuning.unreachableWeight + (1 - tuning.unreachableWeight) * doubt : 1
  return outside * (seenByCallersOnly(reading.service, input) ? tuning.virtualWeight : 1)
}
