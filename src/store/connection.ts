import type { Kysely, SelectQueryBuilder, Transaction } from 'kysely'
import { Unavailable } from '../incident/errors.ts'
import type { Database } from './schema.ts'

/** What differs between the two databases; everything else is the same Kysely code. */
export type Connection = {
  db: Kysely<Database>
  kind: 'sqlite' | 'postgres'
  /** Holds a named lock until the transaction ends, so that two processes take turns. */
  lock(tx: Transaction<Database>, name: string): Promise<void>
  /** Locks the selected rows until the transaction ends. */
  forUpdate<Tables extends keyof Database, Row>(
    query: SelectQueryBuilder<Database, Tables, Row>,
  ): SelectQueryBuilder<Database, Tables, Row>
  /** Locks the selected rows, passing over those that another process holds. */
  skipLocked<Tables extends keyof Database, Row>(
    query: SelectQueryBuilder<Database, Tables, Row>,
  ): SelectQueryBuilder<Database, Tables, Row>
  /** Writes a consistent copy to a file while the program runs. */
  backup(file: string): Promise<void>
  /** Asks the database something harmless. */
  ping(): Promise<void>
  /** Writes a row, to test whether writing works. */
  probe(): Promise<void>
}

/** The key that a probe of the database writes. */
export const PROBE = 'muster:probe'

/** Which database `DATABASE_URL` names: `sqlite:./data/muster.db`, `sqlite::memory:` or `postgres://...`. */
export const kindOfUrl = (url: string): 'sqlite' | 'postgres' | undefined =>
  url.startsWith('sqlite:') ? 'sqlite' : /^postgres(ql)?:\/\//.test(url) ? 'postgres' : undefined

const codeOf = (error: unknown): string => {
  const code = (error as { code?: unknown } | null)?.code
  return typeof code === 'string' ? code : ''
}

/** A unique index refused a row: SQLite's and PostgreSQL's way of saying so. */
export const isUniqueViolation = (error: unknown): boolean =>
  ['23505', 'SQLITE_CONSTRAINT_UNIQUE', 'SQLITE_CONSTRAINT_PRIMARYKEY'].includes(codeOf(error))

/** Another process was faster or stood in the way (deadlock, serialization): deciding again on the newer state helps. */
export const lostToAnother = (error: unknown): boolean =>
  isUniqueViolation(error) || codeOf(error) === '40P01' || codeOf(error) === '40001'

/** The channel already belongs to another incident: retrying on a newer state does not help. */
export const isChannelTaken = (error: unknown): boolean =>
  isUniqueViolation(error) &&
  ((error as { constraint?: unknown }).constraint === 'incidents_channel_key' ||
    /incidents\.channel/.test((error as Error).message))

/**
 * One value could not be stored (PostgreSQL's classes 22, 23 and 54): the other writes of its transaction are innocent.
 * Anything else, like a lost connection, would only fail again for each of them.
 */
export const blamesOneWrite = (error: unknown): boolean =>
  lostToAnother(error) || /^(22|23|54)...$|^SQLITE_(CONSTRAINT|TOOBIG|MISMATCH|RANGE)/.test(codeOf(error))

/** What keeps a database from answering, by the driver's code; each is a sentence without its full stop. */
const TROUBLES: [RegExp, string][] = [
  [/^SQLITE_(BUSY|LOCKED)/, 'The database is locked by another program'],
  [/^SQLITE_FULL|^53100/, 'The disk of the database is full'],
  [/^SQLITE_(CORRUPT|NOTADB)/, 'The database file is damaged; restore a backup'],
  [/^SQLITE_(IOERR|CANTOPEN|READONLY)/, 'The database file cannot be written'],
  [/^(E[A-Z]+|08...|57P..|53...)$/, 'The database cannot be reached'],
]
/** Messages of the PostgreSQL driver that have no code. */
const LOST_CONNECTION =
  /^(timeout exceeded|Query read timeout|Connection terminated|Client has encountered)|not queryable/i

/** The sentence for people and logs when the database itself fails; the driver's own error is the cause. */
export const withReason = (error: unknown): unknown => {
  if (error instanceof Unavailable) return error
  const code = codeOf(error)
  const { message = '' } = error as Partial<Error>
  const sentence =
    TROUBLES.find(([codes]) => codes.test(code))?.[1] ??
    (LOST_CONNECTION.test(message) ? 'The database cannot be reached' : undefined)
  return sentence ? new Unavailable(`${sentence}: ${message || code}.`, { system: 'database', cause: error }) : error
}

/**
 * Text as both databases keep it in a column of its own: PostgreSQL refuses NUL, and half a surrogate pair becomes a
 * question mark in UTF-8. Both are spelled out; text that is fine, or was spelled out before, stays as it is. JSON needs
 * none of this: it escapes them itself.
 */
export const storable = (text: string): string =>
  text.replace(/\0|\p{Surrogate}/gu, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
