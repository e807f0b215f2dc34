import type { Kysely, SelectQueryBuilder, Transaction } from 'kysely'
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
  ping(): Promise<void>
}

/** Opens what `DATABASE_URL` names: `sqlite:./data/muster.db`, `sqlite::memory:` or `postgres://...`. */
export const kindOfUrl = (url: string): 'sqlite' | 'postgres' | undefined =>
  url.startsWith('sqlite:') ? 'sqlite' : /^postgres(ql)?:\/\//.test(url) ? 'postgres' : undefined

/** A unique index refused a row: SQLite's and PostgreSQL's way of saying so. */
export const isUniqueViolation = (error: unknown): boolean => {
  const code = (error as { code?: unknown } | null)?.code
  return code === '23505' || code === 'SQLITE_CONSTRAINT_UNIQUE' || code === 'SQLITE_CONSTRAINT_PRIMARYKEY'
}
