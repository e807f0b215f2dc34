import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import Sqlite from 'better-sqlite3'
import { kindOfUrl } from './connection.ts'

/** Long enough for the one before to finish, when a server is replaced by the next. */
const PATIENCE_MS = 5_000

/**
 * SQLite means one server: its lock, beside the database, is held until the returned function is called or the process
 * ends, however it ends. Exports and backups need no lock. PostgreSQL is shared and has none.
 * @throws one sentence when another server holds it.
 */
export const holdAlone = (url: string): (() => void) => {
  const path = url.slice('sqlite:'.length)
  if (kindOfUrl(url) !== 'sqlite' || path === ':memory:') return () => {}
  mkdirSync(dirname(path), { recursive: true })
  const lock = new Sqlite(`${path}-serving`, { timeout: PATIENCE_MS })
  try {
    lock.exec('begin exclusive')
  } catch (error) {
    lock.close()
    throw new Error(`Another Muster is serving from ${path}. SQLite allows one; several share PostgreSQL.`, {
      cause: error,
    })
  }
  return () => {
    lock.close()
  }
}
