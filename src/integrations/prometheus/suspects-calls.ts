import type { Measures, ObservedCall, Timed } from '../../topology/call.ts'
import { folded, sum } from '../../topology/lines.ts'
import type { Look, LookGrid, MeasuredLine } from './suspects-ask.ts'
import type { CallLabels, CallQuery, Convention } from './topology/convention.ts'

/** Calls before anything was merged, with the conventions that showed them. */
export type Discovered = { calls: (ObservedCall & { tentative: boolean })[]; conventions: string[] }

const DAY = 86_400_000
/** Long enough for a call that comes every few minutes. */
const DISCOVERY_WINDOW = '10m'

/** One call of one convention, whatever measured it. */
const keyOf = ({ client, server }: CallLabels): string =>
  [client.namespace, client.name, server.namespace, server.name].join('\u0000')

type Instants = { labels: CallLabels; value: number }[]

/**
 * The call graph, over everything Prometheus has: now, before the trouble began (a service that is down calls nobody
 * any more), and at the same time a day before.
 */
export const discoverCalls = async (
  look: Look,
  conventions: readonly Convention[],
  { names, now, before }: { names: ReadonlySet<string>; now: number; before: number },
): Promise<Discovered> => {
  const found = await Promise.all(
    conventions.map(async (convention) => {
      const [first] = convention.queries({ names, window: DISCOVERY_WINDOW }) ?? []
      if (!first) return undefined
      const at = async (instant: number): Promise<Instants> =>
        ((await look.instant(`${first.query} > 0`, instant)) ?? []).flatMap(({ labels, value }) => {
          const call = convention.callOf(labels)
          return call && value !== null ? [{ labels: call, value }] : []
        })
      const [present, past, yesterday] = await Promise.all([at(now), at(before), at(now - DAY)])
      return {
        convention: convention.name,
        calls: together(
          { source: convention.name, isCounted: first.measure === 'rate' },
          now,
          present,
          past,
          yesterday,
        ),
      }
    }),
  )
  const seen = found.filter((one) => one !== undefined)
  return {
    calls: seen.flatMap(({ calls }) => calls),
    conventions: seen.filter(({ calls }) => calls.length > 0).map(({ convention }) => convention),
  }
}

const together = (
  { source, isCounted }: { source: string; isCounted: boolean },
  now: number,
  present: Instants,
  past: Instants,
  yesterday: Instants,
): Discovered['calls'] => {
  const dayBefore = preferred(yesterday)
  const calls = new Map<string, Discovered['calls'][number]>()
  // What is there now comes last, and stays.
  for (const [key, { labels, value }] of [...preferred(past), ...preferred(present)])
    calls.set(key, {
      source,
      client: labels.client,
      server: labels.server,
      serverKind: labels.serverKind,
      tentative: labels.tentative ?? false,
      rate: isCounted ? { start: now, stepSeconds: 1, values: [value] } : undefined,
      // A Prometheus without any calls from the day before cannot show that this one was missing.
      dayBefore: dayBefore.size === 0 ? undefined : (dayBefore.get(key)?.value ?? 0),
    })
  return [...calls.values()]
}

/** Both ends may count one call: the client's figure includes what never reached the server. */
const preferred = (instants: Instants): Map<string, { labels: CallLabels; value: number }> => {
  const kept = new Map<string, { labels: CallLabels; value: number }>()
  for (const one of instants) {
    const key = keyOf(one.labels)
    const known = kept.get(key)
    if (known && known.labels.side === one.labels.side) kept.set(key, { ...known, value: known.value + one.value })
    else if (!known || one.labels.side === 'client') kept.set(key, one)
  }
  return kept
}

type Sides = { client?: Timed; server?: Timed }
type Lines = { labels: CallLabels; rate: Sides; failed: Sides; latency: Sides }

/** The same calls with their figures over time. */
export const measureCalls = async (
  look: Look,
  conventions: readonly Convention[],
  {
    names,
    window,
    among,
    grid,
  }: { names: ReadonlySet<string>; window: string; among: readonly string[] | undefined; grid: LookGrid },
): Promise<ObservedCall[]> => {
  const measured = await Promise.all(
    conventions.map(async (convention) => {
      const queries = convention.queries({ names, window, among }) ?? []
      const answers = await Promise.all(
        queries.map(async (query) => ({ query, lines: await look.range(query.query, grid) })),
      )
      const countsFailures = answers.some(({ query, lines }) => query.measure === 'failed' && lines !== undefined)
      const calls = new Map<string, Lines>()
      for (const { query, lines = [] } of answers) for (const line of lines) take(calls, convention, query, line)
      return [...calls.values()].map(({ labels, rate, failed, latency }): ObservedCall => {
        const { client, server, serverKind } = labels
        return {
          source: convention.name,
          client,
          server,
          serverKind,
          ...figures({ rate, failed, latency }, countsFailures),
        }
      })
    }),
  )
  return measured.flat()
}

const take = (
  calls: Map<string, Lines>,
  convention: Convention,
  query: CallQuery,
  { labels, line }: MeasuredLine,
): void => {
  const call = convention.callOf(labels)
  if (!call || query.measure === 'presence') return
  const key = keyOf(call)
  const known = calls.get(key) ?? { labels: call, rate: {}, failed: {}, latency: {} }
  const side = (query.measure === 'latency' ? query.side : undefined) ?? call.side
  const sides = known[query.measure]
  const value = query.measure === 'latency' ? scaled(line, query.toMs) : line
  const before = sides[side]
  // One call may come in several lines, a workload of several versions: requests add up, the slowest counts.
  sides[side] = before ? folded(before, value, query.measure === 'latency' ? Math.max : sum) : value
  calls.set(key, known)
}

const figures = (
  { rate, failed, latency }: Pick<Lines, 'rate' | 'failed' | 'latency'>,
  countsFailures: boolean,
): Measures => {
  const counted = rate.client ?? rate.server
  // Failures of the same end: the two ends count different requests.
  const broken = rate.client ? failed.client : failed.server
  return {
    rate: counted,
    failed: counted && countsFailures ? noneIsZero(broken, counted) : undefined,
    clientMs: latency.client,
    serverMs: latency.server,
  }
}

/** A series of failures begins with the first one: until then, requests were counted and none failed. */
const noneIsZero = (failed: Timed | undefined, counted: Timed): Timed => ({
  ...counted,
  values: counted.values.map((all, i) => (all === null ? null : (failed?.values[i] ?? 0))),
})

const scaled = (line: Timed, factor: number): Timed => ({
  ...line,
  values: line.values.map((value) => (value === null ? null : value * factor)),
})

/** What was discovered but not measured (its queries failed, or it has no figures) stays in the graph without figures. */
export const completedBy = (measured: readonly ObservedCall[], { calls }: Discovered): ObservedCall[] => {
  const key = ({ source, client, server }: ObservedCall) =>
    [source, client.namespace, client.name, server.namespace, server.name].join('\u0000')
  const known = new Map(calls.map((call) => [key(call), call]))
  const seen = new Set(measured.map(key))
  return [
    ...measured.map((call) => ({ ...call, dayBefore: known.get(key(call))?.dayBefore })),
    ...calls.filter((call) => !seen.has(key(call))).map(({ rate: _rate, tentative: _tentative, ...call }) => call),
  ]
}
