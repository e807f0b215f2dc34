import type { Kysely } from 'kysely'
import { sql } from 'kysely'
import { Effect } from '../incident/effect.ts'
import type { Connection } from './connection.ts'
import type { Database } from './schema.ts'

/** An effect taken to be done, by nobody else until the lease ends. */
export type Claimed = {
  /** `INC-42/7/0` */
  id: string
  incident: string
  /** The number of the event that caused it. */
  seq: number
  effect: Effect
  /** 1 for the first. More means that an earlier attempt may have happened. */
  attempt: number
  /** Epoch ms. */
  createdAt: number
}

/** The queue of effects: claimed under a lease, gone when done. */
export const createOutboxTable = ({ db, kind, skipLocked }: Connection) => ({
  /**
   * Takes up to `limit` effects that are due and first in their lane. A lease that has run out counts as due: its
   * holder is gone, or was too slow to be trusted.
   */
  claim: async ({ owner, limit, leaseMs, now }: { owner: string; limit: number; leaseMs: number; now: number }) =>
    db.transaction().execute(async (tx): Promise<Claimed[]> => {
      const candidates = tx
        .selectFrom('outbox')
        .selectAll()
        .where('due_at', '<=', now)
        .where(({ or, eb }) => or([eb('state', '=', 'queued'), eb('lease_until', '<', now)]))
        .where(({ not, exists, selectFrom }) =>
          not(
            exists(
              selectFrom('outbox as earlier')
                .select(sql<number>`1`.as('one'))
                .whereRef('earlier.incident', '=', 'outbox.incident')
                .whereRef('earlier.lane', '=', 'outbox.lane')
                .where(({ or, and, eb, ref }) =>
                  or([
                    eb('earlier.seq', '<', ref('outbox.seq')),
                    and([
                      eb('earlier.seq', '=', ref('outbox.seq')),
                      eb('earlier.position', '<', ref('outbox.position')),
                    ]),
                  ]),
                ),
            ),
          ),
        )
        .orderBy('due_at')
        .orderBy('seq')
        .orderBy('position')
        .limit(limit)
      const rows = await (kind === 'postgres' ? skipLocked(candidates) : candidates).execute()
      if (rows.length === 0) return []
      await tx
        .updateTable('outbox')
        .set(({ eb }) => ({
          state: 'running',
          lease_until: now + leaseMs,
          lease_owner: owner,
          attempts: eb('attempts', '+', 1),
          absorb: null,
        }))
        .where(
          'id',
          'in',
          rows.map(({ id }) => id),
        )
        .execute()
      return rows.map((row) => ({
        id: row.id,
        incident: row.incident,
        seq: row.seq,
        effect: Effect.parse(JSON.parse(row.effect)),
        attempt: row.attempts + 1,
        createdAt: row.created_at,
      }))
    }),

  /** Puts an effect back, to be done again at `dueAt` (epoch ms). Only its holder can: a lost lease changes nothing. */
  postpone: async ({ id, owner, dueAt, error }: { id: string; owner: string; dueAt: number; error: string }) => {
    await db
      .updateTable('outbox')
      .set({ state: 'queued', due_at: dueAt, lease_until: null, lease_owner: null, last_error: error })
      .where('id', '=', id)
      .where('lease_owner', '=', owner)
      .execute()
  },

  /** Gives back what was claimed but not begun, as if nothing had happened. */
  release: async ({ ids, owner }: { ids: string[]; owner: string }) => {
    if (ids.length === 0) return
    await db
      .updateTable('outbox')
      .set(({ eb }) => ({ state: 'queued', lease_until: null, lease_owner: null, attempts: eb('attempts', '-', 1) }))
      .where('id', 'in', ids)
      .where('lease_owner', '=', owner)
      .execute()
  },

  /**
   * Takes back every lease at once. Only for a process that has the database to itself: whoever held them is gone. The
   * attempts stay counted, because what they did may have happened.
   */
  takeBack: async (): Promise<void> => {
    await db
      .updateTable('outbox')
      .set({ state: 'queued', lease_until: null, lease_owner: null })
      .where('state', '=', 'running')
      .execute()
  },

  /** When the next effect is due or a lease ends, epoch ms; undefined when the queue is empty. */
  nextDue: async (): Promise<number | undefined> => {
    const row = await db
      .selectFrom('outbox')
      .select(({ fn }) => [fn.min(sql<number>`case when state = 'queued' then due_at else lease_until end`).as('due')])
      .executeTakeFirst()
    return row?.due === null || row?.due === undefined ? undefined : Number(row.due)
  },

  /** What waits and why, oldest first: for metrics, health and the inspector. */
  pending: async (limit = 200) =>
    (await rowsPending(db, limit)).map((row) => ({
      id: row.id,
      incident: row.incident,
      effect: Effect.parse(JSON.parse(row.effect)),
      state: row.state,
      attempts: row.attempts,
      dueAt: row.due_at,
      createdAt: row.created_at,
      lastError: row.last_error ?? undefined,
    })),

  count: async (): Promise<number> => {
    const row = await db
      .selectFrom('outbox')
      .select(({ fn }) => fn.countAll().as('count'))
      .executeTakeFirst()
    return Number(row?.count ?? 0)
  },
})

const rowsPending = (db: Kysely<Database>, limit: number) =>
  db.selectFrom('outbox').selectAll().orderBy('created_at').orderBy('seq').orderBy('position').limit(limit).execute()

export type OutboxTable = ReturnType<typeof createOutboxTable>
