import type { Alert } from '../incident/alert.ts'
import { alertsOf } from '../incident/alerts-of.ts'
import type { RecordedEvent } from '../incident/event.ts'
import type { EarlierQuery, EvidenceRequest, EvidenceTarget } from '../incident/evidence.ts'
import type { Incident } from '../incident/incident.ts'
import { type Catalogue, serviceIdOf } from '../incident/service.ts'

/** More alerting services than this are a storm, and the first ones are representative. */
const MOST_ALERTING = 8
const MOST_TARGETS = 25
const MOST_ALERTS = 20
/** Charts that moved once are followed to the end, up to this many. */
const MOST_EARLIER = 12
/** How much history the baseline is computed from, ms. */
const PAST_MS = 6 * 3_600_000
/** A longer range has points too far apart to show when the trouble began. */
const LONGEST_MS = 24 * 3_600_000

export type RequestOptions = {
  catalogue: Catalogue
  /** Dependencies beyond the catalogue, as discovered from metrics. */
  dependenciesOf?: (service: string) => readonly string[]
  /** How much history is shown, ms. */
  lookbackMs: number
  now: number
}

/** The evidence request for an incident: its alerts, their services, and their direct dependencies. */
export const evidenceRequest = (
  incident: Incident,
  events: readonly RecordedEvent[],
  { catalogue, dependenciesOf, lookbackMs, now }: RequestOptions,
): EvidenceRequest => {
  // Clocks differ: a start time is never later than now.
  const at = Math.min(now, incident.milestones.impact_started?.at ?? incident.declaredAt)
  const alerts = [...(incident.alert ? [incident.alert] : []), ...alertsOf(events).map(({ alert }) => alert)]
  const distinct = [...new Map(alerts.map((alert) => [alert.fingerprint ?? alert.key, alert])).values()]
  const from = Math.max(at - lookbackMs, now - LONGEST_MS)
  return {
    incident: incident.id,
    alerts: distinct.slice(0, MOST_ALERTS),
    targets: targetsOf(incident, distinct, catalogue, dependenciesOf),
    earlier: earlierOf(events),
    at,
    from,
    to: now,
    pictures: picturesOf(events),
    panels: panelsOf(events),
    past: Math.min(from, Math.max(at - PAST_MS, now - LONGEST_MS)),
  }
}

const targetsOf = (
  incident: Incident,
  alerts: readonly Alert[],
  catalogue: Catalogue,
  dependenciesOf: RequestOptions['dependenciesOf'] = () => [],
): EvidenceTarget[] => {
  const alerting = [...new Set([...(incident.service ? [incident.service] : []), ...incident.alerts.services])].slice(
    0,
    MOST_ALERTING,
  )
  const namespaces = new Map(alerts.map((alert) => [serviceIdOf(catalogue, alert), alert.labels.namespace]))
  const below = alerting.flatMap((id) => [...(catalogue.get(id)?.dependsOn ?? []), ...dependenciesOf(id)])
  return [...new Set([...alerting, ...below])].slice(0, MOST_TARGETS).map((id) => ({
    id,
    service: catalogue.get(id),
    alerting: alerting.includes(id),
    namespace: namespaces.get(id),
  }))
}

/** What earlier collections found unusual: it is followed to the end, even once it is back to normal. */
const earlierOf = (events: readonly RecordedEvent[]): EarlierQuery[] => {
  const found = new Map<string, EarlierQuery>()
  for (const event of events) {
    if (event.type !== 'evidence_collected') continue
    for (const { kind, standing, source, title, query, unit = '', service } of event.snapshots)
      if (kind === 'chart' && standing === undefined && query && found.size < MOST_EARLIER)
        found.set(query, { source, title, query, unit, service })
  }
  return [...found.values()]
}

/** Images that are already stored. */
const picturesOf = (events: readonly RecordedEvent[]): ReadonlySet<string> =>
  new Set(
    events.flatMap((event) =>
      event.type === 'evidence_collected'
        ? event.snapshots.filter(({ kind }) => kind === 'image').map(({ title }) => title)
        : [],
    ),
  )

/** Panels that people requested by link, the latest first. */
const panelsOf = (events: readonly RecordedEvent[]): { link: string; at: number }[] =>
  events
    .flatMap((event) =>
      event.type === 'evidence_requested' && event.panel ? [{ link: event.panel, at: event.at }] : [],
    )
    .toReversed()

/** The latest log snapshots of each service, by hash. */
export const logsBefore = (events: readonly RecordedEvent[]): string[] => {
  const latest = new Map<string, string>()
  for (const event of events)
    if (event.type === 'evidence_collected')
      for (const { kind, source, service, hash } of event.snapshots)
        if (kind === 'logs' && service !== undefined) latest.set(JSON.stringify([source, service]), hash)
  return [...latest.values()]
}
