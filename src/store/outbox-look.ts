import { sql } from 'kysely'
import { Effect } from '../incident/effect.ts'
import type { Connection } from './connection.ts'

/** Nothing of its lane is before it. A row that cannot be read holds nothing up. */
export const FIRST_IN_LANE = sql<boolean>`not exists (
  select 1 from outbox as earlier
  where earlier.incident = outbox.incident and earlier.lane = outbox.lane and earlier.state <> 'unreadable'
    and (earlier.seq < outbox.seq or (earlier.seq = outbox.seq and earlier.position < outbox.position))
)`

/** What waits for one system. */
export type WaitingFor = {
  system: string
  effects: number
  /** Since when the oldest of them is queued, epoch ms. */
  since: number
  /** The error of one of them. */
  error: string | undefined
}

/** The queue as others see it: metrics, health, the inspector, `muster doctor`. Changes nothing. */
export const createOutboxLook = ({ db }: Connection) => ({
  /**
   * When the next effect that nothing of its lane holds back is due, or its lease ends, epoch ms; undefined when the
   * queue is empty.
   */
  nextDue: async (): Promise<number | undefined> => {
    const row = await db
      .selectFrom('outbox')
      .select(({ fn }) => [fn.min(sql<number>`case when state = 'queued' then due_at else lease_until end`).as('due')])
      .where('state', '<>', 'unreadable')
      .where(FIRST_IN_LANE)
      .executeTakeFirst()
    return row?.due === null || row?.due === undefined ? undefined : Number(row.due)
  },

  /** What waits and why, oldest first. */
  pending: async (limit = 200) => {
    const rows = await db
      .selectFrom('outbox')
      .selectAll()
      .where('state', '<>', 'unreadable')
      .orderBy('created_at')
      .orderBy('seq')
      .orderBy('position')
      .limit(limit)
      .execute()
    return rows.flatMap((row) => {
      const { id, incident, state, attempts, failures, due_at: dueAt, created_at: createdAt } = row
      const effect = effectOf(row)
      const [lastError, waitingFor] = [row.last_error ?? undefined, row.waiting_for ?? undefined]
      return effect
        ? [{ id, incident, effect, state, attempts, failures, dueAt, createdAt, lastError, waitingFor }]
        : []
    })
  },

  /** How many effects are waiting or running. */
  count: async (): Promise<number> => {
    const row = await db
      .selectFrom('outbox')
      .select(({ fn }) => fn.countAll().as('count'))
      .where('state', '<>', 'unreadable')
      .executeTakeFirst()
    return Number(row?.count ?? 0)
  },

  /** How many effects were set aside because they cannot be read. */
  unreadable: async (): Promise<number> => {
    const row = await db
      .selectFrom('outbox')
      .select(({ fn }) => fn.countAll().as('count'))
      .where('state', '=', 'unreadable')
      .executeTakeFirst()
    return Number(row?.count ?? 0)
  },

  /** The systems that effects wait for, the longest wait first. */
  waiting: async (): Promise<WaitingFor[]> => {
    const rows = await db
      .selectFrom('outbox')
      .select(({ fn }) => [
        'waiting_for',
        fn.countAll().as('effects'),
        fn.min('created_at').as('since'),
        fn.max('last_error').as('error'),
      ])
      .where('waiting_for', 'is not', null)
      .groupBy('waiting_for')
      .orderBy('since')
      .execute()
    return rows.map(({ waiting_for, effects, since, error }) => ({
      system: waiting_for as string,
      effects: Number(effects),
      since: Number(since),
      error: error ?? undefined,
    }))
  },
})

const effectOf = ({ effect }: { effect: string }): Effect | undefined => {
  try {
    return Effect.safeParse(JSON.parse(effect)).data
  } catch {
    return undefined
  }
}
