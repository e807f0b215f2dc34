import type { Call, Topology } from './call.ts'

/** The part of a call graph that fits into one picture. */
export type Neighbourhood = {
  /** Service names, most important first. */
  services: string[]
  calls: Call[]
  /** Direct neighbours that are not drawn, by the drawn service that they call or that calls them. */
  folded: { at: string; side: 'callers' | 'callees'; count: number }[]
  /** Services connected to these that are not drawn, folded ones included. */
  leftOut: number
}

/** More boxes than this cannot be read. */
const MOST_SERVICES = 21
/** Boxes for folded neighbours, beside those. */
const MOST_FOLDED = 4
/** Up to this number of services neighbours of neighbours are drawn, too. */
const ENOUGH = 6

/**
 * What to draw: the centres with their neighbours, the busiest first; others that matter, and the calls that connect them.
 * @param centres most important first: what the picture is about, and the suspects. Without any, the busiest service.
 * @param others who else is in trouble
 */
export const neighbourhood = (
  { calls }: Pick<Topology, 'calls'>,
  {
    centres,
    others = [],
    most = MOST_SERVICES,
  }: { centres: readonly string[]; others?: readonly string[]; most?: number },
): Neighbourhood => {
  const near = neighboursOf(calls)
  const known = [...new Set([...centres, ...others])].filter((name) => near.has(name))
  const [centre = busiest(near), ...rest] = known
  if (centre === undefined) return { services: centres.slice(0, 1), calls: [], folded: [], leftOut: 0 }
  const shown = new Set([centre])
  const ways = waysFrom(centre, near)
  for (const name of rest) {
    const way = wayTo(name, ways)
    const missing = (way ?? [name]).filter((one) => !shown.has(one))
    if (shown.size + missing.length <= most) for (const one of missing) shown.add(one)
  }
  const grow = (from: readonly string[], upTo: number) => {
    const ring = from.flatMap((name) => [...(near.get(name) ?? [])]).filter(([name]) => !shown.has(name))
    for (const [name] of ring.toSorted((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)))
      if (shown.size < upTo) shown.add(name)
  }
  grow([centre, ...centres.filter((name) => shown.has(name))], most)
  while (shown.size < Math.min(ENOUGH, most)) {
    const before = shown.size
    grow([...shown], Math.min(ENOUGH, most))
    if (shown.size === before) break
  }
  return {
    services: [...shown],
    calls: calls.filter(({ client, server }) => shown.has(client) && shown.has(server)),
    folded: foldedAt(calls, shown),
    leftOut: [...ways.keys(), ...known].filter((name) => !shown.has(name)).length,
  }
}

/** Whom a service calls or is called by, with the requests a second between the two. */
type Neighbours = Map<string, Map<string, number>>

const neighboursOf = (calls: readonly Call[]): Neighbours => {
  const near: Neighbours = new Map()
  const add = (from: string, to: string, rate: number) => {
    const own = near.get(from) ?? new Map<string, number>()
    near.set(from, own.set(to, (own.get(to) ?? 0) + rate))
  }
  for (const { client, server, rate } of calls) {
    const latest = rate?.values.findLast((value) => value !== null) ?? 0
    add(client, server, latest)
    add(server, client, latest)
  }
  return near
}

const busiest = (near: Neighbours): string | undefined => {
  const total = (name: string) => [...(near.get(name)?.values() ?? [])].reduce((sum, rate) => sum + rate, 0)
  return [...near.keys()].sort((a, b) => total(b) - total(a) || (a < b ? -1 : 1))[0]
}

/** Everything connected with a service, each with the service before it on a shortest way. */
const waysFrom = (centre: string, near: Neighbours): Map<string, string | undefined> => {
  const before = new Map<string, string | undefined>([[centre, undefined]])
  let edge = [centre]
  while (edge.length > 0) {
    const next: string[] = []
    for (const name of edge)
      for (const other of near.get(name)?.keys() ?? [])
        if (!before.has(other)) {
          before.set(other, name)
          next.push(other)
        }
    edge = next
  }
  return before
}

const wayTo = (name: string, before: Map<string, string | undefined>): string[] | undefined => {
  if (!before.has(name)) return undefined
  const way: string[] = []
  for (let one: string | undefined = name; one !== undefined; one = before.get(one)) way.push(one)
  return way
}

/** One service more or less is drawn or left to the caption; a box is for several. */
const LEAST_FOLDED = 2

const foldedAt = (calls: readonly Call[], shown: ReadonlySet<string>): Neighbourhood['folded'] => {
  const groups = new Map<string, { at: string; side: 'callers' | 'callees'; names: Set<string> }>()
  const fold = (at: string, side: 'callers' | 'callees', name: string) => {
    const key = `${side} ${at}`
    const group = groups.get(key) ?? { at, side, names: new Set<string>() }
    group.names.add(name)
    groups.set(key, group)
  }
  for (const { client, server } of calls) {
    if (shown.has(client) && !shown.has(server)) fold(client, 'callees', server)
    if (shown.has(server) && !shown.has(client)) fold(server, 'callers', client)
  }
  return [...groups.values()]
    .filter(({ names }) => names.size >= LEAST_FOLDED)
    .sort((a, b) => b.names.size - a.names.size || (a.at < b.at ? -1 : 1))
    .slice(0, MOST_FOLDED)
    .map(({ at, side, names }) => ({ at, side, count: names.size }))
}
