import type { Kysely } from 'kysely'
import { sql } from 'kysely'
import { Effect } from '../incident/effect.ts'
import { type Connection, storable } from './connection.ts'
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

/** Nothing of its lane is before it. */
const FIRST_IN_LANE = sql<boolean>`not exists (
  select 1 from outbox as earlier
  where earlier.incident = outbox.incident and earlier.lane = outbox.lane
    and (earlier.seq < outbox.seq or (earlier.seq = outbox.seq and earlier.position < outbox.position))
)`

/** Undefined for what only a newer program knows, beside us while versions change: it waits under its lease for that one. */
const effectOf = (row: { effect: string }): Effect | undefined => Effect.safeParse(JSON.parse(row.effect)).data

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
        .where(({ or, eb }) => or([eb('state', '=', 'queued'), eb('lease_until', '<=', now)]))
        .where(FIRST_IN_LANE)
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
      return rows.flatMap((row) => {
        const effect = effectOf(row)
        const { id, incident, seq } = row
        return effect ? [{ id, incident, seq, effect, attempt: row.attempts + 1, createdAt: row.created_at }] : []
      })
    }),

  /** Puts an effect back, to be done again at `dueAt` (epoch ms). Only its holder can: a lost lease changes nothing. */
  postpone: async ({ id, owner, dueAt, error }: { id: string; owner: string; dueAt: number; error: string }) => {
    await db
      .updateTable('outbox')
      .set({ state: 'queued', due_at: dueAt, lease_until: null, lease_owner: null, last_error: storable(error) })
      .where('id', '=', id)
      .where('lease_owner', '=', owner)
      .execute()
  },

  /** Lets what is queued be due at once, whatever time it was given. */
  bringForward: async ({ ids, now }: { ids: string[]; now: number }): Promise<void> => {
    if (ids.length === 0) return
    await db
      .updateTable('outbox')
      .set({ due_at: now })
      .where('id', 'in', ids)
      .where('state', '=', 'queued')
      .where('due_at', '>', now)
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

  /**
   * When the next effect that nothing of its lane holds back is due, or its lease ends, epoch ms; undefined when the
   * queue is empty.
   */
  nextDue: async (): Promise<number | undefined> => {
    const row = await db
      .selectFrom('outbox')
      .select(({ fn }) => [fn.min(sql<number>`case when state = 'queued' then due_at else lease_until end`).as('due')])
      .where(FIRST_IN_LANE)
      .executeTakeFirst()
    return row?.due === null || row?.due === undefined ? undefined : Number(row.due)
  },

  /** What waits and why, oldest first: for metrics, health and the inspector. */
  pending: async (limit = 200) =>
    (await rowsPending(db, limit)).flatMap((row) => {
      const { id, incident, state, attempts, due_at: dueAt, created_at: createdAt, last_error } = row
      const effect = effectOf(row)
      return effect
        ? [{ id, incident, effect, state, attempts, dueAt, createdAt, lastError: last_error ?? undefined }]
        : []
    }),

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
