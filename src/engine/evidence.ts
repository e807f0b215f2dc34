import type { Alert } from '../incident/alert.ts'
import type { EffectContext } from '../incident/effect-handler.ts'
import { messageOf } from '../incident/errors.ts'
import type { EvidencePhase, IncidentEvent, SnapshotRef } from '../incident/event.ts'
import type { EvidenceRequest, EvidenceSource, Snapshot } from '../incident/evidence.ts'
import type { Incident } from '../incident/incident.ts'
import type { Catalogue } from '../incident/service.ts'
import { isOver } from '../incident/status.ts'
import type { Log } from '../platform/log.ts'
import type { Store } from '../store/store.ts'
import { refOf, shownBefore, worthKeeping } from './evidence-kept.ts'
import { evidenceRequest } from './evidence-request.ts'

export type EvidenceOptions = {
  sources: readonly EvidenceSource[]
  store: Store
  catalogue: Catalogue
  /** What a service calls, beyond what the catalogue says. */
  dependenciesOf?: (service: string) => readonly string[]
  /** How much of the past is shown, ms. */
  lookbackMs: number
  /** How long one source may take, ms. */
  timeoutMs: number
  /** What the alert's source knows of it beyond the webhook: its query, its labels. */
  detailsOf?: (alert: Alert, signal: AbortSignal) => Promise<Partial<Alert>>
  now: () => number
  log: Log
}

/** A look is the same whatever caused it. */
type Look = (look: { phase: EvidencePhase }, context: EffectContext) => Promise<IncidentEvent[]>

/** How much of the log is read for alerts that joined and for what earlier looks showed. */
const LATEST_EVENTS = 500

/** Asks every evidence source at once, each with its own time limit; a missing answer is itself worth a line. */
export const createEvidence = (options: EvidenceOptions): Look => {
  const { sources, store, catalogue, dependenciesOf, lookbackMs, timeoutMs, detailsOf, now, log } = options

  /** The alert with all its source knows; as it came when that source does not answer in half of the time. */
  const whole = async (incident: Incident, signal: AbortSignal): Promise<Alert | undefined> => {
    const { alert } = incident
    if (!alert || !detailsOf || alert.query) return alert
    const limit = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs / 2)])
    const details = await detailsOf(alert, limit).catch((error: unknown) => {
      log.warn('alert details are not to be had', { incident: incident.id, reason: messageOf(error) })
      return {}
    })
    return { ...alert, ...details }
  }

  const ask = async (source: EvidenceSource, request: EvidenceRequest, signal: AbortSignal): Promise<Snapshot[]> => {
    const limit = AbortSignal.timeout(timeoutMs)
    const late = new Promise<never>((_resolve, reject) => {
      limit.addEventListener(
        'abort',
        () => reject(new Error(`${source.name} did not answer within ${timeoutMs / 1000} s.`)),
        { once: true },
      )
    })
    try {
      return await Promise.race([source.collect(request, AbortSignal.any([signal, limit])), late])
    } catch (error) {
      return [{ kind: 'missing', source: source.name, title: source.name, reason: messageOf(error) }]
    }
  }

  // Looking twice is harmless: the same picture has the same name.
  return async ({ phase }, { incident, signal }) => {
    if (sources.length === 0 || isOver(incident)) return []
    const events = await store.events(incident.id, { last: LATEST_EVENTS })
    const alert = await whole(incident, signal)
    const request = evidenceRequest({ ...incident, alert }, events, {
      catalogue,
      dependenciesOf,
      lookbackMs,
      now: now(),
    })
    const answers = await Promise.all(sources.map((source) => ask(source, request, signal)))
    const { at, from, to, targets } = request
    const { kept, usual } = worthKeeping(answers.flat(), {
      span: { at, from, to },
      catalogue,
      main: incident.service ?? targets[0]?.id,
      alerting: targets.filter(({ alerting }) => alerting).map(({ id }) => id),
    })
    if (kept.length === 0 && usual.length === 0 && phase !== 'asked') return []
    const before = shownBefore(events)
    const refs: SnapshotRef[] = []
    for (const one of kept) refs.push(refOf(await store.freeze(one.snapshot), one, before.has(one.snapshot.title)))
    const collected: IncidentEvent = { type: 'evidence_collected', phase, snapshots: refs, by: 'muster', at: now() }
    return [usual.length > 0 ? { ...collected, usual } : collected]
  }
}
