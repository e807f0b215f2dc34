import { type Kysely, sql, type Transaction } from 'kysely'
import { z } from 'zod'
import type { Incident } from '../incident/incident.ts'
import { IncidentFacts, type IndexEntry, IndexedLine } from '../incident/index-entry.ts'
import { type Connection, storable } from './connection.ts'
import type { Damage } from './damage.ts'
import { incidentOf } from './rows.ts'
import type { Database } from './schema.ts'
import { wordIndex } from './word-index.ts'

const Lines = z.array(IndexedLine)
/** Only finished incidents are informative; drills, false alarms and those in triage are not. */
const OVER = ['resolved', 'closed']

/** Rows of one insert; each carries few values. */
const FEATURES_AT_ONCE = 300

/** An incident that has features in common with another. */
export type Near = { facts: IncidentFacts; features: string[] }

/** One that contains the words that were searched for. */
export type Hit = { facts: IncidentFacts; lines: IndexedLine[] }
/** `maySee` is called for private incidents only. */
export type FindOptions = { maySee(incident: Incident): boolean; limit: number }

/**
 * The index behind search, similar incidents and insights. Whether an incident is private is read from the incident
 * itself, so one that is made private later disappears at once.
 */
export const createIncidentIndex = (connection: Connection, damage: Damage) => {
  const { db } = connection
  const wordsIn = wordIndex(connection.kind)
  const factsOf = (row: { id: string; facts: string }): IncidentFacts | undefined =>
    damage.guard('incident_index', row.id, () => IncidentFacts.parse(JSON.parse(row.facts)))

  /** Incidents that anybody may see, with their row of the index. */
  const visible = () =>
    db
      .selectFrom('incident_index')
      .innerJoin('incidents', 'incidents.number', 'incident_index.number')
      .where('incidents.private', '=', 0)

  return {
    /** Incidents that changed since they were indexed, or were indexed by an older program; newest first. */
    stale: async (shape: number, limit: number): Promise<string[]> => {
      if (await isCurrent(shape)) return []
      const rows = await db
        .selectFrom('incidents')
        .leftJoin('incident_index', 'incident_index.number', 'incidents.number')
        .select('incidents.id')
        .where(({ or, eb, ref }) =>
          or([
            eb('incident_index.number', 'is', null),
            eb('incident_index.version', '<>', ref('incidents.version')),
            eb('incident_index.shape', '<>', shape),
          ]),
        )
        .orderBy('incidents.number', 'desc')
        .limit(limit)
        .execute()
      return rows.map(({ id }) => id)
    },

    /** Replaces the index entries of these incidents. Writing twice is harmless. */
    put: async (entries: readonly IndexEntry[], shape: number): Promise<void> => {
      if (entries.length === 0) return
      await db.transaction().execute(async (tx) => {
        // Two replicas that index the same incident take turns.
        await connection.lock(tx, 'muster:index')
        for (const entry of entries) await putOne(tx, wordsIn, entry, shape)
      })
    },

    /** How many incidents have each feature, and how many there are: common features weigh little. */
    commonness: async (features: readonly string[]): Promise<{ counts: Map<string, number>; total: number }> => {
      const { total } = await db
        .selectFrom('incident_index')
        .select(({ fn }) => fn.countAll<number>().as('total'))
        .executeTakeFirstOrThrow()
      if (features.length === 0) return { counts: new Map(), total: Number(total) }
      const rows = await db
        .selectFrom('incident_features')
        .select(['feature', ({ fn }) => fn.countAll<number>().as('count')])
        .where('feature', 'in', features.map(storable))
        .groupBy('feature')
        .execute()
      return { counts: new Map(rows.map(({ feature, count }) => [feature, Number(count)])), total: Number(total) }
    },

    /**
     * Finished incidents that share the most weight of these features, heaviest first; private ones are left out.
     * @param weights feature -> its weight
     */
    nearest: async (weights: ReadonlyMap<string, number>, { not, limit }: { not: string; limit: number }) => {
      if (weights.size === 0) return []
      const cases = [...weights].map(
        ([feature, weight]) => sql`when ${storable(feature)} then cast(${weight} as double precision)`,
      )
      const weight = sql<number>`sum(case incident_features.feature ${sql.join(cases, sql` `)} else 0 end)`
      const rows = await db
        .selectFrom('incident_features')
        .innerJoin('incidents', 'incidents.number', 'incident_features.number')
        .select(['incident_features.number', weight.as('weight')])
        .where('incident_features.feature', 'in', [...weights.keys()].map(storable))
        .where('incidents.private', '=', 0)
        .where('incidents.status', 'in', OVER)
        .where('incidents.id', '<>', not)
        .groupBy('incident_features.number')
        .orderBy('weight', 'desc')
        .orderBy('incident_features.number', 'desc')
        .limit(limit)
        .execute()
      return nearOf(rows.map(({ number }) => number))
    },

    /** Incidents that contain all these words, or words that begin so; newest first. */
    find: async (words: readonly string[], { maySee, limit }: FindOptions): Promise<Hit[]> => {
      const numbers = await wordsIn.find(db, words, limit)
      if (numbers.length === 0) return []
      const rows = await db
        .selectFrom('incident_index')
        .innerJoin('incidents', 'incidents.number', 'incident_index.number')
        .select(['incidents.id', 'incidents.private', 'incidents.state', 'facts', 'entries'])
        .where('incident_index.number', 'in', numbers)
        .orderBy('incident_index.number', 'desc')
        .execute()
      return rows.flatMap((row) => {
        if (row.private !== 0 && !damage.guard('incidents', row.id, () => maySee(incidentOf(row)))) return []
        const facts = factsOf(row)
        const lines = damage.guard('incident_index', row.id, () => Lines.parse(JSON.parse(row.entries)))
        return facts && lines ? [{ facts, lines }] : []
      })
    },

    /** The facts of these incidents; private ones are left out. */
    factsOf: async (ids: readonly string[]): Promise<IncidentFacts[]> => {
      if (ids.length === 0) return []
      const rows = await visible()
        .select(['incidents.id', 'facts'])
        .where('incidents.id', 'in', ids.map(storable))
        .execute()
      return rows.flatMap((row) => factsOf(row) ?? [])
    },

    /** The facts of incidents declared in that time (epoch ms), oldest first; private ones are left out. */
    facts: async ({ from, to }: { from: number; to: number }): Promise<IncidentFacts[]> => {
      const rows = await visible()
        .select(['incidents.id', 'facts'])
        .where('incidents.declared_at', '>=', from)
        .where('incidents.declared_at', '<=', to)
        .orderBy('incidents.declared_at')
        .orderBy('incidents.number')
        .execute()
      return rows.flatMap((row) => factsOf(row) ?? [])
    },
  }

  /**
   * Whether every incident is indexed as it stands. Versions only grow, and none is indexed ahead of its incident, so
   * equal counts and sums mean equal rows: two walks along an index, where comparing row by row reads all of them.
   */
  async function isCurrent(shape: number): Promise<boolean> {
    const total = sql<string>`count(*) || ' ' || coalesce(sum(version), 0)`.as('total')
    const [incidents, indexed] = await Promise.all([
      db.selectFrom('incidents').select(total).executeTakeFirst(),
      db.selectFrom('incident_index').select(total).where('shape', '=', shape).executeTakeFirst(),
    ])
    return incidents?.total === indexed?.total
  }

  async function nearOf(numbers: number[]): Promise<Near[]> {
    if (numbers.length === 0) return []
    const [rows, features] = await Promise.all([
      db.selectFrom('incident_index').select(['number', 'id', 'facts']).where('number', 'in', numbers).execute(),
      db.selectFrom('incident_features').selectAll().where('number', 'in', numbers).execute(),
    ])
    const byNumber = Map.groupBy(features, ({ number }) => number)
    return rows.flatMap((row) => {
      const facts = factsOf(row)
      return facts && !facts.drill
        ? [{ facts, features: (byNumber.get(row.number) ?? []).map(({ feature }) => feature) }]
        : []
    })
  }
}

const putOne = async (
  tx: Transaction<Database>,
  wordsIn: ReturnType<typeof wordIndex>,
  { id, version, facts, features, words, lines, touched }: IndexEntry,
  shape: number,
): Promise<void> => {
  const number = Number(id.slice('INC-'.length))
  const row = { id, version, shape, facts: JSON.stringify(facts), entries: JSON.stringify(lines) }
  await tx
    .insertInto('incident_index')
    .values({ number, ...row })
    .onConflict((conflict) =>
      conflict.column('number').doUpdateSet({
        ...row,
        // A message came while the entry was made: it stays out of date.
        version: sql<number>`case when incident_index.touched = ${touched} then ${version} else 0 end`,
      }),
    )
    .execute()
  await tx.deleteFrom('incident_features').where('number', '=', number).execute()
  const unique = [...new Set(features.map(storable))]
  for (let i = 0; i < unique.length; i += FEATURES_AT_ONCE)
    await tx
      .insertInto('incident_features')
      .values(unique.slice(i, i + FEATURES_AT_ONCE).map((feature) => ({ feature, number })))
      .execute()
  await wordsIn.put(tx as unknown as Kysely<Database>, number, words.map(storable))
}
