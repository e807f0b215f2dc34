import { isDeepStrictEqual } from 'node:util'
import { marksOf } from '../evidence/whole-incident.ts'
import type { Alert } from '../incident/alert.ts'
import { alertsOf } from '../incident/alerts-of.ts'
import { withMoment } from '../incident/chart-moment.ts'
import type { ClusterFact } from '../incident/cluster-event.ts'
import { clusterNews } from '../incident/cluster-fact.ts'
import type { EffectContext } from '../incident/effect-handler.ts'
import { messageOf } from '../incident/errors.ts'
import type { EvidencePhase, IncidentEvent, RecordedEvent, SnapshotRef } from '../incident/event.ts'
import type { ChartSnapshot, EvidenceRequest, EvidenceSource, LogsSnapshot, Snapshot } from '../incident/evidence.ts'
import { evolve } from '../incident/evolve.ts'
import type { Incident } from '../incident/incident.ts'
import { sourceName } from '../incident/phrase.ts'
import { MOST_SCREENSHOTS, screenshotTitle } from '../incident/screenshot.ts'
import type { Catalogue } from '../incident/service.ts'
import { isOver } from '../incident/status.ts'
import type { Log } from '../platform/log.ts'
import type { Store } from '../store/store.ts'
import { chartsShown, type Kept, refOf, shownBefore, whole, worthKeeping } from './evidence-kept.ts'
import { evidenceRequest, logsBefore } from './evidence-request.ts'

/** Details that an alert's source can supply after its webhook. */
type AlertDetails = Extract<IncidentEvent, { type: 'alert_detailed' }>['details']

export type EvidenceOptions = {
  sources: readonly EvidenceSource[]
  store: Store
  catalogue: Catalogue
  /** Dependencies beyond the catalogue. */
  dependenciesOf?: (service: string) => readonly string[]
  /** How much history is shown, ms. */
  lookbackMs: number
  /** How long one source may take, ms. */
  timeoutMs: number
  /** What the alert's source knows beyond the webhook: its query, its labels. */
  detailsOf?: (alert: Alert, signal: AbortSignal) => Promise<AlertDetails>
  now: () => number
  log: Log
}

/** Every trigger collects the same evidence. */
type Look = (look: { phase: EvidencePhase }, context: EffectContext) => Promise<IncidentEvent[]>

/** How much of the log is read for joined alerts and earlier collections. */
const LATEST_EVENTS = 500

/**
 * Queries every evidence source in parallel, each with its own timeout; a missing answer is itself reported in one
 * line.
 */
