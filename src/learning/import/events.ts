import type { IncidentEvent } from '../../incident/event.ts'
import type { Milestone } from '../../incident/milestones.ts'
import type { Row } from './row.ts'

export type EventsOptions = {
  /** Who recorded it: `pagerduty`, or what the operator calls the source. */
  from: string
  /** Ids of the configuration. */
  severity: string
  service?: string | undefined
  /** The cause, as an id of the catalogue where it lists it. */
  cause?: string | undefined
  /** At its source it is an alert itself, whether or not the row names a rule. */
  isAlert: boolean
}

/** The log of an incident that was kept elsewhere. It ends closed: nothing about it is due. */
export const eventsOf = (row: Row, { from, severity, service, cause, isAlert }: EventsOptions): IncidentEvent[] => {
  const { id, title, declared_at: at, resolved_at: end, url, impact, outcome } = row
  const by = from
  const milestones: Partial<Record<Milestone, number | undefined>> = {
    impact_started: row.impact_started_at,
    detected: row.detected_at,
    acknowledged: row.acknowledged_at,
    identified: row.identified_at,
    mitigated: row.mitigated_at,
    resolved: end,
  }
  const known = Object.fromEntries(Object.entries(milestones).filter(([, time]) => time !== undefined))
  return [
    {
      type: 'declared',
      by,
      at,
      title,
      severity,
      status: 'investigating',
      private: false,
      drill: false,
      ...(service ? { service } : {}),
      ...(isAlert || row.alert ? { alert: alertOf(row, { from, service }) } : {}),
      imported: { from, id, ...(url ? { url } : {}), milestones: known },
    },
    ...(impact ? [{ type: 'impact_described' as const, by, at, text: impact }] : []),
    ...(row.timeline ?? []).map(({ at: time, text }) => ({ type: 'noted' as const, by, at: time, text })),
    ...(row.action_items ?? []).flatMap(({ text, done }, i): IncidentEvent[] => [
      { type: 'action_added', by, at: end, id: i + 1, text },
      ...(done ? [{ type: 'action_done' as const, by, at: end, id: i + 1 }] : []),
    ]),
    ...(cause ? [{ type: 'cause_named' as const, by, at: end, service: cause }] : []),
    { type: 'status_changed', by, at: end, status: 'resolved', ...(outcome ? { text: outcome } : {}) },
    { type: 'status_changed', by, at: end, status: 'closed' },
  ]
}

const alertOf = (
  { id, title, declared_at, impact_started_at, alert: rule, url }: Row,
  { from, service }: { from: string; service?: string | undefined },
) => ({
  key: `import:${from}:${id}`,
  source: from,
  state: 'resolved' as const,
  title,
  labels: {},
  startsAt: impact_started_at ?? declared_at,
  ...(rule ? { rule } : {}),
  ...(service ? { service } : {}),
  ...(url ? { url } : {}),
})
