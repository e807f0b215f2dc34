import type { ChannelMessage } from '../incident/channel-message.ts'
import type { MessagePlace } from '../incident/place.ts'
import { type Connection, storable } from './connection.ts'
import type { Database } from './schema.ts'

export type MessagesOf = {
  /** Only those up to this instant, epoch ms. */
  until?: number | undefined
  /** Only those with a lower `ts`. */
  before?: string | undefined
  /** The latest so many. */
  last: number
}

/**
 * What people write in the channels of incidents. Slack delivers at least once and in any order: the latest edit wins,
 * and a message that was deleted stays so.
 */
export const createMessages = ({ db }: Connection) => {
  type Row = Database['messages']

  /** Writes a row unless a newer one is there; the incident is indexed again when it changed something. */
  const put = (row: Row): Promise<boolean> =>
    db.transaction().execute(async (tx) => {
      const changed = await tx
        .insertInto('messages')
        .values(row)
        .onConflict((conflict) =>
          conflict
            .columns(['channel', 'ts'])
            .doUpdateSet({ author: row.author, text: row.text, edited_at: row.edited_at, deleted: row.deleted })
            .where('messages.deleted', '=', 0)
            .where(({ eb, fn, lit }) =>
              row.deleted === 1 ? lit(true) : eb(fn.coalesce('messages.edited_at', lit(0)), '<', row.edited_at ?? 0),
            ),
        )
        .returning('ts')
        .executeTakeFirst()
      if (!changed) return false
      await tx
        .updateTable('incident_index')
        .set(({ eb }) => ({ version: 0, touched: eb('touched', '+', 1) }))
        .where('id', '=', row.incident)
        .execute()
      return true
    })

  return {
    /** Keeps a message, or its newer text. @returns false when that, or something newer, was known already. */
    keep: (incident: string, { channel, ts, at, thread, author, text, editedAt }: ChannelMessage): Promise<boolean> =>
      put({
        incident,
        at,
        channel: storable(channel),
        ts: storable(ts),
        thread: thread === undefined ? null : storable(thread),
        author: storable(author),
        text: storable(text),
        edited_at: editedAt ?? null,
        deleted: 0,
      }),

    /** Removes the text of a message that was deleted; that it was there stays known, for a late delivery of it. */
    remove: (incident: string, { channel, ts }: MessagePlace): Promise<boolean> =>
      put({
        incident,
        at: Math.round(Number(ts) * 1000) || 0,
        channel: storable(channel),
        ts: storable(ts),
        thread: null,
        author: '',
        text: '',
        edited_at: null,
        deleted: 1,
      }),

    /** The messages of an incident, oldest first, and how many earlier ones there are. */
    of: async (
      incident: string,
      { until, before, last }: MessagesOf,
    ): Promise<{ messages: ChannelMessage[]; earlier: number }> => {
      let query = db.selectFrom('messages').where('incident', '=', incident).where('deleted', '=', 0)
      if (until !== undefined) query = query.where('at', '<=', until)
      if (before !== undefined) query = query.where('ts', '<', storable(before))
      const [rows, { total }] = await Promise.all([
        query.selectAll().orderBy('at', 'desc').orderBy('ts', 'desc').limit(last).execute(),
        query.select(({ fn }) => fn.countAll<number>().as('total')).executeTakeFirstOrThrow(),
      ])
      return { messages: rows.toReversed().map(messageOf), earlier: Number(total) - rows.length }
    },

    /** These messages of a channel, deleted ones left out: what replies reply to. */
    at: async (channel: string, ts: readonly string[]): Promise<ChannelMessage[]> => {
      if (ts.length === 0) return []
      const query = db.selectFrom('messages').selectAll().where('channel', '=', channel).where('deleted', '=', 0)
      return (await query.where('ts', 'in', ts.map(storable)).execute()).map(messageOf)
    },

    /** How often the messages of an incident have changed since it was first indexed. */
    touched: async (incident: string): Promise<number> => {
      const row = await db.selectFrom('incident_index').select('touched').where('id', '=', incident).executeTakeFirst()
      return row?.touched ?? 0
    },

    /** Deletes everything that was kept of an incident's channel. */
    forget: async (incident: string): Promise<void> => {
      await db.transaction().execute(async (tx) => {
        await tx.deleteFrom('messages').where('incident', '=', incident).execute()
        await tx
          .updateTable('incident_index')
          .set(({ eb }) => ({ version: 0, touched: eb('touched', '+', 1) }))
          .where('id', '=', incident)
          .execute()
      })
    },
  }
}

const messageOf = ({ channel, ts, at, thread, author, text, edited_at }: Database['messages']): ChannelMessage => ({
  channel,
  ts,
  at,
  author,
  text,
  ...(thread === null ? {} : { thread }),
  ...(edited_at === null ? {} : { editedAt: edited_at }),
})
