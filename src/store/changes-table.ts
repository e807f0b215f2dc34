import type { Change } from '../incident/change.ts'
import { type Connection, storable } from './connection.ts'

export type ChangeQuery = {
  from: number
  to: number
  near?: number
  /** Our ids. */
  services?: readonly string[]
  limit?: number
}

/** Deploys and configuration changes, whichever incident they belong to. */
export const createChangesTable = ({ db }: Connection) => ({
  /** Keeps a change; false when it was known already. `service` is our id for it. */
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
      .select(['data', 'service'])
      .where('at', '>=', from)
      .where('at', '<=', to)
      .orderBy(({ fn, eb, val }) => fn('abs', [eb('at', '-', val(near))]))
      .limit(limit)
    if (services) query = query.where('service', 'in', services.map(storable))
    const rows = await query.execute()
    return rows.map(({ data, service }) => ({ change: JSON.parse(data) as Change, service: service ?? undefined }))
  },
})
