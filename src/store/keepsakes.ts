import { createHash } from 'node:crypto'
import { z } from 'zod'
import type { Change } from '../incident/change.ts'
import { FrozenCase, Snapshot } from '../incident/evidence.ts'
import { type Connection, storable } from './connection.ts'
import type { Damage } from './damage.ts'

const Frozen = z.union([Snapshot, FrozenCase])
export type ChangeQuery = {
  from: number
  to: number
  near?: number
  /** Our ids. */
  services?: readonly string[]
  limit?: number
}

/** Data stored beside the log: frozen evidence, changes, and small values that should survive a restart. */
export const createKeepsakes = ({ db }: Connection, damage: Damage, now: () => number) => ({
  /** Stores a snapshot for an incident; returns the hash of its content. */
  freeze: async (snapshot: Snapshot | FrozenCase, incident?: string): Promise<string> => {
    const body = JSON.stringify(snapshot)
    // What cannot be read back must not be written.
    Frozen.parse(JSON.parse(body))
    const hash = createHash('sha256').update(body).digest('hex').slice(0, 32)
    await db
      .insertInto('snapshots')
      .values({ hash, body, created_at: now(), incident: incident ?? null })
      .onConflict((conflict) =>
        // It is kept as long as the latest incident that shows it.
        incident === undefined
          ? conflict.column('hash').doNothing()
          : conflict.column('hash').doUpdateSet({ incident, created_at: now() }),
      )
      .execute()
    return hash
  },

  snapshot: async (hash: string): Promise<Snapshot | undefined> => {
    const row = await db.selectFrom('snapshots').select('body').where('hash', '=', hash).executeTakeFirst()
    return row && damage.guard('snapshots', hash, () => Snapshot.parse(JSON.parse(row.body)))
  },

  /** The text of a case file that was frozen; undefined when there is none of that name. */
  frozenCase: async (hash: string): Promise<string | undefined> => {
    const row = await db.selectFrom('snapshots').select('body').where('hash', '=', hash).executeTakeFirst()
    return row && damage.guard('snapshots', hash, () => FrozenCase.parse(JSON.parse(row.body)).body)
  },

  /** Stores a change; false when it was already known. `service` is our id for it. */
  keepChange: async (change: Change, service: string | undefined): Promise<boolean> => {
    const row = await db
      .insertInto('changes')
      .values({
        key: storable(change.key),
        service: service === undefined ? null : storable(service),
        at: change.at,
        data: JSON.stringify(change),
      })
      .onConflict((conflict) => conflict.column('key').doNothing())
      .returning('key')
      .executeTakeFirst()
    return row !== undefined
  },

  /** Changes between two instants (epoch ms), of some services or of all; those nearest to `near` first, or the newest. */
  changes: async ({ from, to, near = to, services, limit = 100 }: ChangeQuery) => {
    if (services?.length === 0) return []
    let query = db
      .selectFrom('changes')
      .select(['key', 'data', 'service'])
      .where('at', '>=', from)
      .where('at', '<=', to)
      .orderBy(({ fn, eb, val }) => fn('abs', [eb('at', '-', val(near))]))
      .limit(limit)
    if (services) query = query.where('service', 'in', services.map(storable))
    const rows = await query.execute()
    return rows.flatMap(({ key, data, service }) => {
      const change = damage.guard('changes', key, () => JSON.parse(data) as Change)
      return change ? [{ change, service: service ?? undefined }] : []
    })
  },
})
