import type { CallFact } from '../incident/call-fact.ts'
import type { Call, Timed, Topology } from './call.ts'
import { isNobody } from './merge.ts'

/** Below this many requests a second a call is a probe or a person, not a new caller. */
const LEAST_RATE = 0.05
/** How much of the window must lie before the first call: a caller is new only if its absence was seen. */
const LEAST_ABSENCE = 0.2
/** Share of its present rate below which it called "never before". */
const NEVER_SHARE = 0.02

/**
 * New callers: nothing in the first part of the window (an hour), nothing at the same time a day before where that is
 * known, and calls now. Where no call at all was seen in the first part, the metrics are what is new, and nobody is
 * named. The busiest first.
 */
export const newCallers = ({ calls, nodes }: Topology): Extract<CallFact, { kind: 'new_caller' }>[] => {
  const rated = calls.filter((call): call is Call & { rate: Timed } => call.rate !== undefined)
  const seenEarly = rated.some(({ rate }) => early(rate).some((value) => value !== null && value > 0))
  if (!seenEarly) return []
  return rated
    .flatMap(({ client, server, rate, dayBefore }) => {
      const now = rate.values.findLast((value) => value !== null) ?? 0
      const little = Math.max(LEAST_RATE, NEVER_SHARE * now)
      if (now <= LEAST_RATE || (dayBefore ?? 0) > little) return []
      if (early(rate).some((value) => value !== null && value > little)) return []
      const first = rate.values.findIndex((value) => value !== null && value > little)
      const { inCatalogue = false, namespace, owner } = nodes.get(client) ?? {}
      return [
        {
          kind: 'new_caller' as const,
          client,
          server,
          since: rate.start + first * rate.stepSeconds * 1000,
          now,
          inCatalogue,
          ...(namespace ? { namespace } : {}),
          ...(owner ? { owner } : {}),
        },
      ]
    })
    .sort((a, b) => b.now - a.now || (a.client < b.client ? -1 : 1))
}

const early = ({ values }: Timed) => values.slice(0, Math.ceil(values.length * LEAST_ABSENCE))

/**
 * Called but not declared: destinations unknown to the mesh (`PassthroughCluster`, `*_remote`), hosts and databases
 * without an entry in the catalogue. Without a catalogue there is nothing to compare with. The busiest first.
 */
export const undeclaredDependencies = ({ calls, nodes }: Topology): Extract<CallFact, { kind: 'undeclared' }>[] => {
  if (![...nodes.values()].some(({ inCatalogue }) => inCatalogue)) return []
  const seen = Map.groupBy(
    calls.filter(({ sources }) => sources.length > 0),
    ({ server }) => server,
  )
  return [...seen]
    .filter(([server]) => {
      const node = nodes.get(server)
      return node !== undefined && !node.inCatalogue && (isNobody(server) || node.virtual || node.kind !== 'service')
    })
    .map(([server, group]) => {
      const rates = group.flatMap(({ rate }) => rate?.values.findLast((value) => value !== null) ?? [])
      return {
        kind: 'undeclared' as const,
        server,
        callers: group.map(({ client }) => client).sort(),
        now: rates.length === 0 ? null : rates.reduce((sum, value) => sum + value, 0),
      }
    })
    .sort((a, b) => (b.now ?? 0) - (a.now ?? 0) || (a.server < b.server ? -1 : 1))
}
