import type { Catalogue } from './service.ts'

/** One cause reaches two steps along the calls; three would cover half of the system. */
const MOST_HOPS = 2

/** Whom each service calls, as metrics show it: ids of the catalogue, or the metrics' own names. Never changed once made. */
export type SeenCalls = ReadonlyMap<string, readonly string[]>

export const NO_CALLS: SeenCalls = new Map()

/** The services near one, each with the shortest path along the calls, caller first. */
export type Near = ReadonlyMap<string, readonly string[]>

type Graph = { callees: Map<string, string[]>; callers: Map<string, string[]>; near: Map<string, Near> }

/** The catalogue is read once at the start; look-ups must stay fast during an alert storm. */
const graphs = new WeakMap<Catalogue, WeakMap<SeenCalls, Graph>>()

const graphOf = (catalogue: Catalogue, seen: SeenCalls = NO_CALLS): Graph => {
  const known = graphs.get(catalogue)?.get(seen)
  if (known) return known
  const callees = new Map<string, string[]>()
  const callers = new Map<string, string[]>()
  const add = (client: string, server: string) => {
    if (callees.get(client)?.includes(server)) return
    callees.set(client, [...(callees.get(client) ?? []), server])
    callers.set(server, [...(callers.get(server) ?? []), client])
  }
  for (const { id, dependsOn } of catalogue.values()) for (const other of dependsOn) add(id, other)
  for (const [client, servers] of seen) for (const server of servers) add(client, server)
  const graph = { callees, callers, near: new Map<string, Near>() }
  graphs.set(catalogue, (graphs.get(catalogue) ?? new WeakMap<SeenCalls, Graph>()).set(seen, graph))
  return graph
}

/** What a service calls, and what calls it, at most two steps away. */
export const nearOf = (service: string, catalogue: Catalogue, seen: SeenCalls = NO_CALLS): Near => {
  const { callees, callers, near } = graphOf(catalogue, seen)
  const known = near.get(service)
  if (known) return known
  const down = waysFrom(service, (id) => callees.get(id) ?? [])
  const up = waysFrom(service, (id) => callers.get(id) ?? [])
  const all = new Map<string, readonly string[]>(down)
  for (const [id, way] of up) if (way.length < (all.get(id)?.length ?? Infinity)) all.set(id, way.toReversed())
  // Names outside the catalogue come from senders and are unbounded, so they are not cached.
  if (all.size > 0) near.set(service, all)
  return all
}

/** All dependencies of the services, direct and indirect. */
export const dependenciesOf = (services: readonly string[], catalogue: Catalogue): ReadonlySet<string> => {
  const below = new Set<string>()
  const follow = (id: string) => {
    for (const next of catalogue.get(id)?.dependsOn ?? []) {
      if (below.has(next)) continue
      below.add(next)
      follow(next)
    }
  }
  services.forEach(follow)
  return below
}

/**
 * Services, all their dependencies, direct and indirect, and the other callers of those: a shared search or database is
 * often exhausted by another of its callers.
 */
export const upstreamOf = (services: readonly string[], catalogue: Catalogue): ReadonlySet<string> => {
  const { callers } = graphOf(catalogue)
  const below = dependenciesOf(services, catalogue)
  return new Set([...services, ...below, ...[...below].flatMap((id) => callers.get(id) ?? [])])
}

/** Breadth first, so that the first path found to a service is a shortest one. */
const waysFrom = (service: string, next: (id: string) => readonly string[]): Map<string, string[]> => {
  const ways = new Map<string, string[]>()
  let edge = [[service]]
  for (let hop = 0; hop < MOST_HOPS; hop++) {
    edge = edge.flatMap((way) =>
      next(way.at(-1) as string).flatMap((id) => (id === service || ways.has(id) ? [] : [[...way, id]])),
    )
    for (const way of edge) if (!ways.has(way.at(-1) as string)) ways.set(way.at(-1) as string, way)
  }
  return ways
}
