import type { Alert } from '../incident/alert.ts'
import type { EffectHandler } from '../incident/effect-handler.ts'
import { messageOf } from '../incident/errors.ts'
import type { IncidentEvent, SnapshotRef } from '../incident/event.ts'
import type { EvidenceRequest, EvidenceSource, Snapshot } from '../incident/evidence.ts'
import type { Incident } from '../incident/incident.ts'
import type { Catalogue } from '../incident/service.ts'
import { isOver } from '../incident/status.ts'
import type { Log } from '../platform/log.ts'
import type { Store } from '../store/store.ts'

export type EvidenceOptions = {
  sources: readonly EvidenceSource[]
  store: Store
  catalogue: Catalogue
  /** How much of the past is shown, ms. */
  lookbackMs: number
  /** How long one source may take, ms. */
  timeoutMs: number
  /** What the alert's source knows of it beyond the webhook: its query, its labels. */
  detailsOf?: (alert: Alert, signal: AbortSignal) => Promise<Partial<Alert>>
  now: () => number
  log: Log
}

/** Asks every evidence source at once, each with its own time limit; a missing answer is itself worth a line. */
export const createEvidence = (options: EvidenceOptions): EffectHandler<'collect_evidence'> => {
  const { sources, store, catalogue, lookbackMs, timeoutMs, detailsOf, now, log } = options

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
    const at = incident.milestones.impact_started?.at ?? incident.declaredAt
    const request: EvidenceRequest = {
      incident: incident.id,
      alert: await whole(incident, signal),
      service: catalogue.get(incident.service ?? ''),
      at,
      // Never so long that the beginning cannot be made out.
      from: Math.max(at - lookbackMs, now() - 24 * 3_600_000),
      to: now(),
    }
    const answers = await Promise.all(sources.map((source) => ask(source, request, signal)))
    const snapshots = answers.flat()
    if (snapshots.length === 0 && phase !== 'asked') return []
    const refs: SnapshotRef[] = []
    for (const snapshot of snapshots) refs.push(refOf(await store.freeze(snapshot), snapshot))
    const collected: IncidentEvent = { type: 'evidence_collected', phase, snapshots: refs, by: 'muster', at: now() }
    return [collected]
  }
}

const refOf = (hash: string, snapshot: Snapshot): SnapshotRef => ({
  hash,
  kind: snapshot.kind,
  source: snapshot.source,
  title: snapshot.title,
  ...('query' in snapshot ? { query: snapshot.query } : {}),
  ...(snapshot.kind === 'chart' ? { unit: snapshot.unit, before: snapshot.before, now: snapshot.now } : {}),
  ...(snapshot.kind === 'missing' ? { reason: snapshot.reason } : {}),
  ...(snapshot.url ? { url: snapshot.url } : {}),
})
