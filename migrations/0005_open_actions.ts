import type { Kysely } from 'kysely'

type Tables = { incidents: { id: string; state: string; open_actions: number } }

/** How many action items of an incident are open, so that reminders need not read every incident there ever was. */
export const up = async (db: Kysely<unknown>): Promise<void> => {
  await db.schema
    .alterTable('incidents')
    .addColumn('open_actions', 'integer', (column) => column.notNull().defaultTo(0))
    .execute()
  await db.schema.createIndex('incidents_by_open_actions').on('incidents').column('open_actions').execute()
  const tables = db as Kysely<Tables>
  const rows = await tables
    .selectFrom('incidents')
    .select(['id', 'state'])
    .where('state', 'like', '%"done":false%')
    .execute()
  for (const { id, state } of rows)
    await tables
      .updateTable('incidents')
      .set({ open_actions: openIn(state) })
      .where('id', '=', id)
      .execute()
}

/** A row that cannot be read is left for the store to report. */
const openIn = (state: string): number => {
  try {
    const { actions = [] } = JSON.parse(state) as { actions?: { done: boolean }[] }
    return actions.filter(({ done }) => !done).length
  } catch {
    return 0
  }
}
