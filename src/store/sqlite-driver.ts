import { setTimeout as sleep } from 'node:timers/promises'
import { type DatabaseConnection, type SqliteDatabase, SqliteDialect, SqliteDriver } from 'kysely'

/** How long a statement waits for another program's lock before it fails, ms: less than a webhook may take. */
const BUSY_TIMEOUT_MS = 2_000
/** How often it checks, ms. */
const RETRY_EVERY_MS = 25

const isBusy = (error: unknown): boolean => /^SQLITE_(BUSY|LOCKED)/.test(String((error as { code?: unknown }).code))

export type SqliteOptions = {
  database: SqliteDatabase
  /** Whether a transaction is open on the file. */
  inTransaction(): boolean
}

/**
 * Kysely's SQLite dialect, but a lock that another program holds is waited for on timers instead of inside SQLite, which
 * would stop the whole process. After one wait in vain statements fail at once until one succeeds: a queue of them must
 * not wait one after the other.
 */
export class BusyRetrySqliteDialect extends SqliteDialect {
  readonly #options: SqliteOptions

  constructor(options: SqliteOptions) {
    super(options)
    this.#options = options
  }

  override createDriver(): SqliteDriver {
    return new BusyRetryDriver(this.#options)
  }
}

class BusyRetryDriver extends SqliteDriver {
  readonly #inTransaction: () => boolean
  #busyTimeout = BUSY_TIMEOUT_MS

  constructor({ database, inTransaction }: SqliteOptions) {
    super({ database })
    this.#inTransaction = inTransaction
  }

  override async acquireConnection(): Promise<DatabaseConnection> {
    const connection = await super.acquireConnection()
    const executeQuery: DatabaseConnection['executeQuery'] = async (query) => {
      const begun = performance.now()
      for (;;) {
        try {
          const result = await connection.executeQuery<never>(query)
          if (query.sql === 'begin') this.#busyTimeout = BUSY_TIMEOUT_MS
          return result
        } catch (error) {
          if (!isBusy(error)) throw error
          if (performance.now() - begun >= this.#busyTimeout) {
            this.#busyTimeout = 0
            throw error
          }
          await sleep(RETRY_EVERY_MS)
        }
      }
    }
    return { executeQuery, streamQuery: connection.streamQuery.bind(connection) }
  }

  /** SQLite: a full disk or an I/O error may roll back by itself; rolling back again would hide the first cause. */
  override async rollbackTransaction(connection: DatabaseConnection): Promise<void> {
    if (this.#inTransaction()) await super.rollbackTransaction(connection)
  }
}
