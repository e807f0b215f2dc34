import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import Sqlite from 'better-sqlite3'
import { databaseFile, naming, realFile } from './database-file.ts'

/** Long enough for the one before to finish, when a server is replaced by the next. */
const TIMEOUT_MS = 5_000

/**
 * SQLite means one server: its lock, beside the database, is held until the returned function is called or the process
 * ends, however it ends. Exports and backups need no lock. PostgreSQL is shared and has none.
 * @throws one sentence when another server holds it.
 */
export const holdAlone = (url: string, timeoutMs = TIMEOUT_MS): (() => void) => {
  const path = databaseFile(url)
  if (path === undefined) return () => {}
  const lock = openLock(url, path, timeoutMs)
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

/** Named after the file itself: a second server that reaches it by a symbolic link must find the same lock. */
const openLock = (url: string, path: string, timeoutMs: number): Sqlite.Database => {
  try {
    mkdirSync(dirname(path), { recursive: true })
    return new Sqlite(`${realFile(path)}-serving`, { timeout: timeoutMs })
  } catch (error) {
    throw naming(url, error)
  }
}
