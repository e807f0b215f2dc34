import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import Sqlite from 'better-sqlite3'
import { Kysely, type SqliteDatabase, sql } from 'kysely'
import { type Connection, PROBE } from './connection.ts'
import type { Database } from './schema.ts'
import { BusyRetrySqliteDialect } from './sqlite-driver.ts'

/** How long SQLite itself may wait for a lock, ms: it stops the process meanwhile, so the driver does the waiting. */
const BUSY_TIMEOUT_MS = 10
/** At the start nothing else is to be done than to wait, ms. */
const OPEN_TIMEOUT_MS = 5_000

/**
 * Opens a SQLite file, or `:memory:`. Meant for one server; a second process, like a backup or an export, takes turns.
 * WAL with `synchronous=FULL`: what was acknowledged survives a power failure.
 */
export const openSqlite = (path: string): Connection => {
  if (path !== ':memory:') mkdirSync(dirname(path), { recursive: true })
  const file = new Sqlite(path, { timeout: OPEN_TIMEOUT_MS })
  file.pragma('journal_mode = WAL')
  file.pragma('synchronous = FULL')
  file.pragma('foreign_keys = ON')
  file.pragma(`busy_timeout = ${BUSY_TIMEOUT_MS}`)
  const database: SqliteDatabase = {
    // Our transactions read and then write. Taking the write lock at once lets two processes wait for each other;
    // taking it half-way would fail with SQLITE_BUSY, and no waiting would help.
    prepare: keptStatements((statement) => file.prepare(statement === 'begin' ? 'begin immediate' : statement)),
    close: () => file.close(),
  }
  const db = new Kysely<Database>({
    dialect: new BusyRetrySqliteDialect({ database, inTransaction: () => file.inTransaction }),
  })
  return {
    db,
    kind: 'sqlite',
    // A transaction holds the whole file: transactions are serial already.
    lock: async () => {},
    forUpdate: (query) => query,
    skipLocked: (query) => query,
    backup: async (target) => {
      await file.backup(target)
    },
    ping: async () => {
      await sql`select 1`.execute(db)
    },
    probe: async () => {
      // A write: a full disk and a read-only file answer every question.
      const row = { value: '""', written_at: Date.now() }
      await db
        .insertInto('memory')
        .values({ key: PROBE, ...row })
        .onConflict((conflict) => conflict.column('key').doUpdateSet(row))
        .execute()
    },
  }
}

/** How many prepared statements are cached: those of a batch differ only in its size. */
const MOST_STATEMENTS = 300

/** Statements recur; preparing one takes longer than running it. */
const keptStatements = (prepare: SqliteDatabase['prepare']): SqliteDatabase['prepare'] => {
  const kept = new Map<string, ReturnType<SqliteDatabase['prepare']>>()
  return (statement) => {
    const ready = kept.get(statement)
    if (ready) return ready
    const prepared = prepare(statement)
    if (kept.size >= MOST_STATEMENTS) kept.clear()
    kept.set(statement, prepared)
    return prepared
  }
}
