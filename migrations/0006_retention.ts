import type { Kysely } from 'kysely'

/** Whose evidence a snapshot is, so that it can go when the incident's time is over; unknown for older ones. */
export const up = async (db: Kysely<unknown>): Promise<void> => {
  await db.schema.alterTable('snapshots').addColumn('incident', 'text').execute()
  await db.schema.createIndex('snapshots_by_incident').on('snapshots').columns(['incident', 'created_at']).execute()
  await db.schema.createIndex('snapshots_by_time').on('snapshots').column('created_at').execute()
}
