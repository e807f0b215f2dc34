import type { Kysely } from 'kysely'

/**
 * Since when the channel of an incident that is over has rested (epoch ms), so that the look for channels to archive
 * need not read every incident there ever was. Channels of incidents that ended before this column stay open until
 * something happens to them: nobody expects hundreds of old channels to be archived by an upgrade.
 */
export const up = async (db: Kysely<unknown>): Promise<void> => {
  await db.schema.alterTable('incidents').addColumn('rests_since', 'bigint').execute()
  await db.schema.createIndex('incidents_by_rest').on('incidents').column('rests_since').execute()
}
