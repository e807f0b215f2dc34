import type { Call, Topology } from './call.ts'

/** How far to follow the calls, and how many services to keep. */
export type Reach = { maxHops?: number; most?: number }

/**
 * The services that may be related to one: itself, everything its requests can reach, its callers, and the other
 * callers of what it reaches (the origin of floods and retry storms). Nearest first, busier first among equals; at most
 * `most`, and how many were left out. For a service without any call, every service is near: the graph is incomplete.
 */
export const inReach = (
  service: string | undefined,
  { calls, nodes }: Topology,
  { maxHops = 6, most = 60 }: Reach = {},
): { services: string[]; leftOut: number } => {
  const traffic = trafficOf(calls)
  const known = service !== undefined && calls.some(({ client, server }) => client === service || server === service)
  const distance = known ? distances(service, calls, maxHops) : new Map([...nodes.keys()].map((name) => [name, 1]))
  if (service !== undefined) distance.set(service, 0)
  const sorted = [...distance.keys()].sort(
    (a, b) =>
      (distance.get(a) as number) - (distance.get(b) as number) ||
      (traffic.get(b) ?? 0) - (traffic.get(a) ?? 0) ||
      (a < b ? -1 : 1),
  )
  return { services: sorted.slice(0, most), leftOut: Math.max(0, sorted.length - most) }
}

/** Distance in calls; callers of what is reached come right after it. */
const distances = (from: string, calls: readonly Call[], maxHops: number): Map<string, number> => {
  const byClient = Map.groupBy(calls, ({ client }) => client)
  const byServer = Map.groupBy(calls, ({ server }) => server)
  const away = new Map([[from, 0]])
  let frontier = [from]
  for (let hop = 1; hop <= maxHops && frontier.length > 0; hop++) {
    const next = new Set(frontier.flatMap((name) => (byClient.get(name) ?? []).map(({ server }) => server)))
    frontier = [...next].filter((name) => !away.has(name))
    for (const name of frontier) away.set(name, hop)
  }
  for (const [name, hop] of [...away])
    for (const { client } of byServer.get(name) ?? []) if (!away.has(client)) away.set(client, hop + 1)
  return away
}

/** Requests a second that each service takes part in, by the latest value of each call. */
const trafficOf = (calls: readonly Call[]): Map<string, number> => {
  const traffic = new Map<string, number>()
  for (const { client, server, rate } of calls) {
    const latest = rate?.values.findLast((value) => value !== null) ?? 0
    for (const name of [client, server]) traffic.set(name, (traffic.get(name) ?? 0) + latest)
  }
  return traffic
}
