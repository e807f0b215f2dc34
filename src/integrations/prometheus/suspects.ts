import { messageOf } from '../../incident/errors.ts'
import type { Catalogue } from '../../incident/service.ts'
import type { RankingInput } from '../../suspects/input.ts'
import { believedStart } from '../../suspects/onset.ts'
import { slowOnset } from '../../suspects/slow-onset.ts'
import type { RankingReading, RankingRequest, RankingSource } from '../../suspects/source.ts'
import type { Topology } from '../../topology/call.ts'
import { newCallers, undeclaredDependencies } from '../../topology/facts.ts'
import { topologyOf } from '../../topology/merge.ts'
import { inReach } from '../../topology/reach.ts'
import { withKnownHosts } from '../../topology/unknown-hosts.ts'
import type { PrometheusClient } from './client.ts'
import { families as allFamilies } from './families/families.ts'
import type { Family } from './families/family.ts'
import type { MetricNames } from './metric-names.ts'
import { createLooks, type Look } from './suspects-ask.ts'
import { completedBy, type Discovered, discoverCalls, measureCalls } from './suspects-calls.ts'
import { downAmong, type Running, readDown } from './suspects-down.ts'
import { dataOf } from './suspects-grid.ts'
import { callsOf, seenByCallers } from './suspects-input.ts'
import { measureSignals, named, type Recognized, recognize, type Sighting } from './suspects-signals.ts'
import type { Convention } from './topology/convention.ts'

export type SuspectsOptions = {
  client: PrometheusClient
  names: MetricNames
  catalogue: Catalogue
  /** In the order in which their figures are trusted. */
  conventions: readonly Convention[]
  families?: readonly Family[]
  /** Labels that name a service, before those a family's makers use. */
  serviceLabels?: readonly string[]
  /** How much of the past is compared with, ms. */
  lookbackMs?: number
  /** The most services that are looked at. */
  mostServices?: number
}

const HOUR = 3_600_000
/** How long before the trouble the call graph is read a second time. */
const BEFORE_MS = 10 * 60_000
const MOST_SERVICES = 60
/** How far back trouble is looked for that burned slowly. */
export const LONG_MS = 6 * HOUR
const NOTHING_RECOGNIZED = 'Prometheus has no metrics that Muster recognizes: `muster doctor` says what it looks for.'

/** What the first two rounds of questions found. */
type Survey = {
  names: ReadonlySet<string>
  discovered: Discovered
  topology: Topology
  named: Recognized[]
  reporting: ReadonlySet<string>
  /** Services that are proven to be down. */
  down: ReadonlySet<string>
  /** The calls that count: without database users that are no service. */
  calls: Discovered['calls']
  reach: ReturnType<typeof inReach>
}

/**
 * Reads what the ranking needs from Prometheus, in three rounds of questions that each go out side by side: which
 * metrics there are; who calls whom and who reports; then one question a signal for all services in reach. Never
 * throws: what could not be read is in `problems`.
 */
