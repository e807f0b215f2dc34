import type { Catalogue } from '../incident/service.ts'
import type { Call, Measures, ObservedCall, Peer, PeerKind, Timed, Topology, TopologyNode } from './call.ts'
import { folded, sum } from './lines.ts'
import { canonicalNames } from './names.ts'

/**
 * Istio: traffic to a host that no sidecar or ServiceEntry knows goes through these clusters, or from an unknown
 * source.
 */
const NOBODY = /^(unknown|PassthroughCluster|BlackHoleCluster|InboundPassthroughCluster(Ipv4)?|.*_remote)$/i

/** Does the name stand for whatever the mesh or the traces do not know? */
export const isNobody = (name: string): boolean => NOBODY.test(name)

/**
 * Merges the calls seen by every convention and those declared in the catalogue into one call graph. Where several
 * conventions measure a call, the first that has a figure supplies it; workloads with one name are summed.
 * @param observed in order of trust.
 * @param reporting canonical names of services that report metrics themselves: those are never marked as seen only by
 * their callers.
 */
export const topologyOf = (
  observed: readonly ObservedCall[],
  catalogue: Catalogue,
  reporting: Iterable<string> = [],
): Topology => {
  const nameOf = canonicalNames(
    observed.flatMap(({ client, server }) => [client, server]),
    catalogue,
  )
  const rawNames = new Map<string, Set<string>>()
  const nodes = new Map<string, TopologyNode>()
  const calls = new Map<string, Call>()

  const meet = (peer: Peer, kind: PeerKind): string => {
    const name = nameOf(peer)
    rawNames.set(name, (rawNames.get(name) ?? new Set()).add(peer.name))
    const entry = catalogue.get(name)
    const known = nodes.get(name)
    nodes.set(name, {
      name,
      kind: known && known.kind !== 'service' ? known.kind : kind,
      inCatalogue: entry !== undefined,
      virtual: false,
      namespace: known?.namespace ?? peer.namespace,
      owner: entry?.owner,
    })
    return name
  }

  for (const group of Map.groupBy(observed, ({ source }) => source).values()) {
    const own = new Map<string, Call>()
    for (const one of group) {
      const client = meet(one.client, isNobody(one.client.name) ? 'external' : 'service')
      const server = meet(one.server, isNobody(one.server.name) ? 'external' : (one.serverKind ?? 'service'))
      if (client === server) continue
      const key = `${client}\u0000${server}`
      const before = own.get(key)
      own.set(key, {
        ...(before ? added(before, one) : measuresOf(one)),
        client,
        server,
        sources: [one.source],
        declared: catalogue.get(client)?.dependsOn.includes(server) ?? false,
      })
    }
    for (const [key, call] of own) calls.set(key, completed(calls.get(key), call))
  }
  for (const entry of catalogue.values())
    for (const server of entry.dependsOn) {
      const key = `${entry.id}\u0000${server}`
      if (calls.has(key)) continue
      for (const name of [entry.id, server]) if (!nodes.has(name)) nodes.set(name, declaredNode(name, catalogue))
      calls.set(key, { client: entry.id, server, sources: [], declared: true })
    }
  const observedCalls = [...calls.values()].filter(({ sources }) => sources.length > 0)
  const speaks = new Set(reporting)
  for (const { client, server, serverMs } of observedCalls)
    for (const name of serverMs ? [client, server] : [client]) speaks.add(name)
  const called = new Set(observedCalls.map(({ server }) => server))
  for (const [name, node] of nodes)
    nodes.set(name, { ...node, virtual: isNobody(name) || (called.has(name) && !speaks.has(name)) })
  return { nodes, calls: [...calls.values()], rawNames }
}

const declaredNode = (name: string, catalogue: Catalogue): TopologyNode => ({
  name,
  kind: 'service',
  inCatalogue: catalogue.has(name),
  virtual: false,
  owner: catalogue.get(name)?.owner,
})

const measuresOf = ({ rate, failed, clientMs, serverMs, dayBefore }: Measures): Measures => ({
  rate,
  failed,
  clientMs,
  serverMs,
  dayBefore,
})

/** Two workloads under one name: requests add up, the slower one is what callers notice. */
const added = (a: Measures, b: Measures): Measures => ({
  rate: both(a.rate, b.rate, sum),
  failed: both(a.failed, b.failed, sum),
  clientMs: both(a.clientMs, b.clientMs, Math.max),
  serverMs: both(a.serverMs, b.serverMs, Math.max),
  dayBefore:
    a.dayBefore === undefined && b.dayBefore === undefined ? undefined : (a.dayBefore ?? 0) + (b.dayBefore ?? 0),
})

const both = (a: Timed | undefined, b: Timed | undefined, fold: (x: number, y: number) => number): Timed | undefined =>
  a && b ? folded(a, b, fold) : (a ?? b)

/** What the first convention knows, completed by the next. */
const completed = (known: Call | undefined, next: Call): Call =>
  known
    ? {
        ...known,
        sources: [...known.sources, ...next.sources],
        rate: known.rate ?? next.rate,
        failed: known.failed ?? (known.rate ? undefined : next.failed),
        clientMs: known.clientMs ?? next.clientMs,
        serverMs: known.serverMs ?? next.serverMs,
        dayBefore: known.dayBefore ?? next.dayBefore,
      }
    : next
