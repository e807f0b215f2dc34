import { readdirSync, readFileSync } from 'node:fs'
import { z } from 'zod'
import { IncidentEvent, type RecordedEvent } from '../../src/incident/event.ts'

const Log = z.object({
  incident: z.string(),
  events: z.array(z.object({ seq: z.number(), recordedAt: z.number() }).loose()),
})

const FOLDER = new URL('../fixtures/logs/', import.meta.url)

/** One event log for every shape that was ever released, read the way the store reads its rows. */
export const logs = readdirSync(FOLDER).map((name) => {
  const { incident, events } = Log.parse(JSON.parse(readFileSync(new URL(name, FOLDER), 'utf8')))
  return {
    name,
    incident,
    events: events.map(
      (row): RecordedEvent => ({ ...IncidentEvent.parse(row), seq: row.seq, recordedAt: row.recordedAt }),
    ),
  }
})

/** Every type of event there is. */
export const EVENT_TYPES = IncidentEvent.options.map(({ shape }) => shape.type.value)