export const createEvidence = (options: EvidenceOptions): Look => {
  const { sources, store, catalogue, dependenciesOf, lookbackMs, timeoutMs, detailsOf, now, log } = options

  /**
   * What the source knows of the alert beyond the webhook; empty when it does not respond within half of the timeout.
   */
  const detailsFor = async ({ id, alert }: Incident, signal: AbortSignal): Promise<AlertDetails> => {
    if (!alert || !detailsOf || alert.query) return {}
    const limit = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs / 2)])
    return detailsOf(alert, limit).catch((error: unknown) => {
      log.warn('the details of an alert cannot be read', { incident: id, reason: messageOf(error) })
      return {}
    })
  }

  const ask = async (source: EvidenceSource, request: EvidenceRequest, signal: AbortSignal): Promise<Snapshot[]> => {
    const limit = AbortSignal.timeout(timeoutMs)
    const late = new Promise<never>((_resolve, reject) => {
      limit.addEventListener(
        'abort',
        () => reject(new Error(`${sourceName(source.name)} did not answer within ${timeoutMs / 1000} s.`)),
        { once: true },
      )
    })
    try {
      return await Promise.race([source.collect(request, AbortSignal.any([signal, limit])), late])
    } catch (error) {
      return [{ kind: 'missing', source: source.name, title: sourceName(source.name), reason: messageOf(error) }]
    }
  }

  const earlierLogs = async (events: readonly RecordedEvent[]): Promise<LogsSnapshot[]> => {
    const bodies = await Promise.all(logsBefore(events).map((hash) => store.snapshot(hash)))
    return bodies.filter((body) => body?.kind === 'logs')
  }

  /** Cluster events get lines of their own; a cluster that does not respond is not worth a line beside its graphs. */
  const factsFrom = async (
    { name, clusterFacts }: EvidenceSource,
    request: EvidenceRequest,
    signal: AbortSignal,
  ): Promise<ClusterFact[]> => {
    if (!clusterFacts) return []
    const limit = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)])
    return clusterFacts(request, limit).catch((error: unknown) => {
      log.warn('the cluster cannot be read', { incident: request.incident, source: name, reason: messageOf(error) })
      return []
    })
  }

  /**
   * At the end each signal is drawn over the whole incident from all snapshots, including sources that are unavailable
   * now.
   */
  const overWhole = async (kept: readonly Kept[], incident: Incident, events: readonly RecordedEvent[]) => {
    const frozen = new Map<string, ChartSnapshot[]>()
    for (const { hash, title } of chartsShown(events)) {
      const body = await store.snapshot(hash)
      if (body?.kind === 'chart' && !body.chosen) frozen.set(title, [...(frozen.get(title) ?? []), body])
    }
    return whole(kept, frozen, marksOf(incident, events))
  }

  /** Images that arrived inside the alerts. */
  const embedded = async ({ alerts, pictures }: EvidenceRequest): Promise<Snapshot[]> => {
    const hashes = alerts
      .filter((alert) => alert.pictureHash && !pictures?.has(screenshotTitle(alert)))
      .flatMap(({ pictureHash }) => pictureHash ?? [])
    const found = await Promise.all([...new Set(hashes)].slice(0, MOST_SCREENSHOTS).map(store.snapshot))
    return found.flatMap((snapshot) => snapshot ?? [])
  }

  // Running twice is harmless: equal snapshots have equal names.
  return async ({ phase }, { incident, signal }) => {
    if (isOver(incident)) return []
    const events = await store.events(incident.id, { last: LATEST_EVENTS })
    const { alert } = incident
    if (sources.length === 0 && !alert?.pictureHash && !alertsOf(events).some(({ alert }) => alert.pictureHash))
      return []
    const details = await detailsFor(incident, signal)
    const detailed: IncidentEvent[] = alert
      ? [{ type: 'alert_detailed', alertKey: alert.key, details, by: alert.source, at: now() }]
      : []
    const known = detailed.reduce(evolve, incident)
    // Every collection queries; only the first has something to record.
    const learned = isDeepStrictEqual(known.alert, alert) ? [] : detailed
    const request: EvidenceRequest = {
      ...evidenceRequest(known, events, { catalogue, dependenciesOf, lookbackMs, now: now() }),
      earlierLogs: await earlierLogs(events),
    }
    const [answers, facts] = await Promise.all([
      Promise.all([embedded(request), ...sources.map((source) => ask(source, request, signal))]),
      Promise.all(sources.map((source) => factsFrom(source, request, signal))),
    ])
    const seen = clusterNews(known, facts.flat()).map(
      (fact): IncidentEvent => ({ type: 'cluster_seen', fact, by: 'prometheus', at: fact.since }),
    )
    const { at, from, to, targets } = request
    const { kept, usual } = worthKeeping(answers.flat(), {
      span: { at, from, to },
      catalogue,
      main: incident.service ?? targets[0]?.id,
      alerting: targets.filter(({ alerting }) => alerting).map(({ id }) => id),
    })
    if (kept.length === 0 && usual.length === 0 && phase !== 'asked') return [...learned, ...seen]
    const toRecord = phase === 'closing' ? await overWhole(kept, known, events) : kept
    const before = shownBefore(events)
    const refs: SnapshotRef[] = []
    for (const one of toRecord)
      refs.push(
        refOf(await store.freeze(withMoment(one.snapshot, known), incident.id), one, before.has(one.snapshot.title)),
      )
    const collected: IncidentEvent = { type: 'evidence_collected', phase, snapshots: refs, by: 'muster', at: now() }
    return [...learned, ...seen, usual.length > 0 ? { ...collected, usual } : collected]
  }
}
