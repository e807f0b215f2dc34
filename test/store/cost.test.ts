import { CompiledQuery } from 'kysely'
import { expect, test } from 'vitest'
import { joinAlert } from '../../src/incident/alert-decisions.ts'
import { declare, note } from '../../src/incident/decide.ts'
import { commitAll } from '../../src/store/commit.ts'
import { createDamage } from '../../src/store/damage.ts'
import { createIncidentIndex } from '../../src/store/incident-index.ts'
import { migrate } from '../../src/store/migrate.ts'
import { createReads } from '../../src/store/reads.ts'
import { connect } from '../../src/store/store.ts'
import type { Write } from '../../src/store/write.ts'
import { act, alert } from '../incident/facts.ts'
import { T } from './databases.ts'

const joining = (key: string): Write => ({
  alertKeys: [key],
  fingerprints: [`of:${key}`],
  once: `alert:${key}`,
  route: (known) => ({
    result: undefined,
    to: known.owner(key)?.incident ?? known.open()[0]?.incident.id ?? 'new',
    decide: (incident) =>
      joinAlert(
        incident,
        { alert: alert(key, { group: 'one', fingerprint: `of:${key}` }), reason: 'same group' },
        act(T, 'pagerduty'),
      ),
  }),
})
const noting: Write = { to: 'INC-1', decide: (incident) => note(incident, { text: 'seen' }, act()) }

/** A database that tells how many statements a transaction took, how many rows came back and how each was found. */
const counted = async () => {
  const connection = await connect('sqlite::memory:')
  await migrate(connection, T)
  const commit = async (writes: Write[]) => {
    const seen: { sql: string; parameters: readonly unknown[]; rows: number }[] = []
    const results = await connection.db.transaction().execute((tx) => {
      const watched = tx.withPlugin({
        transformQuery: ({ node }) => node,
        transformResult: async ({ result }) => {
          const last = seen.at(-1)
          if (last) last.rows = result.rows.length
          return result
        },
      })
      const executor = watched.getExecutor()
      const execute = executor.executeQuery.bind(executor)
      executor.executeQuery = (query, ...rest) => {
        seen.push({ sql: query.sql, parameters: query.parameters, rows: 0 })
        return execute(query, ...rest)
      }
      return commitAll(connection, watched as typeof tx, writes, { now: T, due: T }, createDamage())
    })
    for (const result of results) if (result.status === 'rejected') throw result.reason
    return seen
  }
  const plansOf = async (statements: { sql: string; parameters: readonly unknown[] }[]) => {
    const plans: string[] = []
    for (const { sql, parameters } of statements) {
      const { rows } = await connection.db.executeQuery(CompiledQuery.raw(`explain query plan ${sql}`, [...parameters]))
      plans.push(...(rows as { detail: string }[]).map(({ detail }) => detail))
    }
    return plans
  }
  return { connection, commit, plansOf }
}

test('appending to an incident with ten thousand events and alerts costs the same reads and writes as with ten', async () => {
  const { connection, commit, plansOf } = await counted()
  await commit([{ to: 'new', decide: () => declare({ title: 'Slow', severity: 'sev2' }, act()) }])
  const fill = async (from: number, to: number) => {
    for (let i = from; i < to; i += 200)
      await commit(Array.from({ length: Math.min(200, to - i) }, (_, k) => joining(`pagerduty:${i + k}`)))
  }
  const shape = async (name: string) => {
    const seen = [...(await commit([joining(`pagerduty:${name}`)])), ...(await commit([noting]))]
    return seen.map(({ sql, rows }) => [sql, rows])
  }
  await fill(0, 10)
  const early = await shape('early')
  const row = async () =>
    (await connection.db.selectFrom('incidents').select('state').executeTakeFirstOrThrow()).state.length
  const small = await row()
  await fill(10, 10_000)
  const late = await shape('late')
  expect(late).toEqual(early)
  expect(late.length).toBeGreaterThan(8)
  expect((await row()) - small).toBeLessThan(100)
  const plans = await plansOf(await commit([joining('pagerduty:plan'), noting]))
  expect(plans.filter((plan) => /^SCAN (events|alerts|outbox|early_ends|incidents)/.test(plan))).toEqual([])
  expect(plans.filter((plan) => plan.startsWith('SEARCH')).length).toBeGreaterThan(2)
  await connection.db.destroy()
})

test('two hundred concurrent writes take as many statements as one', async () => {
  const { connection, commit } = await counted()
  await commit([{ to: 'new', decide: () => declare({ title: 'Slow', severity: 'sev2' }, act()) }])
  const one = await commit([joining('pagerduty:x')])
  // Rows are inserted five hundred at a time.
  const many = await commit(Array.from({ length: 200 }, (_, i) => joining(`pagerduty:${i}`)))
  expect(many.length).toBe(one.length)
  await connection.db.destroy()
})

test('with many past incidents, lists and the check for unindexed ones use an index', async () => {
  const { connection, plansOf } = await counted()
  const seen: { sql: string; parameters: readonly unknown[] }[] = []
  const watched = { ...connection, db: watching(connection.db, seen) }
  const damage = createDamage()
  await createReads(watched, damage).list({ statuses: ['resolved', 'closed'], limit: 50 })
  await createIncidentIndex(watched, damage).stale(1, 10)
  const plans = await plansOf(seen)
  expect(plans.filter((plan) => /SCAN/.test(plan) && !/COVERING INDEX/.test(plan))).toEqual([])
  expect(plans.join('\n')).toContain('incidents_not_imported')
  expect(plans.join('\n')).toContain('incident_index_by_version')
  await connection.db.destroy()
})

const watching = <Db extends { getExecutor(): { executeQuery: unknown } }>(
  db: Db & { withPlugin(plugin: object): Db },
  seen: { sql: string; parameters: readonly unknown[] }[],
): Db => {
  const plugged = db.withPlugin({
    transformQuery: ({ node }: { node: unknown }) => node,
    transformResult: async ({ result }: { result: unknown }) => result,
  })
  const executor = plugged.getExecutor() as { executeQuery: (query: CompiledQuery, ...rest: unknown[]) => unknown }
  const execute = executor.executeQuery.bind(executor)
  executor.executeQuery = (query, ...rest) => {
    seen.push({ sql: query.sql, parameters: query.parameters })
    return execute(query, ...rest)
  }
  return plugged
}
