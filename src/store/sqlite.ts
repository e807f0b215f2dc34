import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import Sqlite from 'better-sqlite3'
import { Kysely, SqliteDialect, sql } from 'kysely'
import type { Connection } from './connection.ts'
import type { Database } from './schema.ts'

/**
 * Opens a SQLite file, or `:memory:`. One process only: an exclusive lock on the file says so to a second one at start.
 * WAL with `synchronous=FULL`: what was answered survives a power cut.
 */
export const openSqlite = (path: string): Connection => {
  if (path !== ':memory:') mkdirSync(dirname(path), { recursive: true })
  const file = new Sqlite(path)
  file.pragma('busy_timeout = 5000')
  file.pragma('journal_mode = WAL')
  file.pragma('synchronous = FULL')
  file.pragma('foreign_keys = ON')
  const db = new Kysely<Database>({ dialect: new SqliteDialect({ database: file }) })
  return {
    db,
    kind: 'sqlite',
    // One process and one connection: transactions are serial already.
    lock: async () => {},
    forUpdate: (query) => query,
    skipLocked: (query) => query,
    backup: async (target) => {
      await file.backup(target)
    },
    ping: async () => {
      await sql`select 1`.execute(db)
    },
  }
}
