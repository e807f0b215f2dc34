import type { Kysely } from 'kysely'

/** The log, its cached folds, the outbox, and what was frozen. */
export const up = async (db: Kysely<unknown>): Promise<void> => {
  await db.schema
    .createTable('incidents')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('number', 'integer', (column) => column.notNull().unique())
    .addColumn('version', 'integer', (column) => column.notNull())
    .addColumn('status', 'text', (column) => column.notNull())
    .addColumn('severity', 'text', (column) => column.notNull())
    .addColumn('service', 'text')
    .addColumn('channel', 'text', (column) => column.unique())
    .addColumn('declared_at', 'bigint', (column) => column.notNull())
    .addColumn('opened_by', 'text', (column) => column.notNull())
    .addColumn('state', 'text', (column) => column.notNull())
    .execute()
  await db.schema.createIndex('incidents_by_status').on('incidents').columns(['status', 'number']).execute()

  await db.schema
    .createTable('events')
    .addColumn('incident', 'text', (column) => column.notNull().references('incidents.id'))
    .addColumn('seq', 'integer', (column) => column.notNull())
    .addColumn('type', 'text', (column) => column.notNull())
    .addColumn('at', 'bigint', (column) => column.notNull())
    .addColumn('recorded_at', 'bigint', (column) => column.notNull())
    .addColumn('once', 'text', (column) => column.unique())
    .addColumn('data', 'text', (column) => column.notNull())
    .addPrimaryKeyConstraint('events_pk', ['incident', 'seq'])
    .execute()

  await db.schema
    .createTable('outbox')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('incident', 'text', (column) => column.notNull().references('incidents.id'))
    .addColumn('seq', 'integer', (column) => column.notNull())
    .addColumn('position', 'integer', (column) => column.notNull())
    .addColumn('lane', 'text', (column) => column.notNull())
    .addColumn('effect', 'text', (column) => column.notNull())
    .addColumn('absorb', 'text')
    .addColumn('state', 'text', (column) => column.notNull())
    .addColumn('due_at', 'bigint', (column) => column.notNull())
    .addColumn('attempts', 'integer', (column) => column.notNull())
    .addColumn('lease_until', 'bigint')
    .addColumn('lease_owner', 'text')
    .addColumn('last_error', 'text')
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .execute()
  await db.schema.createIndex('outbox_due').on('outbox').columns(['due_at']).execute()
  await db.schema.createIndex('outbox_lane').on('outbox').columns(['incident', 'lane', 'seq', 'position']).execute()
  // Only a queued one can absorb: what is running may have read the state before the newest event.
  await db.schema.createIndex('outbox_absorb').on('outbox').column('absorb').unique().execute()

  await db.schema
    .createTable('alerts')
    .addColumn('key', 'text', (column) => column.primaryKey())
    .addColumn('incident', 'text', (column) => column.notNull().references('incidents.id'))
    .addColumn('state', 'text', (column) => column.notNull())
    .addColumn('fingerprint', 'text')
    .addColumn('changed_at', 'bigint', (column) => column.notNull())
    .execute()
  await db.schema.createIndex('alerts_by_incident').on('alerts').column('incident').execute()
  await db.schema.createIndex('alerts_by_fingerprint').on('alerts').columns(['fingerprint', 'state']).execute()

  // Beside the alerts, of which an incident may have ten thousand in one group.
  await db.schema
    .createTable('alert_groups')
    .addColumn('name', 'text', (column) => column.primaryKey())
    .addColumn('incident', 'text', (column) => column.notNull().references('incidents.id'))
    .execute()
  await db.schema.createIndex('alert_groups_by_incident').on('alert_groups').column('incident').execute()

  await db.schema
    .createTable('snapshots')
    .addColumn('hash', 'text', (column) => column.primaryKey())
    .addColumn('body', 'text', (column) => column.notNull())
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .execute()

  await db.schema
    .createTable('changes')
    .addColumn('key', 'text', (column) => column.primaryKey())
    .addColumn('service', 'text')
    .addColumn('at', 'bigint', (column) => column.notNull())
    .addColumn('data', 'text', (column) => column.notNull())
    .execute()
  await db.schema.createIndex('changes_by_time').on('changes').column('at').execute()

  await db.schema
    .createTable('memory')
    .addColumn('key', 'text', (column) => column.primaryKey())
    .addColumn('value', 'text', (column) => column.notNull())
    .addColumn('written_at', 'bigint', (column) => column.notNull())
    .execute()
}
