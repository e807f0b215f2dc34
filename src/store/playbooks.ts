import type { Transaction } from 'kysely'
import { Playbook, type SavedPlaybook } from '../incident/playbook.ts'
import { type Connection, storable } from './connection.ts'
import type { Damage } from './damage.ts'
import type { Database } from './schema.ts'

/** Playbooks, the newest edition of each; earlier ones stay in the table. */
export const createPlaybooks = ({ db, lock }: Connection, damage: Damage) => {
  const latest = (from: Connection['db'] | Transaction<Database>) =>
    from
      .selectFrom('playbooks as one')
      .selectAll()
      .where(({ eb, selectFrom }) =>
        eb(
          'edition',
          '=',
          selectFrom('playbooks as other')
            .select(({ fn }) => fn.max('other.edition').as('newest'))
            .whereRef('other.id', '=', 'one.id'),
        ),
      )
  const savedOf = ({ id, edition, at, by, data }: Database['playbooks']): SavedPlaybook | undefined =>
    damage.guard('playbooks', `${id}/${edition}`, () => ({ ...Playbook.parse(JSON.parse(data)), id, edition, at, by }))

  return {
    /** All of them, oldest id first. */
    all: async (): Promise<SavedPlaybook[]> =>
      (await latest(db).execute())
        .flatMap((row) => savedOf(row) ?? [])
        .sort((a, b) => Number(a.id.slice('PB-'.length)) - Number(b.id.slice('PB-'.length))),

    get: async (id: string): Promise<SavedPlaybook | undefined> => {
      const row = await latest(db).where('id', '=', storable(id)).executeTakeFirst()
      return row && savedOf(row)
    },

    /** Writes the next edition of `id`, or the first of a new playbook. `at` is epoch ms. */
    save: async (playbook: Playbook, { id, at, by }: { id?: string | undefined; at: number; by: string }) =>
      db.transaction().execute(async (tx): Promise<SavedPlaybook> => {
        await lock(tx, 'muster:playbooks')
        const all = await latest(tx).execute()
        const numbers = all.map((row) => Number(row.id.slice('PB-'.length)))
        const saved = {
          id: id ?? `PB-${Math.max(0, ...numbers) + 1}`,
          edition: (all.find((row) => row.id === id)?.edition ?? 0) + 1,
          at,
          by,
        }
        await tx
          .insertInto('playbooks')
          .values({ ...saved, data: JSON.stringify(Playbook.parse(playbook)) })
          .execute()
        return { ...playbook, ...saved }
      }),
  }
}
