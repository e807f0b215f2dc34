import type { Kysely } from 'kysely'

/** What tells the occurrences of one alert apart in time, and the ends that came before their beginnings. */
export const up = async (db: Kysely<unknown>): Promise<void> => {
  await db.schema.alterTable('alerts').addColumn('began_at', 'bigint').execute()
  await db.schema
    .createIndex('alerts_by_sighting')
    .on('alerts')
    .columns(['fingerprint', 'incident', 'changed_at'])
    .execute()

  await db.schema
    .createTable('early_ends')
    .addColumn('name', 'text', (column) => column.primaryKey())
    .addColumn('ended_at', 'bigint', (column) => column.notNull())
    .addColumn('heard_at', 'bigint', (column) => column.notNull())
    .execute()
}
