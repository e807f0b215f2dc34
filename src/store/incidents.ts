import type { Kysely } from 'kysely'
import type { RecordedEvent } from '../incident/event.ts'
import { evolve } from '../incident/evolve.ts'
import { type Incident, initial } from '../incident/incident.ts'
import type { Damage } from './damage.ts'
import { incidentOf, recordedEvent } from './rows.ts'
import type { Database } from './schema.ts'

/**
 * Incidents from their cached states. An unreadable state is rebuilt from the event log, which is authoritative, and
 * repaired in its row; an incident without a readable log is left out. Both are reported, and neither affects the
 * others.
 */
export const readIncidents = async (
  db: Kysely<Database>,
  rows: readonly { id: string; state: string }[],
  damage: Damage,
): Promise<Incident[]> => {
  const incidents: Incident[] = []
  for (const row of rows) {
    const incident = cached(row, damage) ?? (await rebuilt(db, row, damage))
    if (incident) incidents.push(incident)
  }
  return incidents
}

const cached = (row: { id: string; state: string }, damage: Damage): Incident | undefined => {
  try {
    return incidentOf(row)
  } catch (error) {
    damage.report('incidents', row.id, error)
    return undefined
  }
}

const rebuilt = async (
  db: Kysely<Database>,
  { id, state }: { id: string; state: string },
  damage: Damage,
): Promise<Incident | undefined> => {
  const rows = await db
    .selectFrom('events')
    .select(['seq', 'recorded_at', 'data'])
    .where('incident', '=', id)
    .orderBy('seq')
    .execute()
  const events = readEvents(id, rows, damage)
  const last = rows.at(-1)
  if (events.length === 0 || !last) return undefined
  // An event that cannot be read keeps its number.
  const incident = { ...events.reduce(evolve, initial(id)), version: last.seq }
  await db
    .updateTable('incidents')
    .set({ state: JSON.stringify(incident) })
    .where('id', '=', id)
    .where('state', '=', state)
    .execute()
  return incident
}

/** The events that can be read; the others are reported and left out. */
export const readEvents = (
  incident: string,
  rows: readonly { seq: number; recorded_at: number; data: string }[],
  damage: Damage,
): RecordedEvent[] =>
  rows.flatMap((row) => {
    try {
      return [recordedEvent(row)]
    } catch (error) {
      damage.report('events', `${incident}/${row.seq}`, error)
      return []
    }
  })
