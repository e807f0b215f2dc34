import { existsSync, lstatSync, readlinkSync, realpathSync, statSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import { kindOfUrl } from './connection.ts'

/** The file behind a `sqlite:` URL; undefined for `:memory:` and for PostgreSQL. */
export const databaseFile = (url: string): string | undefined => {
  const path = url.slice('sqlite:'.length)
  return kindOfUrl(url) === 'sqlite' && path !== ':memory:' ? path : undefined
}

/** One name for one file, whatever symbolic links lead to it, also while it does not exist yet. */
export const realFile = (path: string): string => {
  if (existsSync(path)) return realpathSync(path)
  const folder = existsSync(dirname(path)) ? realpathSync(dirname(path)) : resolve(dirname(path))
  const file = join(folder, basename(path))
  const link = lstatSync(file, { throwIfNoEntry: false })
  return link?.isSymbolicLink() ? realFile(resolve(folder, readlinkSync(file))) : file
}

/**
 * SQLite treats an empty file as a new database, so a truncated one would start as if nothing had ever happened.
 * @throws one sentence that says how to proceed.
 */
export const refuseEmptyFile = (url: string): void => {
  const path = databaseFile(url)
  if (path === undefined || statSync(path, { throwIfNoEntry: false })?.size !== 0) return
  throw new Error(
    `${path} is empty: it has been truncated. Restore a backup, or delete it to start with a new database.`,
  )
}

/** Adds the file to the error message: SQLite only says "unable to open database file". */
export const naming = (url: string, error: unknown): unknown => {
  const path = databaseFile(url)
  if (path === undefined || !(error instanceof Error) || error.message.includes(path)) return error
  return new Error(`${path}: ${error.message}`, { cause: error })
}
