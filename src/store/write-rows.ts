import type { Transaction } from 'kysely'
import type { Incident } from '../incident/incident.ts'
import type { Rows } from './pending-rows.ts'
import { incidentRow, parts } from './rows.ts'
import type { Database } from './schema.ts'

/**
 * Writes a batch's rows. Those that two processes may both write go in the order of their keys, or each could wait for
 * the other.
 */
export const writeRows = async (
  tx: Transaction<Database>,
  rows: Rows,
  states: Map<string, Incident>,
): Promise<void> => {
  const incidents = [...rows.touched].map((id) => incidentRow(states.get(id)!)).sort((a, b) => a.number - b.number)
  for (const part of parts(incidents))
    await tx
      .insertInto('incidents')
      .values(part)
      .onConflict((conflict) =>
        conflict.column('id').doUpdateSet(({ ref }) => ({
          version: ref('excluded.version'),
          status: ref('excluded.status'),
          severity: ref('excluded.severity'),
          service: ref('excluded.service'),
          channel: ref('excluded.channel'),
          private: ref('excluded.private'),
          open_actions: ref('excluded.open_actions'),
          rests_since: ref('excluded.rests_since'),
          state: ref('excluded.state'),
        })),
      )
      .execute()
  for (const part of parts(rows.events)) await tx.insertInto('events').values(part).execute()
  for (const part of parts([...rows.outbox.values()]))
    await tx
      .insertInto('outbox')
      .values(part)
      // Absorbed: rewritten as it is, which holds it until we are done. Claimed now, it would show the state before us.
      .onConflict((conflict) =>
        conflict.column('absorb').doUpdateSet(({ ref }) => ({ absorb: ref('excluded.absorb') })),
      )
      .execute()
  for (const part of parts([...rows.alerts.values()].sort((a, b) => (a.key < b.key ? -1 : 1))))
    await tx
      .insertInto('alerts')
      .values(part)
      .onConflict((conflict) =>
        conflict.column('key').doUpdateSet(({ ref, fn }) => ({
          incident: ref('excluded.incident'),
          state: ref('excluded.state'),
          // A resolution does not repeat these; they stay what they were.
          fingerprint: fn.coalesce('excluded.fingerprint', 'alerts.fingerprint'),
          began_at: fn.coalesce('excluded.began_at', 'alerts.began_at'),
          changed_at: ref('excluded.changed_at'),
        })),
      )
      .execute()
  for (const part of parts([...rows.groups].sort(([a], [b]) => (a < b ? -1 : 1))))
    await tx
      .insertInto('alert_groups')
      .values(part.map(([name, incident]) => ({ name, incident })))
      .onConflict((conflict) =>
        conflict.column('name').doUpdateSet(({ ref }) => ({ incident: ref('excluded.incident') })),
      )
      .execute()
  for (const part of parts(rows.done)) await tx.deleteFrom('outbox').where('id', 'in', part).execute()
}
