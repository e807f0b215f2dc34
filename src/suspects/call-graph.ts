import type { Edge, RankingInput } from './input.ts'
import type { Tuning } from './tuning.ts'

/** Who calls whom, and how far from the alert. */
export type CallGraph = {
  callees(service: string): readonly string[]
  callers(service: string): readonly string[]
  edge(client: string, server: string): Edge | undefined
  /** Do both take part in one cycle of calls? */
  sameCycle(a: string, b: string): boolean
  /** Calls from the alerting service, for every service its requests can reach. */
  hops: ReadonlyMap<string, number>
  /** Direct callers of reachable services: where floods and retry storms come from. */
  upstream: ReadonlySet<string>
  /** Does the graph say anything about where requests go? */
  scoped: boolean
  /** Does any edge name it? */
  knows(service: string): boolean
}

/**
 * Reads the edges breadth first from the alerting service, with a visited set against cycles. An alerting service
 * without any edge is assumed to be in front of the graph (a web page, a gateway without traces) and to call every
 * entry point.
 */
export const callGraph = ({ edges, alert }: Pick<RankingInput, 'edges' | 'alert'>, tuning: Tuning): CallGraph => {
  const byClient = new Map<string, Map<string, Edge>>()
  const byServer = new Map<string, string[]>()
  for (const edge of [...edges].sort(byName)) {
    if (edge.client === edge.server) continue
    const servers = byClient.get(edge.client) ?? new Map<string, Edge>()
    if (servers.has(edge.server)) continue
    byClient.set(edge.client, servers.set(edge.server, edge))
    byServer.set(edge.server, [...(byServer.get(edge.server) ?? []), edge.client])
  }
  const callees = (service: string) => [...(byClient.get(service)?.keys() ?? [])]
  const callers = (service: string) => byServer.get(service) ?? []
  const knows = (service: string) => byClient.has(service) || byServer.has(service)
  const entries = [...byClient.keys()].filter((service) => !byServer.has(service))
  const next = (service: string) => (service === alert.service && !knows(service) ? entries : callees(service))
  const hops = distances(alert.service, next, tuning.maxHops)
  const cycles = cyclesOf([...byClient.keys()], callees)
  return {
    callees,
    callers,
    edge: (client, server) => byClient.get(client)?.get(server),
    sameCycle: (a, b) => cycles.get(a) !== undefined && cycles.get(a) === cycles.get(b),
    hops,
    upstream: new Set([...hops.keys()].flatMap(callers).filter((service) => !hops.has(service))),
    scoped: byClient.size > 0,
    knows,
  }
}

const byName = (a: Edge, b: Edge) => compare(a.client, b.client) || compare(a.server, b.server)

/** Plain code unit order: the same on every machine, unlike a locale's. */
export const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

const distances = (from: string, next: (service: string) => string[], most: number): Map<string, number> => {
  const hops = new Map([[from, 0]])
  let frontier = [from]
  for (let hop = 1; hop <= most && frontier.length > 0; hop++) {
    const reached = [...new Set(frontier.flatMap(next))].filter((service) => !hops.has(service))
    for (const service of reached) hops.set(service, hop)
    frontier = reached
  }
  return hops
}

/** Strongly connected components by Tarjan's algorithm (SIAM Journal on Computing 1, 1972); only those of two and more. */
const cyclesOf = (nodes: string[], next: (service: string) => string[]): Map<string, number> => {
  const index = new Map<string, number>()
  const low = new Map<string, number>()
  const stack: string[] = []
  const cycle = new Map<string, number>()
  const visit = (node: string) => {
    index.set(node, index.size)
    low.set(node, index.get(node) as number)
    stack.push(node)
    for (const child of next(node)) {
      if (!index.has(child)) visit(child)
      if (stack.includes(child)) low.set(node, Math.min(low.get(node) as number, low.get(child) as number))
    }
    if (low.get(node) !== index.get(node)) return
    const members = stack.splice(stack.indexOf(node))
    if (members.length > 1) for (const member of members) cycle.set(member, index.get(node) as number)
  }
  for (const node of nodes) if (!index.has(node)) visit(node)
  return cycle
}
