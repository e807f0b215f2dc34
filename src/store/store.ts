import { createHash } from 'node:crypto'
import { z } from 'zod'
import type { Change } from '../incident/change.ts'
import { Permanent, VersionConflict } from '../incident/errors.ts'
import type { RecordedEvent } from '../incident/event.ts'
import { FrozenCase, Snapshot } from '../incident/evidence.ts'
import type { Incident } from '../incident/incident.ts'
import { commitAll } from './commit.ts'
import {
  blamesOneWrite,
  type Connection,
  isChannelTaken,
  kindOfUrl,
  lostToAnother,
  storable,
  withReason,
} from './connection.ts'
import { migrate } from './migrate.ts'
import { createOutboxTable } from './outbox-table.ts'
import { incidentOf, recordedEvent } from './rows.ts'
import { openSqlite } from './sqlite.ts'
import type { DirectWrite, Outcome, RoutedWrite, Write } from './write.ts'

export type { Claimed } from './outbox-table.ts'
export type { DirectWrite, Known, Outcome, Owner, Routed, RoutedWrite, Write } from './write.ts'

/** How many writes share one transaction at the most. */
const WRITES_AT_ONCE = 200
/** How often a write is tried again after another process was faster. */
const CONFLICTS = 20

const Frozen = z.union([Snapshot, FrozenCase])

/** Everything Muster keeps. */
export type Store = ReturnType<typeof createStore>

/**
 * Opens what `DATABASE_URL` names and brings it up to date.
 * @param now what events are stamped with, epoch ms: the sandbox tells a night in minutes.
 * @param scheduleNow what effects are due by, epoch ms: always real time.
 * @throws one sentence when the address is wrong or the database is newer than the program.
 */
export const openStore = async (
  url: string,
  now: () => number,
  scheduleNow: () => number = Date.now,
): Promise<Store> => {
  const connection = await connect(url)
  try {
    await migrate(connection, now())
  } catch (error) {
    await connection.db.destroy()
    throw withReason(error)
  }
  return createStore(connection, now, scheduleNow)
}

/** Opens the database without touching its tables. */
export const connect = async (url: string): Promise<Connection> => {
  const kind = kindOfUrl(url)
  if (kind === 'sqlite') return openSqlite(url.slice('sqlite:'.length))
  // Most have no PostgreSQL, and its driver is 30 modules.
  if (kind === 'postgres') return (await import('./postgres.ts')).openPostgres(url)
  throw new Error('DATABASE_URL must begin with sqlite: or postgres://, for instance sqlite:./data/muster.db')
}

