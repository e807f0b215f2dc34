import { type Kysely, PostgresAdapter, sql } from 'kysely'

/**
 * What search, similar incidents and insights read: one row per incident, its features as an inverted index, and its
 * words in the database's own full-text index. All of it is derived from the log and can be rebuilt at any time.
 */
export const up = async (db: Kysely<unknown>): Promise<void> => {
  await db.schema
    .createTable('incident_index')
    .addColumn('number', 'integer', (column) => column.primaryKey())
    .addColumn('id', 'text', (column) => column.notNull())
    .addColumn('version', 'integer', (column) => column.notNull())
    .addColumn('shape', 'integer', (column) => column.notNull())
    .addColumn('facts', 'text', (column) => column.notNull())
    .addColumn('entries', 'text', (column) => column.notNull())
    .execute()
  await db.schema
    .createTable('incident_features')
    .addColumn('feature', 'text', (column) => column.notNull())
    .addColumn('number', 'integer', (column) => column.notNull())
    .addPrimaryKeyConstraint('incident_features_pk', ['feature', 'number'])
    .execute()
  await db.schema.createIndex('incident_features_by_incident').on('incident_features').column('number').execute()
  // Covers the look for what is out of date, which runs before every search.
  await db.schema.createIndex('incidents_by_version').on('incidents').columns(['number', 'version', 'id']).execute()
  await db.schema.createIndex('incidents_by_time').on('incidents').columns(['declared_at', 'number']).execute()

  if (db.getExecutor().adapter instanceof PostgresAdapter) {
    await sql`create table incident_words (number integer primary key, words tsvector not null)`.execute(db)
    await sql`create index incident_words_by_word on incident_words using gin (words)`.execute(db)
  }
  // The text itself is in `entries`; here it is only found.
  else
    await sql`create virtual table incident_words using fts5(words, content='', contentless_delete=1, detail=none)`.execute(
      db,
    )

  // Each saved edition is a row of its own: history is kept, and two people saving at once cannot overwrite each other.
  await db.schema
    .createTable('playbooks')
    .addColumn('id', 'text', (column) => column.notNull())
    .addColumn('edition', 'integer', (column) => column.notNull())
    .addColumn('at', 'bigint', (column) => column.notNull())
    .addColumn('by', 'text', (column) => column.notNull())
    .addColumn('data', 'text', (column) => column.notNull())
    .addPrimaryKeyConstraint('playbooks_pk', ['id', 'edition'])
    .execute()
}
