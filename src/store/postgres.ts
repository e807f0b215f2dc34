import { Kysely, PostgresDialect, sql } from 'kysely'
import pg from 'pg'
import { type Connection, PROBE } from './connection.ts'
import type { Database } from './schema.ts'

/** PostgreSQL: bigint comes back as text; our times and counts fit a JavaScript number. */
const INT8 = 20

/** Opens a pool on PostgreSQL; several processes may share the database. */
export const openPostgres = (url: string): Connection => {
  const pool = new pg.Pool({
    connectionString: url,
    max: 10,
    connectionTimeoutMillis: 5_000,
    // Our statements take milliseconds. One that takes this long is blocked by a lock, or on a server that vanished
    // silently, and would block everything after it.
    statement_timeout: 10_000,
    query_timeout: 12_000,
    keepAlive: true,
    types: {
      // The driver's own type for a parser is untyped.
      getTypeParser: ((oid: number, format?: 'text' | 'binary') =>
        oid === INT8 ? Number : pg.types.getTypeParser(oid, format as 'text')) as typeof pg.types.getTypeParser,
    },
  })
  // An idle connection that breaks must not end the process; the next query reports the error.
  pool.on('error', () => {})
  // Nor one that breaks between two statements of a transaction: there is no other listener then.
  pool.on('connect', (client) => client.on('error', () => {}))
  const db = new Kysely<Database>({ dialect: new PostgresDialect({ pool }) })
  return {
    db,
    kind: 'postgres',
    lock: async (tx, name) => {
      await sql`select pg_advisory_xact_lock(hashtext(${name}))`.execute(tx)
    },
    forUpdate: (query) => query.forUpdate(),
    skipLocked: (query) => query.forUpdate().skipLocked(),
    backup: async () => {
      throw new Error('Back up PostgreSQL with its own tools: pg_dump.')
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
