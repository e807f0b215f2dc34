import type { Kysely } from 'kysely'

/**
 * What people write in the channels of incidents, beside the log: it can be deleted, as the log never is. `touched`
 * counts its changes, so that the index of an incident is brought up to date after each.
 */
export const up = async (db: Kysely<unknown>): Promise<void> => {
  await db.schema
    .createTable('messages')
    .addColumn('channel', 'text', (column) => column.notNull())
    .addColumn('ts', 'text', (column) => column.notNull())
    .addColumn('incident', 'text', (column) => column.notNull())
    .addColumn('at', 'bigint', (column) => column.notNull())
    .addColumn('thread', 'text')
    .addColumn('author', 'text', (column) => column.notNull())
    .addColumn('text', 'text', (column) => column.notNull())
    .addColumn('edited_at', 'bigint')
    .addColumn('deleted', 'integer', (column) => column.notNull().defaultTo(0))
    .addPrimaryKeyConstraint('messages_pk', ['channel', 'ts'])
    .execute()
  await db.schema.createIndex('messages_by_incident').on('messages').columns(['incident', 'at', 'ts']).execute()
  await db.schema
    .alterTable('incident_index')
    .addColumn('touched', 'integer', (column) => column.notNull().defaultTo(0))
    .execute()
}
