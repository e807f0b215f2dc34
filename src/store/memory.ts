import type { Kysely } from 'kysely'
import { storable } from './connection.ts'
import type { Damage } from './damage.ts'
import type { Database } from './schema.ts'

/** Small values by name that outlive the process, shared between replicas. */
export const createMemory = (db: Kysely<Database>, damage: Damage, now: () => number) => ({
  /** Undefined when never written; `writtenAt` is epoch ms. */
  recall: async (key: string): Promise<{ value: string; writtenAt: number } | undefined> => {
    const row = await db
      .selectFrom('memory')
      .select(['value', 'written_at'])
      .where('key', '=', storable(key))
      .executeTakeFirst()
    const value = row && damage.guard('memory', key, () => JSON.parse(row.value) as string)
    return row && value !== undefined ? { value, writtenAt: row.written_at } : undefined
  },

  /** Every value whose key begins with this, by key. One that cannot be read is left out. */
  recallAll: async (prefix: string): Promise<{ key: string; value: string }[]> => {
    const rows = await db
      .selectFrom('memory')
      .select(['key', 'value'])
      .where('key', '>=', prefix)
      .where('key', '<', `${prefix}\uffff`)
      .orderBy('key')
      .execute()
    return rows.flatMap(({ key, value: text }) => {
      const value = damage.guard('memory', key, () => JSON.parse(text) as string)
      return key.startsWith(prefix) && value !== undefined ? [{ key, value }] : []
    })
  },

  remember: async (key: string, value: string): Promise<void> => {
    const row = { value: JSON.stringify(value), written_at: now() }
    await db
      .insertInto('memory')
      .values({ key: storable(key), ...row })
      .onConflict((conflict) => conflict.column('key').doUpdateSet(row))
      .execute()
  },

  /** Writes a value unless there is one. @returns the stored value, the same for all processes that write at once. */
  rememberFirst: async (key: string, value: string): Promise<string> => {
    const row = { key: storable(key), value: JSON.stringify(value), written_at: now() }
    for (;;) {
      await db
        .insertInto('memory')
        .values(row)
        .onConflict((conflict) => conflict.column('key').doNothing())
        .execute()
      const kept = await db.selectFrom('memory').select('value').where('key', '=', row.key).executeTakeFirst()
      // Another process may have forgotten it in between.
      if (kept) return JSON.parse(kept.value) as string
    }
  },

  forget: async (key: string): Promise<void> => {
    await db.deleteFrom('memory').where('key', '=', storable(key)).execute()
  },
})
