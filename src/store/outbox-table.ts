import type { ExpressionBuilder } from 'kysely'
import { Effect } from '../incident/effect.ts'
import { messageOf } from '../incident/errors.ts'
import { type Connection, storable } from './connection.ts'
import type { Damage } from './damage.ts'
import { createOutboxLook, FIRST_IN_LANE } from './outbox-look.ts'
import type { Database } from './schema.ts'

/** A claimed effect, reserved until the lease expires. */
export type Claimed = {
  /** `INC-42/7/0` */
  id: string
  incident: string
  /** The number of the event that caused it. */
  seq: number
  effect: Effect
  /** 1 for the first. More means that an earlier attempt may have happened. */
  attempt: number
  /** How many earlier attempts ended in an error that counts. */
  failures: number
  /** What it waited for, when it did. */
  waitingFor: string | undefined
  /** What earlier attempts finished: item -> result. */
  progress: Record<string, string>
  /** Epoch ms. */
  createdAt: number
}

/** Nothing is scheduled further ahead than this, ms; anything later was written before the clock was set back. */
export const LONGEST_WAIT_MS = 3_600_000
/** How far the clocks of replicas may differ, ms. */
const CLOCK_TOLERANCE_MS = 60_000
/** How long an effect known only to a newer version is left alone before it is tried again, ms. */
const UNKNOWN_WAIT_MS = 60_000

type Eb = ExpressionBuilder<Database, 'outbox'>

/** Due, or scheduled for a time that the present clock cannot have meant. */
const isDue = ({ or, eb }: Eb, now: number) =>
  or([
    eb('due_at', '<=', now),
    eb('scheduled_at', '>', now + CLOCK_TOLERANCE_MS),
    eb('due_at', '>', now + LONGEST_WAIT_MS + CLOCK_TOLERANCE_MS),
  ])

/** Free to take: queued, or its holder's lease is over, or ends later than any lease can. */
const isFree = ({ or, and, eb }: Eb, now: number, leaseMs: number) =>
  or([
    eb('state', '=', 'queued'),
    and([
      eb('state', '=', 'running'),
      or([eb('lease_until', '<=', now), eb('lease_until', '>', now + leaseMs + CLOCK_TOLERANCE_MS)]),
    ]),
  ])

