import { type Kysely, sql } from 'kysely'
import type { Database } from './schema.ts'

/** Words of letters and digits only, in lower case: neither database cuts them further. */
export type WordIndex = {
  put(db: Kysely<Database>, number: number, words: readonly string[]): Promise<void>
  /** Numbers of the incidents that have all the words, or words beginning so; newest first. */
  find(db: Kysely<Database>, words: readonly string[], limit: number): Promise<number[]>
}

/** Full text of each database: SQLite's FTS5, PostgreSQL's tsvector. */
export const wordIndex = (kind: 'sqlite' | 'postgres'): WordIndex => (kind === 'sqlite' ? fts5 : tsvector)

const fts5: WordIndex = {
  put: async (db, number, words) => {
    await sql`delete from incident_words where rowid = ${number}`.execute(db)
    await sql`insert into incident_words (rowid, words) values (${number}, ${words.join(' ')})`.execute(db)
  },
  find: async (db, words, limit) => {
    if (words.length === 0) return []
    const query = words.map((word) => `"${word.replaceAll('"', '""')}"*`).join(' AND ')
    const { rows } = await sql<{
      rowid: number
    }>`select rowid from incident_words where incident_words match ${query} order by rowid desc limit ${limit}`.execute(
      db,
    )
    return rows.map(({ rowid }) => rowid)
  },
}

const tsvector: WordIndex = {
  put: async (db, number, words) => {
    // Words in an array are matched as they are; a parser would interpret `10.0.0.1` or `a/b` in its own way.
    await sql`insert into incident_words (number, words) values (${number}, array_to_tsvector(${[...words]}::text[]))
      on conflict (number) do update set words = excluded.words`.execute(db)
  },
  find: async (db, words, limit) => {
    if (words.length === 0) return []
    const query = words.map((word) => `'${word.replaceAll(/['\\]/g, '$&$&')}':*`).join(' & ')
    const { rows } = await sql<{
      number: number
    }>`select number from incident_words where words @@ ${query}::tsquery order by number desc limit ${limit}`.execute(
      db,
    )
    return rows.map(({ number }) => number)
  },
}
