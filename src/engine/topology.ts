import { distance } from 'fastest-levenshtein'
import type { CallGraph } from '../incident/call-graph.ts'
import type { EffectHandler } from '../incident/effect-handler.ts'
import { messageOf } from '../incident/errors.ts'
import type { IncidentEvent } from '../incident/event.ts'
import { isOver } from '../incident/status.ts'
import type { Log } from '../platform/log.ts'
import type { Store } from '../store/store.ts'
import type { RankingRequest, RankingSource } from '../suspects/source.ts'
import type { Topology } from '../topology/call.ts'
import { callGraphOf } from './call-graph.ts'
import { labelGiven } from './suspects-found.ts'
import { lookForSuspects } from './suspects-look.ts'
import { alertKindOf, begunAt } from './suspects-request.ts'

export type CallGraphsOptions = {
  source: RankingSource | undefined
  store: Pick<Store, 'freeze'>
  /** How long all queries for one picture may take, ms. */
  timeoutMs?: number
  now: () => number
  log: Log
}

/** What a picture should show. Epoch ms. */
export type PictureRequest = Pick<RankingRequest, 'signal' | 'firedAt'> & {
  /** Our service id, or any name that the metrics may use; undefined for the busiest part. */
  service: string | undefined
  /** Services whose alerts fire. */
  alerting: readonly string[]
}

export type CallGraphs = ReturnType<typeof createCallGraphs>

/** Draws the call graph on request, from what Prometheus shows now. */
export const createCallGraphs = ({ source, store, timeoutMs = 25_000, now, log }: CallGraphsOptions) => {
  /** The picture, or one sentence on why there is none. Does not throw. */
  const draw = async (wanted: PictureRequest, id: string, signal: AbortSignal): Promise<CallGraph | string> => {
    if (!source) return 'Calls are read from Prometheus: set PROMETHEUS_URL.'
    const { alerting, ...request } = wanted
    const at = now()
    const limit = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)])
    try {
      const { reading, ranking } = await lookForSuspects(
        source,
        { ...request, now: at, changes: [] },
        { id, signal: limit },
      )
      const { topology, facts, problems } = reading
      const missing = whyNothing(request.service, topology, problems)
      if (missing !== undefined) return missing
      const label = labelGiven(ranking.label, reading)
      const graph = callGraphOf({
        topology,
        ranking,
        label,
        facts,
        service: request.service,
        alerting,
        source: source.name,
        at,
      })
      return graph ?? NOBODY_CALLS
    } catch (error) {
      log.warn('the call graph could not be read', { service: request.service, reason: messageOf(error) })
      return messageOf(error)
    }
  }

  return {
    draw,

    // Drawing twice is harmless: the same calls make the same frozen picture, and querying changes nothing.
    draw_topology: (async (_effect, { incident, cause, effectId, signal }) => {
      if (isOver(incident)) return []
      const requested = cause.type === 'topology_requested' ? cause.service : undefined
      const service = requested ?? incident.service
      const drawn = await draw(
        {
          service,
          signal: alertKindOf(incident),
          firedAt: begunAt(incident, now()),
          alerting: incident.alerts.services,
        },
        effectId,
        signal,
      )
      const outcome = typeof drawn === 'string' ? { problem: drawn } : { graph: await store.freeze(drawn) }
      const event: IncidentEvent = { by: 'muster', at: now(), type: 'topology_drawn', ...outcome }
      return [service === undefined ? event : { ...event, service }]
    }) satisfies EffectHandler<'draw_topology'>,
  }
}

const NOBODY_CALLS =
  'Prometheus shows nobody calling anybody: `muster doctor` says which metrics of calls Muster looks for.'
/** Names suggested when the requested one is unknown. */
const NEAREST = 3

const whyNothing = (
  service: string | undefined,
  { calls, nodes }: Topology,
  problems: readonly string[],
): string | undefined => {
  if (calls.length === 0) return problems[0] ?? NOBODY_CALLS
  if (service === undefined || calls.some(({ client, server }) => client === service || server === service))
    return undefined
  if (nodes.has(service)) return `Prometheus shows no calls to or from ${service}.`
  const wanted = service.toLowerCase()
  const nearest = [...nodes.keys()]
    .map((name) => ({ name, away: name.toLowerCase().includes(wanted) ? 0 : distance(wanted, name.toLowerCase()) }))
    .filter(({ away }) => away <= Math.max(2, wanted.length / 2))
    .sort((a, b) => a.away - b.away || (a.name < b.name ? -1 : 1))
    .slice(0, NEAREST)
    .map(({ name }) => name)
  return `Prometheus shows no service called ${service}${nearest.length > 0 ? `; it has ${nearest.join(', ')}` : ''}.`
}
