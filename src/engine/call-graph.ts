import type { CallFact } from '../incident/call-fact.ts'
import type { CallGraph, CallGraphEdge, CallGraphNode } from '../incident/call-graph.ts'
import type { SuspectLabel } from '../incident/ranking.ts'
import type { Ranking, Suspect } from '../suspects/result.ts'
import type { Call, Timed, Topology, TopologyNode } from '../topology/call.ts'
import { isNobody } from '../topology/merge.ts'
import { neighbourhood } from '../topology/neighbourhood.ts'
import { wordsOf } from './call-graph-words.ts'

export type CallGraphInput = {
  topology: Topology
  ranking: Ranking
  /** How sure the ranking may be, given how much was answered. */
  label: SuspectLabel
  facts: readonly CallFact[]
  /** What the picture is about; undefined when nobody knows. */
  service: string | undefined
  /** Services whose alerts fire. */
  alerting: readonly string[]
  source: string
  /** Epoch ms. */
  at: number
}

/** Other affected services, besides suspects and alerting ones, that are always drawn. */
const MOST_IN_TROUBLE = 8
/** From this percentage of failed requests on, a call is drawn as failing. */
const FAILING_PERCENT = 5

/** The call graph around a service, annotated with the ranking; undefined where no call was seen. */
export const callGraphOf = (input: CallGraphInput): CallGraph | undefined => {
  const { topology, ranking, facts, service, alerting, source, at } = input
  if (topology.calls.length === 0) return undefined
  const suspects = new Map(ranking.suspects.map((suspect) => [suspect.service, suspect]))
  const newCalls = new Map(
    facts.flatMap((fact) =>
      fact.kind === 'new_caller' ? [[keyOf(fact.client, fact.server), fact.since] as const] : [],
    ),
  )
  const centres = [
    ...(service === undefined ? [] : [service]),
    ...ranking.suspects.filter(({ label }) => label !== 'no clear suspect').map((one) => one.service),
  ]
  const others = [
    ...alerting,
    ...facts.flatMap((fact) => (fact.kind === 'new_caller' ? [fact.client, fact.server] : [])),
    ...ranking.suspects
      .filter(({ signals }) => signals.length > 0)
      .slice(0, MOST_IN_TROUBLE)
      .map((one) => one.service),
  ]
  const { services, calls, folded, leftOut } = neighbourhood(topology, { centres, others })
  const focus = new Set([...(service === undefined ? [] : [service]), ...alerting])
  return {
    kind: 'call_graph',
    source: sourcesOf(calls, source),
    title: service === undefined ? 'Who calls whom' : `Who calls whom around ${service}`,
    at,
    nodes: services.map((name) => nodeOf(name, suspects.get(name), topology.nodes.get(name), focus, input)),
    edges: calls.map((call) => edgeOf(call, newCalls, suspects)),
    folded,
    leftOut,
    notes: [],
  }
}

const keyOf = (client: string, server: string) => `${client}\u0000${server}`

/** Where the calls were seen: `Istio, connections by user`. */
const sourcesOf = (calls: readonly Call[], source: string): string => {
  const seen = [...new Set(calls.flatMap(({ sources }) => sources))]
  const declared = calls.some(({ sources }) => sources.length === 0)
  return [...(seen.length > 0 ? seen : [source]), ...(declared ? ['muster.yaml'] : [])].join(', ')
}

const stateOf = ({ label, signals }: Suspect, input: Pick<CallGraphInput, 'label'>): CallGraphNode['state'] => {
  if (label !== 'no clear suspect') return label === 'likely' && input.label === 'likely' ? 'likely' : 'possible'
  return signals.length > 0 ? 'affected' : 'usual'
}

const nodeOf = (
  name: string,
  suspect: Suspect | undefined,
  node: TopologyNode | undefined,
  focus: ReadonlySet<string>,
  input: CallGraphInput,
): CallGraphNode => {
  const silent = suspect === undefined && input.ranking.unread.some((one) => one.service === name)
  const state = suspect ? stateOf(suspect, input) : 'usual'
  return {
    service: name,
    kind: node?.kind ?? 'service',
    state: state === 'usual' && (silent || node?.virtual) ? 'unmeasured' : state,
    focus: focus.has(name),
    words: [
      ...wordsOf(suspect, state, input.alerting.includes(name)),
      ...(isNobody(name) ? ['hosts nobody declared'] : isUnowned(name, input.facts) ? ['not in the catalogue'] : []),
    ],
  }
}

const isUnowned = (name: string, facts: readonly CallFact[]): boolean =>
  facts.some((fact) => (fact.kind === 'undeclared' ? fact.server === name : fact.client === name && !fact.inCatalogue))

const edgeOf = (
  { client, server, rate, failed, clientMs, serverMs }: Call,
  newCalls: ReadonlyMap<string, number>,
  suspects: ReadonlyMap<string, Suspect>,
): CallGraphEdge => {
  const requests = latest(rate)
  const broken = latest(failed)
  const percent =
    requests === null || requests <= 0 || broken === null ? null : Math.min(100, (100 * broken) / requests)
  const [atClient, atServer] = [latest(clientMs), latest(serverMs)]
  const since = newCalls.get(keyOf(client, server))
  const explained = suspects.get(client)?.explainedBy?.service === server
  return {
    client,
    server,
    rate: requests,
    failed: percent,
    latencyMs: atClient ?? atServer,
    ...(atClient !== null && atServer !== null ? { serverMs: atServer } : {}),
    isNew: since !== undefined,
    ...(since === undefined ? {} : { since }),
    trouble: explained || (percent ?? 0) >= FAILING_PERCENT,
  }
}

/** How many points are averaged into the latest value: a single one may come from a late scrape. */
const LATEST_POINTS = 3

/** The mean of the last few values; null for none. */
const latest = (line: Timed | undefined): number | null => {
  const values = (line?.values ?? []).slice(-LATEST_POINTS).filter((value) => value !== null && Number.isFinite(value))
  return values.length === 0 ? null : (values as number[]).reduce((sum, value) => sum + value, 0) / values.length
}
