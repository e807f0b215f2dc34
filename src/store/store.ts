import { existsSync } from 'node:fs'
import { type Connection, kindOfUrl, withReason } from './connection.ts'
import { createDamage, type DamagedRow } from './damage.ts'
import { databaseFile, naming, refuseEmptyFile } from './database-file.ts'
import { createGroupCommit } from './group-commit.ts'
import { createIncidentIndex } from './incident-index.ts'
import { createKeepsakes } from './keepsakes.ts'
import { createMemory } from './memory.ts'
import { createMessages } from './messages.ts'
import { migrate, missingMigrations } from './migrate.ts'
import { createOutboxTable } from './outbox-table.ts'
import { createPlaybooks } from './playbooks.ts'
import { createReads } from './reads.ts'
import { createRetention } from './retention.ts'
import { openSqlite } from './sqlite.ts'

export type { Hit, Near } from './incident-index.ts'
export type { WaitingFor } from './outbox-look.ts'
export type { Claimed } from './outbox-table.ts'
export { LONGEST_WAIT_MS } from './outbox-table.ts'
export type { EvidenceRemoval, Removed, RetentionLimits } from './retention.ts'
export type { DirectWrite, Known, Outcome, Owner, Routed, RoutedWrite, Write } from './write.ts'

/** Everything Muster keeps. */
export type Store = ReturnType<typeof createStore>

/**
 * Opens the database named by `DATABASE_URL` and migrates it.
 * @param now what events are stamped with, epoch ms: the sandbox's clock runs faster.
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
    throw naming(url, withReason(error))
  }
  return createStore(connection, now, scheduleNow, onDamage)
}

/**
 * Opens a database read-only: nothing is created and no table changes, so an export by a newer version cannot lock out
 * the older server.
 * @throws one sentence when there is no database yet, or when it is older or newer than the program.
 */
export const openStoreToRead = async (url: string, now: () => number): Promise<Store> => {
  const path = databaseFile(url)
  if (path !== undefined && !existsSync(path)) throw new NoDatabase(path)
  const connection = await connect(url)
  try {
    const missing = await missingMigrations(connection)
    if (missing.length > 0)
      throw new Error(
        `The database is older than this version of Muster (it lacks ${missing.join(', ')}); \`muster migrate\` updates it.`,
      )
  } catch (error) {
    await connection.db.destroy()
    throw naming(url, withReason(error))
  }
  return createStore(connection, now, Date.now)
}

/** The file does not exist; the first start creates it. */
export class NoDatabase extends Error {
  override name = 'NoDatabase'

  constructor(path: string) {
    super(`There is no database at ${path}; the first start makes it.`)
  }
}

/** Opens the database without touching its tables. */
export const connect = async (url: string): Promise<Connection> => {
  const kind = kindOfUrl(url)
  if (kind === 'sqlite') {
    refuseEmptyFile(url)
    try {
      return openSqlite(url.slice('sqlite:'.length))
    } catch (error) {
      throw naming(url, error)
    }
  }
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
  const memory = createMemory(connection.db, damage, now)
  const commits = createGroupCommit({ connection, damage, now, scheduleNow })

  return {
    kind: connection.kind,
    outbox: createOutboxTable(connection, damage),
    ...createReads(connection, damage),
    ...createKeepsakes(connection, damage, now),
    ...memory,
    index: createIncidentIndex(connection, damage),
    messages: createMessages(connection),
    playbooks: createPlaybooks(connection, damage),
    retention: createRetention(connection, memory, now),

    /**
     * Appends to an incident's log, atomically with its cached state and its effects. Writes that arrive together share
     * one transaction and one trip to the disk.
     * @throws Refusal from the decision; VersionConflict when others keep changing the incident;
     * Unavailable when the database itself fails.
     */
    write: commits.write,

    /** The rows that could not be read since the start; each stopped nothing else. */
    damaged: damage.rows,

    /** Reads. @throws one sentence when the database does not answer. */
    ping: (): Promise<void> => connection.ping().catch(rethrowWithReason),

    /** Writes. @throws what a webhook's write would fail with just now. */
    probe: async (): Promise<void> => {
      await commits.assertWorking()
      await connection.probe().catch(rethrowWithReason)
    },
    backup: connection.backup,

    /** Completes pending writes, then closes the database. */
    close: async (): Promise<void> => {
      await commits.idle()
      await connection.db.destroy()
    },
  }
}

const rethrowWithReason = (error: unknown): never => {
  throw withReason(error)
}
