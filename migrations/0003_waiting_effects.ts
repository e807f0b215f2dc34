import { type Kysely, sql } from 'kysely'

/** What effects wait for, how far they got and how important they are; indexes for the budget and for private incidents. */
export const up = async (db: Kysely<unknown>): Promise<void> => {
  await db.schema
    .alterTable('outbox')
    .addColumn('importance', 'integer', (column) => column.notNull().defaultTo(2))
    .execute()
  await db.schema
    .alterTable('outbox')
    .addColumn('failures', 'integer', (column) => column.notNull().defaultTo(0))
    .execute()
  await db.schema.alterTable('outbox').addColumn('waiting_for', 'text').execute()
  await db.schema.alterTable('outbox').addColumn('scheduled_at', 'bigint').execute()
  await db.schema.alterTable('outbox').addColumn('progress', 'text').execute()
  await db.schema.createIndex('outbox_by_importance').on('outbox').columns(['importance', 'due_at']).execute()
  await db.schema.createIndex('outbox_by_system').on('outbox').column('waiting_for').execute()

  await db.schema.createIndex('incidents_by_opening').on('incidents').columns(['opened_by', 'declared_at']).execute()
  await db.schema
    .alterTable('incidents')
    .addColumn('private', 'integer', (column) => column.notNull().defaultTo(0))
    .execute()
  await sql`update incidents set private = 1 where state like '%"private":true%'`.execute(db)
}