const createStore = (connection: Connection, now: () => number, scheduleNow: () => number) => {
  const { db } = connection
  type Waiting = { write: Write; resolve(outcome: Outcome): void; reject(reason: unknown): void }
  let waiting: Waiting[] = []
  let flushing: Promise<void> | undefined

  const transact = (writes: Write[]) =>
    db.transaction().execute((tx) => commitAll(connection, tx, writes, { now: now(), due: scheduleNow() }))

  /** One write on its own: after losing to another process it decides again on the newer state. */
  const alone = async (write: Write): Promise<PromiseSettledResult<Outcome>> => {
    for (let attempt = 1; ; attempt++) {
      try {
        return (await transact([write]))[0] as PromiseSettledResult<Outcome>
      } catch (error) {
        if (isChannelTaken(error))
          return {
            status: 'rejected',
            reason: new Permanent('Its channel belongs to another incident already.', { cause: error }),
          }
        if (!lostToAnother(error)) return { status: 'rejected', reason: withReason(error) }
        if (attempt === CONFLICTS)
          return { status: 'rejected', reason: new VersionConflict('Others kept changing it.', { cause: error }) }
      }
    }
  }

  const together = async (batch: Waiting[]): Promise<PromiseSettledResult<Outcome>[]> => {
    try {
      return await transact(batch.map(({ write }) => write))
    } catch (reason) {
      // Another process took a number or a version first, or a value cannot be stored; whichever write it was, the
      // others must not suffer for it.
      if (!blamesOneWrite(reason)) return batch.map(() => ({ status: 'rejected', reason: withReason(reason) }))
      const results: PromiseSettledResult<Outcome>[] = []
      for (const { write } of batch) results.push(await alone(write))
      return results
    }
  }

  const flush = async () => {
    while (waiting.length > 0) {
      const batch = waiting
      waiting = batch.splice(WRITES_AT_ONCE)
      const results = await together(batch)
      results.forEach((result, i) => {
        const { resolve, reject } = batch[i] as Waiting
        if (result.status === 'fulfilled') resolve(result.value)
        else reject(result.reason)
      })
    }
    // In the same tick as the look at `waiting`, or a write could slip in between and never be flushed.
    flushing = undefined
  }

  return {
    kind: connection.kind,
    outbox: createOutboxTable(connection),

    /**
     * Appends to an incident's log, atomically with its cached state and its effects. Writes that arrive together share
     * one transaction and one trip to the disk.
     * @throws Refusal from the decision; VersionConflict when others keep changing the incident.
     */
    write: <Result = undefined>(write: DirectWrite | RoutedWrite<Result>): Promise<Outcome<Result>> =>
      new Promise((resolve, reject) => {
        // A batch mixes writes of all results; each gets back its own.
        waiting.push({ write, resolve: resolve as Waiting['resolve'], reject })
        flushing ??= new Promise<void>((ready) => setImmediate(ready)).then(flush)
      }),

    read: async (id: string): Promise<Incident | undefined> =>
      (await db.selectFrom('incidents').select('state').where('id', '=', storable(id)).execute()).map(incidentOf)[0],

    byChannel: async (channel: string): Promise<Incident | undefined> =>
      (await db.selectFrom('incidents').select('state').where('channel', '=', storable(channel)).execute()).map(
        incidentOf,
      )[0],

    /** Newest first. */
    list: async ({ statuses, limit = 50 }: { statuses?: string[]; limit?: number } = {}): Promise<Incident[]> => {
      let query = db.selectFrom('incidents').select('state').orderBy('number', 'desc').limit(limit)
      if (statuses) query = query.where('status', 'in', statuses)
      return (await query.execute()).map(incidentOf)
    },

    /** The log, oldest first; `last` takes only the newest so many. */
    events: async (id: string, { last }: { last?: number } = {}): Promise<RecordedEvent[]> => {
      let query = db.selectFrom('events').select(['seq', 'recorded_at', 'data']).where('incident', '=', id)
      query = last === undefined ? query.orderBy('seq') : query.orderBy('seq', 'desc').limit(last)
      const rows = await query.execute()
      if (last !== undefined) rows.reverse()
      return rows.map(recordedEvent)
    },

    event: async (id: string, seq: number): Promise<RecordedEvent | undefined> => {
      const rows = await db
        .selectFrom('events')
        .select(['seq', 'recorded_at', 'data'])
        .where('incident', '=', id)
        .where('seq', '=', seq)
        .execute()
      return rows.map(recordedEvent)[0]
    },

    /** The keys of the alerts on an incident that have one of these states. */
    alertKeys: async (id: string, state?: string): Promise<string[]> => {
      let query = db.selectFrom('alerts').select('key').where('incident', '=', id)
      if (state) query = query.where('state', '=', state)
      return (await query.execute()).map(({ key }) => key)
    },

    /** The keys of the alerts that fire under a fingerprint. */
    firing: async (fingerprint: string): Promise<string[]> => {
      const rows = await db
        .selectFrom('alerts')
        .select('key')
        .where('fingerprint', '=', storable(fingerprint))
        .where('state', '=', 'firing')
        .execute()
      return rows.map(({ key }) => key)
    },

    /** Freezes a look at the outside; returns its name, the hash of its content. */
    freeze: async (snapshot: Snapshot | FrozenCase): Promise<string> => {
      const body = JSON.stringify(snapshot)
      // What cannot be read back must not be written.
      Frozen.parse(JSON.parse(body))
      const hash = createHash('sha256').update(body).digest('hex').slice(0, 32)
      await db
        .insertInto('snapshots')
        .values({ hash, body, created_at: now() })
        .onConflict((conflict) => conflict.column('hash').doNothing())
        .execute()
      return hash
    },

    snapshot: async (hash: string): Promise<Snapshot | undefined> => {
      const row = await db.selectFrom('snapshots').select('body').where('hash', '=', hash).executeTakeFirst()
      return row ? Snapshot.parse(JSON.parse(row.body)) : undefined
    },

    /** The text of a case file that was frozen; undefined when there is none of that name. */
    frozenCase: async (hash: string): Promise<string | undefined> => {
      const row = await db.selectFrom('snapshots').select('body').where('hash', '=', hash).executeTakeFirst()
      return row ? FrozenCase.parse(JSON.parse(row.body)).body : undefined
    },

    /** Keeps a change; false when it was known already. `service` is our id for it. */
    keepChange: async (change: Change, service: string | undefined): Promise<boolean> => {
      const row = await db
        .insertInto('changes')
        .values({
          key: storable(change.key),
          service: service === undefined ? null : storable(service),
          at: change.at,
          data: JSON.stringify(change),
        })
        .onConflict((conflict) => conflict.column('key').doNothing())
        .returning('key')
        .executeTakeFirst()
      return row !== undefined
    },

    /** Changes between two instants (epoch ms), newest first. */
    changes: async ({ from, to, limit = 100 }: { from: number; to: number; limit?: number }) => {
      const rows = await db
        .selectFrom('changes')
        .select(['data', 'service'])
        .where('at', '>=', from)
        .where('at', '<=', to)
        .orderBy('at', 'desc')
        .limit(limit)
        .execute()
      return rows.map(({ data, service }) => ({ change: JSON.parse(data) as Change, service: service ?? undefined }))
    },

    /** A small fact that should outlive the process; undefined when never written. */
    recall: async (key: string): Promise<{ value: string; writtenAt: number } | undefined> => {
      const row = await db
        .selectFrom('memory')
        .select(['value', 'written_at'])
        .where('key', '=', storable(key))
        .executeTakeFirst()
      return row && { value: JSON.parse(row.value) as string, writtenAt: row.written_at }
    },

    remember: async (key: string, value: string): Promise<void> => {
      const row = { value: JSON.stringify(value), written_at: now() }
      await db
        .insertInto('memory')
        .values({ key: storable(key), ...row })
        .onConflict((conflict) => conflict.column('key').doUpdateSet(row))
        .execute()
    },

    ping: connection.ping,
    backup: connection.backup,

    /** Finishes what is being written, then lets go of the database. */
    close: async (): Promise<void> => {
      await flushing
      await db.destroy()
    },
  }
}
