import type { Edge, EdgeGap, SignalSeries, Timed } from '../../suspects/input.ts'
import type { Topology } from '../../topology/call.ts'
import { combined, foldedAll, sum } from '../../topology/lines.ts'

/** What the ranking needs of the calls among these services. */
export const callsOf = (
  { calls, nodes }: Topology,
  services: ReadonlySet<string>,
): { edges: Edge[]; edgeGaps: EdgeGap[]; virtual: string[]; declared: string[] } => {
  const among = calls.filter(({ client, server }) => services.has(client) && services.has(server))
  const present = [...nodes.values()].filter(({ name }) => services.has(name))
  return {
    edges: among.map(({ client, server, rate }) => ({ client, server, rate })),
    edgeGaps: among.flatMap(({ client, server, clientMs, serverMs }) =>
      clientMs && serverMs ? [{ client, server, ...difference(clientMs, serverMs) }] : [],
    ),
    virtual: present.filter(({ virtual }) => virtual).map(({ name }) => name),
    declared: present.filter(({ inCatalogue }) => inCatalogue).map(({ name }) => name),
  }
}

const difference = (a: Timed, b: Timed): Timed => combined(a, b, (x, y) => x - y)

/**
 * Requests, failures and latency of services that measure none themselves, or no longer do, as their callers see them: all
 * calls to one added up, the slowest of them for latency.
 */
export const seenByCallers = (
  { calls }: Topology,
  services: ReadonlySet<string>,
  own: readonly SignalSeries[],
): SignalSeries[] => {
  const has = (service: string, signal: SignalSeries['signal']) =>
    own.some((series) => series.service === service && series.signal === signal && goesOn(series))
  const inbound = Map.groupBy(
    calls.filter(({ rate }) => rate !== undefined),
    ({ server }) => server,
  )
  return [...inbound].flatMap(([service, group]): SignalSeries[] => {
    if (!services.has(service)) return []
    const rate = foldedAll(
      group.flatMap((call) => call.rate ?? []),
      sum,
    )
    const failed = group.every((call) => call.failed)
      ? foldedAll(
          group.flatMap((call) => call.failed ?? []),
          sum,
        )
      : undefined
    const slowest = foldedAll(
      group.flatMap((call) => call.serverMs ?? call.clientMs ?? []),
      Math.max,
    )
    return [
      ...(rate && !has(service, 'traffic')
        ? [
            series(service, rate, {
              metric: 'Requests',
              signal: 'traffic',
              worse: 'either',
              unit: 'requests_per_second',
            }),
          ]
        : []),
      ...(rate && failed && !has(service, 'errors')
        ? [
            series(service, share(failed, rate), {
              metric: 'Failed requests',
              signal: 'errors',
              worse: 'up',
              unit: 'percent',
            }),
          ]
        : []),
      ...(slowest && !has(service, 'latency')
        ? [series(service, slowest, { metric: 'P90 latency', signal: 'latency', worse: 'up', unit: 'ms' })]
        : []),
    ]
  })
}

/** Whether any of its last values is there; a scrape or two may fail. */
const goesOn = ({ values }: Timed): boolean => values.slice(-LAST_VALUES).some((value) => value !== null)

const LAST_VALUES = 4

type What = Pick<SignalSeries, 'metric' | 'signal' | 'worse' | 'unit'>

const series = (service: string, line: Timed, what: What): SignalSeries => ({ ...line, service, ...what })

/** Percent; of no requests none failed. */
const share = (part: Timed, whole: Timed): Timed =>
  combined(part, whole, (some, all) => (all > 0 ? Math.min(100, (100 * some) / all) : null))
