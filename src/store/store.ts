import { type Connection, kindOfUrl, withReason } from './connection.ts'
import { createDamage, type DamagedRow } from './damage.ts'
import { createGroupCommit } from './group-commit.ts'
import { createKeepsakes } from './keepsakes.ts'
import { migrate } from './migrate.ts'
import { createOutboxTable } from './outbox-table.ts'
import { createReads } from './reads.ts'
import { openSqlite } from './sqlite.ts'

export type { WaitingFor } from './outbox-look.ts'
export type { Claimed } from './outbox-table.ts'
export { LONGEST_WAIT_MS } from './outbox-table.ts'
export type { Known, Outcome, Owner, Write } from './write.ts'

/** Everything Muster keeps. */
export type Store = ReturnType<typeof createStore>

/**
 * Opens what `DATABASE_URL` names and brings it up to date.
 * @param now what events are stamped with, epoch ms: the sandbox tells a night in minutes.
 * @param scheduleNow what effects are due by, epoch ms: always real time.
 * @param onDamage called once for each row that cannot be read.
 * @throws one sentence when the address is wrong or the database is newer than the program.
 */
export const openStore = async (
  url: string,
  now: () => number,
  scheduleNow: () => number = Date.now,
  onDamage?: (row: DamagedRow) => void,
): Promise<Store> => {
  const connection = await connect(url)
  try {
    await migrate(connection, now())
  } catch (error) {
    await connection.db.destroy()
    throw withReason(error)
  }
  return createStore(connection, now, scheduleNow, onDamage)
}

/** Opens the database without touching its tables. */
export const connect = async (url: string): Promise<Connection> => {
  const kind = kindOfUrl(url)
  if (kind === 'sqlite') return openSqlite(url.slice('sqlite:'.length))
  // Most have no PostgreSQL, and its driver is 30 modules.
  if (kind === 'postgres') return (await import('./postgres.ts')).openPostgres(url)
  throw new Error('DATABASE_URL must begin with sqlite: or postgres://, for instance sqlite:./data/muster.db')
}

const createStore = (
  connection: Connection,
  now: () => number,
  scheduleNow: () => number,
  onDamage?: (row: DamagedRow) => void,
) => {
  const damage = createDamage(onDamage)
  const commits = createGroupCommit({ connection, damage, now, scheduleNow })

  return {
    kind: connection.kind,
    outbox: createOutboxTable(connection, damage),
    ...createReads(connection, damage),
    ...createKeepsakes(connection, damage, now),

    /**
     * Appends to an incident's log, atomically with its cached state and its effects. Writes that arrive together share
     * one transaction and one trip to the disk.
     * @throws Refusal from the decision; VersionConflict for an outdated `expect`, or when others would not stop;
     * Unavailable when the database itself fails.
     */
    write: commits.write,

    /** The rows that could not be read since the start; each stopped nothing else. */
    damaged: damage.rows,

    /** Fails as a write would fail just now. */
    ping: async (): Promise<void> => {
      commits.assertWorking()
      await connection.ping().catch((error: unknown) => {
        throw withReason(error)
      })
    },
    backup: connection.backup,

    /** Finishes what is being written, then lets go of the database. */
    close: async (): Promise<void> => {
      await commits.idle()
      await connection.db.destroy()
    },
  }
}
