import type { Insertable } from 'kysely'
import { z } from 'zod'
import { openActions } from '../incident/action-item.ts'
import { restsSince } from '../incident/channel.ts'
import { IncidentEvent, type RecordedEvent } from '../incident/event.ts'
import { type Incident, initial } from '../incident/incident.ts'
import { storable } from './connection.ts'
import type { Database } from './schema.ts'

/** A fact, checked: what cannot be read back must never be written, because the log lives for ever. */
export const checkedEvent = (event: IncidentEvent): IncidentEvent => {
  const result = IncidentEvent.safeParse(event)
  if (result.success) return result.data
  throw new Error(`This ${event.type} cannot be recorded:\n${z.prettifyError(result.error)}`)
}

export const recordedEvent = (row: { seq: number; recorded_at: number; data: string }): RecordedEvent => ({
  ...IncidentEvent.parse(JSON.parse(row.data)),
  seq: row.seq,
  recordedAt: row.recorded_at,
})

/** The cached fold; one cached by an older program gets the members it lacks. @throws when it cannot be read. */
export const incidentOf = ({ state }: { state: string }): Incident => {
  const cached = JSON.parse(state) as Incident
  if (typeof cached?.id !== 'string') throw new Error('The cached state is no incident.')
  return { ...initial(cached.id), ...cached }
}

export const incidentRow = (incident: Incident): Insertable<Database['incidents']> => ({
  id: incident.id,
  number: Number(incident.id.slice('INC-'.length)),
  version: incident.version,
  status: incident.status,
  severity: incident.severity,
  service: incident.service === undefined ? null : storable(incident.service),
  channel: incident.channel === undefined ? null : storable(incident.channel.id),
  declared_at: incident.declaredAt,
  private: incident.private ? 1 : 0,
  open_actions: openActions(incident).length,
  rests_since: restsSince(incident) ?? null,
  // Kept as it was at first: a person may declare later what was held.
  opened_by: incident.imported
    ? 'import'
    : incident.origin === 'alert' && incident.status === 'triage'
      ? 'held'
      : incident.origin,
  state: JSON.stringify(incident),
})

/** A row limit below what both databases take in one statement. */
const ROWS_AT_ONCE = 500

/** Cuts a list into what one statement can carry. */
export const parts = <Row>(rows: readonly Row[]): Row[][] => {
  const cut: Row[][] = []
  for (let i = 0; i < rows.length; i += ROWS_AT_ONCE) cut.push(rows.slice(i, i + ROWS_AT_ONCE))
  return cut
}