export const prometheusSuspects = ({
  client,
  names: metricNames,
  catalogue,
  conventions,
  families = allFamilies,
  serviceLabels = [],
  lookbackMs = HOUR,
  mostServices = MOST_SERVICES,
}: SuspectsOptions): RankingSource => {
  const newLook = createLooks(client)
  /** The looks of one ranking share their survey. */
  let latest: { of: string; survey: Promise<Survey | string> } | undefined

  /** The first two rounds: which metrics there are, who calls whom, who reports. */
  const newSurvey = async (
    look: Look,
    { service, now, firedAt }: RankingRequest,
    signal: AbortSignal,
  ): Promise<Survey | string> => {
    const names = await metricNames.known(signal).catch((error: unknown) => messageOf(error))
    if (typeof names === 'string') return names
    const before = Math.min(now, firedAt) - BEFORE_MS
    const [discovered, recognized, running] = await Promise.all([
      discoverCalls(look, conventions, { names, now, before }),
      recognize(look, families, { names, now, before, preferred: serviceLabels }),
      readDown(look, { names, now, before, preferred: serviceLabels }),
    ])
    const rough = graphOf(discovered, recognized, running)
    return { names, discovered, ...rough, reach: inReach(service, rough.topology, { most: mostServices }) }
  }

  const survey = async (look: Look, request: RankingRequest, signal: AbortSignal): Promise<Survey | string> => {
    const of = `${request.service}@${request.now}`
    if (latest?.of !== of) latest = { of, survey: newSurvey(look, request, signal) }
    return latest.survey
  }

  return {
    name: 'prometheus',

    read: async (request: RankingRequest, signal: AbortSignal): Promise<RankingReading> => {
      const { service, now, firedAt } = request
      const look = newLook(signal)
      const [seen, data] = await Promise.all([
        survey(look, request, signal),
        dataOf(look, { from: now - (request.lookbackMs ?? lookbackMs), to: now }),
      ])
      if (typeof seen === 'string') return nothing(request, look, [seen])
      const { names, discovered, reach } = seen
      const services = new Set(reach.services)
      const grid = { from: data.from, to: now, stepSeconds: data.stepSeconds }
      const [measured, own] = await Promise.all([
        measureCalls(look, conventions, { names, window: data.window, among: amongOf(seen), grid }),
        measureSignals(look, seen.named, { names, services, window: data.window, grid }),
      ])
      const topology = topologyOf(
        completedBy(measured, { ...discovered, calls: seen.calls }),
        catalogue,
        seen.reporting,
      )
      const since = request.since ?? believedStart(Math.min(firedAt, now), { stepSeconds: data.stepSeconds })
      const input: RankingInput = {
        alert: { service: service ?? '', signal: request.signal, since },
        now,
        ...callsOf(topology, services),
        series: [...own, ...seenByCallers(topology, services, own)],
        down: [...seen.down].filter((name) => services.has(name)),
        changes: request.changes,
      }
      const recognizable = discovered.conventions.length > 0 || seen.reporting.size > 0
      const among = topology.calls.filter(({ client, server }) => services.has(client) && services.has(server))
      const near = { ...topology, calls: among }
      return {
        input,
        topology,
        facts: [...newCallers(near), ...undeclaredDependencies(near)],
        services: services.size,
        leftOut: reach.leftOut,
        ...look.counts(),
        problems: [...look.problems(), ...(recognizable || look.problems().length > 0 ? [] : [NOTHING_RECOGNIZED])],
      }
    },

    calls: async (now: number, signal: AbortSignal): Promise<Topology | undefined> => {
      const seen = await newSurvey(newLook(signal), { ...EVERYTHING, firedAt: now, now }, signal)
      return typeof seen === 'string' ? undefined : seen.topology
    },

    /**
     * When trouble of the alerting service began that long preceded the alert, epoch ms; undefined when there was none.
     * Reads that service alone, so that a long history costs little.
     */
    slowOnset: async (request: RankingRequest, signal: AbortSignal): Promise<number | undefined> => {
      const { service, now, firedAt } = request
      if (service === undefined) return undefined
      const look = newLook(signal)
      const [seen, data] = await Promise.all([
        survey(look, request, signal),
        dataOf(look, { from: now - LONG_MS, to: now }),
      ])
      if (typeof seen === 'string') return undefined
      const grid = { from: data.from, to: now, stepSeconds: data.stepSeconds }
      const series = await measureSignals(look, seen.named, {
        names: seen.names,
        services: new Set([service]),
        window: data.window,
        grid,
      })
      return slowOnset({ alert: { service, signal: request.signal, since: Math.min(firedAt, now) }, series })
    },
  }

  /** The names to restrict queries of calls to; undefined where all are wanted. */
  function amongOf({ topology, reach }: Survey): string[] | undefined {
    if (topology.nodes.size <= mostServices) return undefined
    return reach.services.flatMap((name) => [...(topology.rawNames.get(name) ?? [])])
  }

  /** The call graph without figures, and who reports about themselves. */
  function graphOf(
    discovered: Awaited<ReturnType<typeof discoverCalls>>,
    recognized: readonly Sighting[],
    running: readonly Running[],
  ) {
    const sure = discovered.calls.filter(({ tentative }) => !tentative)
    const first = topologyOf(sure, catalogue)
    const known = new Set([...first.nodes.keys(), ...catalogue.keys()])
    const services = named(recognized, { known, catalogue })
    const reporting = new Set(services.flatMap(({ found }) => found.map(({ service }) => service)))
    // A database's user is a caller where a service of that name is known.
    const everybody = new Set([...known, ...reporting].map((name) => name.toLowerCase()))
    const calls = discovered.calls.filter(
      ({ tentative, client }) => !tentative || everybody.has(client.name.toLowerCase()),
    )
    const topology = topologyOf(withKnownHosts(calls), catalogue, reporting)
    const nodes = new Map(topology.nodes)
    for (const name of reporting)
      if (!nodes.has(name))
        nodes.set(name, {
          name,
          kind: 'service',
          inCatalogue: catalogue.has(name),
          virtual: false,
          owner: catalogue.get(name)?.owner,
        })
    const naming = { known: new Set(nodes.keys()), catalogue }
    const down = downAmong(
      running.map((one) => {
        const [isDown, isUp] = named([one.down, one.up], naming) as [Recognized, Recognized]
        return { down: isDown, up: isUp }
      }),
      services,
    )
    return { topology: { ...topology, nodes }, named: services, reporting, down, calls }
  }
}

/** What a survey without an alert looks at. */
const EVERYTHING = { service: undefined, signal: null, changes: [] }

const nothing = (
  { service, signal, firedAt, now, changes }: RankingRequest,
  look: Look,
  problems: string[],
): RankingReading => ({
  input: {
    alert: { service: service ?? '', signal, since: firedAt },
    now,
    edges: [],
    series: [],
    edgeGaps: [],
    virtual: [],
    changes,
  },
  topology: { nodes: new Map(), calls: [], rawNames: new Map() },
  facts: [],
  services: 0,
  leftOut: 0,
  ...look.counts(),
  problems: [...new Set([...problems, ...look.problems()])],
})