/** The queue of effects: claimed under a lease, gone when done. */
export const createOutboxTable = (connection: Connection, damage: Damage) => {
  const { db, kind, skipLocked } = connection
  return {
    ...createOutboxLook(connection),

    /**
     * Takes up to `limit` effects that are due and first in their lane, the most important first. A lease that has run
     * out counts as due: its holder is gone, or was too slow to be trusted. A row that cannot be read is set aside.
     */
    claim: async ({ owner, limit, leaseMs, now }: { owner: string; limit: number; leaseMs: number; now: number }) =>
      db.transaction().execute(async (tx): Promise<Claimed[]> => {
        const candidates = tx
          .selectFrom('outbox')
          .selectAll()
          .where((eb) => isDue(eb, now))
          .where((eb) => isFree(eb, now, leaseMs))
          .where(FIRST_IN_LANE)
          .orderBy('importance')
          .orderBy('due_at')
          .orderBy('seq')
          .orderBy('position')
          .limit(limit)
        const rows = await (kind === 'postgres' ? skipLocked(candidates) : candidates).execute()
        const read = rows.map((row) => ({ row, effect: readEffect(row) }))
        const taken = read.filter(({ effect }) => typeof effect === 'object')
        const unknown = read.filter(({ effect }) => effect === 'unknown').map(({ row }) => row.id)
        const unreadable = read.filter(({ effect }) => effect === 'unreadable').map(({ row }) => row.id)
        if (taken.length > 0)
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
              taken.map(({ row }) => row.id),
            )
            .execute()
        if (unknown.length > 0)
          await tx
            .updateTable('outbox')
            .set({ state: 'queued', due_at: now + UNKNOWN_WAIT_MS, scheduled_at: now })
            .where('id', 'in', unknown)
            .execute()
        if (unreadable.length > 0)
          await tx
            .updateTable('outbox')
            .set({ state: 'unreadable', absorb: null })
            .where('id', 'in', unreadable)
            .execute()
        for (const id of unreadable) damage.report('outbox', id, new Error('The effect is no JSON.'))
        return taken.map(({ row, effect }) => ({
          id: row.id,
          incident: row.incident,
          seq: row.seq,
          effect: effect as Effect,
          attempt: row.attempts + 1,
          failures: row.failures,
          waitingFor: row.waiting_for ?? undefined,
          progress: readProgress(row.progress),
          createdAt: row.created_at,
        }))
      }),

    /**
     * Puts an effect back, to be done again at `dueAt` (epoch ms). Only its holder can: a lost lease changes nothing.
     * @param counts whether this attempt counts towards the last one.
     * @param waitingFor the system it waits for; it is due at once when that one is back.
     */
    postpone: async ({ id, owner, dueAt, now, error, counts, waitingFor }: Postponed) => {
      await db
        .updateTable('outbox')
        .set(({ eb }) => ({
          state: 'queued',
          due_at: dueAt,
          scheduled_at: now,
          lease_until: null,
          lease_owner: null,
          last_error: storable(error),
          waiting_for: waitingFor ?? null,
          ...(counts ? { failures: eb('failures', '+', 1) } : {}),
        }))
        .where('id', '=', id)
        .where('lease_owner', '=', owner)
        .execute()
    },

    /** Remembers what a running effect has finished so far. Only its holder can. */
    keepProgress: async ({ id, owner, progress }: { id: string; owner: string; progress: Record<string, string> }) => {
      await db
        .updateTable('outbox')
        .set({ progress: JSON.stringify(progress) })
        .where('id', '=', id)
        .where('lease_owner', '=', owner)
        .execute()
    },

    /** Makes queued effects due at once, whatever their scheduled time. */
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

    /** Says that the holder is alive: its leases end `leaseMs` from now. A lease that another one took stays theirs. */
    extend: async ({ ids, owner, leaseMs, now }: { ids: string[]; owner: string; leaseMs: number; now: number }) => {
      if (ids.length === 0) return
      await db
        .updateTable('outbox')
        .set({ lease_until: now + leaseMs })
        .where('id', 'in', ids)
        .where('lease_owner', '=', owner)
        .execute()
    },

    /**
     * Makes what waits for a system (for any, when none is named) due now, the most important first.
     * @param limit how many, for a probe; all without it.
     * @returns how many there were.
     */
    hasten: async ({ system, limit, now }: { system?: string; limit?: number; now: number }): Promise<number> => {
      let waiting = db
        .selectFrom('outbox')
        .select('id')
        .where('state', '=', 'queued')
        .where(FIRST_IN_LANE)
        .orderBy('importance')
        .orderBy('created_at')
      waiting =
        system === undefined ? waiting.where('waiting_for', 'is not', null) : waiting.where('waiting_for', '=', system)
      if (limit !== undefined) waiting = waiting.limit(limit)
      const result = await db
        .updateTable('outbox')
        .set({ due_at: now, scheduled_at: now })
        .where('id', 'in', waiting)
        .where('state', '=', 'queued')
        .executeTakeFirst()
      return Number(result.numUpdatedRows)
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
     * Revokes every lease at once. Only for a process that has the database to itself: any other holder has terminated.
     * The attempts stay counted, because they may have taken effect.
     */
    takeBack: async (): Promise<void> => {
      await db
        .updateTable('outbox')
        .set({ state: 'queued', lease_until: null, lease_owner: null })
        .where('state', '=', 'running')
        .execute()
    },
  }
}

type Postponed = {
  id: string
  owner: string
  dueAt: number
  now: number
  error: string
  counts: boolean
  waitingFor?: string | undefined
}

/** `unknown` is known only to a newer version running alongside us during a deploy: it waits for that one. */
const readEffect = (row: { effect: string }): Effect | 'unknown' | 'unreadable' => {
  try {
    return Effect.safeParse(JSON.parse(row.effect)).data ?? 'unknown'
  } catch {
    return 'unreadable'
  }
}

/** Progress that cannot be read is none: the work starts over, which is harmless. */
const readProgress = (text: string | null): Record<string, string> => {
  try {
    return text === null ? {} : (JSON.parse(text) as Record<string, string>)
  } catch (error) {
    return { unreadable: messageOf(error) }
  }
}

export type OutboxTable = ReturnType<typeof createOutboxTable>
