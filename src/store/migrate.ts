import { readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { type Kysely, sql } from 'kysely'
import type { Connection } from './connection.ts'

type Migration = { name: string; up(db: Kysely<unknown>): Promise<void> }

const FOLDER = new URL('../../migrations/', import.meta.url)

const readMigrations = async (): Promise<Migration[]> => {
  const files = readdirSync(fileURLToPath(FOLDER)).filter((file) => /^\d{4}_\w+\.[jt]s$/.test(file))
  return Promise.all(
    files.sort().map(async (file) => {
      const { up } = (await import(new URL(file, FOLDER).href)) as Pick<Migration, 'up'>
      return { name: file.replace(/\.[jt]s$/, ''), up }
    }),
  )
}

/**
 * The names of the migrations that a database lacks, without changing it.
 * @throws when the database is newer than the program.
 */
export const missingMigrations = async ({ db }: Pick<Connection, 'db'>): Promise<string[]> => {
  const migrations = await readMigrations()
  const tables = await db.introspection.getTables()
  const applied = tables.some(({ name }) => name === 'migrations')
    ? (await db.selectFrom('migrations').select('name').execute()).map(({ name }) => name)
    : []
  refuseNewer(applied, migrations)
  return migrations.map(({ name }) => name).filter((name) => !applied.includes(name))
}

/**
 * Brings the database up to this program, in one transaction and under a lock, so that replicas may start at once.
 * @returns the names of what was applied.
 * @throws when the database is newer than the program.
 */
export const migrate = async ({ db, lock }: Connection, now: number): Promise<string[]> => {
  const migrations = await readMigrations()
  return db.transaction().execute(async (tx) => {
    await lock(tx, 'muster:migrate')
    await tx.schema
      .createTable('migrations')
      .ifNotExists()
      .addColumn('name', 'text', (column) => column.primaryKey())
      .addColumn('applied_at', 'bigint', (column) => column.notNull().defaultTo(sql`0`))
      .execute()
    const applied = (await tx.selectFrom('migrations').select('name').execute()).map(({ name }) => name)
    refuseNewer(applied, migrations)
    const missing = migrations.filter(({ name }) => !applied.includes(name))
    for (const { name, up } of missing) {
      await up(tx as unknown as Kysely<unknown>)
      await tx.insertInto('migrations').values({ name, applied_at: now }).execute()
    }
    return missing.map(({ name }) => name)
  })
}

const refuseNewer = (applied: readonly string[], migrations: readonly Migration[]): void => {
  const unknown = applied.filter((name) => !migrations.some((migration) => migration.name === name))
  if (unknown.length > 0)
    throw new Error(
      `This database was written by a newer Muster (it has ${unknown.join(', ')}). Start that version, or restore a backup.`,
    )
}
