import type { SeenCalls } from '../incident/graph.ts'
import type { Topology } from './call.ts'
import { isNobody } from './merge.ts'

/** Who calls more services than this is a gateway or a scraper: that both of two are called by it says nothing. */
const MOST_CALLEES = 25

/** Whom each service was seen to call; without hosts that nobody knows, and without callers of everything. */
export const seenCallsOf = ({ calls }: Pick<Topology, 'calls'>): SeenCalls => {
  const seen = calls.filter(
    ({ client, server, sources }) => sources.length > 0 && !isNobody(client) && !isNobody(server),
  )
  const byClient = Map.groupBy(seen, ({ client }) => client)
  return new Map(
    [...byClient]
      .filter(([, group]) => group.length <= MOST_CALLEES)
      .map(([client, group]) => [client, group.map(({ server }) => server)]),
  )
}
