import { execFile } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { describe, expect, test } from 'vitest'
import { declare, note } from '../../src/incident/decide.ts'
import { replay } from '../../src/incident/evolve.ts'
import { ownSecret } from '../../src/postmortem/links.ts'
import { connect, openStore } from '../../src/store/store.ts'
import { act } from '../incident/facts.ts'
import { file, opened, postgres, T } from './databases.ts'
import { routed } from './routing.ts'

const MIGRATIONS = fileURLToPath(new URL('../../migrations/', import.meta.url))

const declaring = (title: string) => ({
  to: 'new' as const,
  decide: () => declare({ title, severity: 'sev2' }, act()),
})
const noting = (id: string, text: string) => ({
  to: id,
  decide: (incident: Parameters<typeof note>[0]) => note(incident, { text }, act()),
})

describe.skipIf(postgres.missing)('two stores on one PostgreSQL', () => {
  const two = async () => {
    const url = await postgres.fresh()
    return Promise.all([opened(url), opened(url)])
  }

  test('assign each number once, without gaps', async () => {
    const stores = await two()
    const outcomes = await Promise.all(
      stores.flatMap((store) => Array.from({ length: 60 }, (_, i) => store.write(declaring(`number ${i}`)))),
    )
    const ids = outcomes.map(({ incident }) => Number(incident?.id.slice(4))).sort((a, b) => a - b)
    expect(ids).toEqual(Array.from({ length: 120 }, (_, i) => i + 1))
  })

  test('lose no concurrent update to the same incidents, in any order, and never deadlock', async () => {
    const [left, right] = await two()
    const incidents = ['INC-1', 'INC-2', 'INC-3', 'INC-4']
    for (const id of incidents) await left.write(declaring(id))
    const rounds = Array.from({ length: 40 }, (_, i) => i)
    await Promise.all(
      rounds.flatMap((i) => [
        ...incidents.map((id) => left.write(noting(id, `left ${i}`))),
        ...incidents.toReversed().map((id) => right.write(noting(id, `right ${i}`))),
      ]),
    )
    for (const id of incidents) {
      const events = await right.events(id)
      expect(events.map(({ seq }) => seq)).toEqual(Array.from({ length: 81 }, (_, i) => i + 1))
      expect(await left.read(id)).toEqual(replay(id, events))
    }
  })

  test('route ten deliveries of one alert, thirty others and eight concurrent declarations', async () => {
    const stores = await two()
    await Promise.all(
      stores.flatMap((store, side) => [
        ...Array.from({ length: 5 }, () => store.write(routed('pagerduty:P1'))),
        ...Array.from({ length: 15 }, (_, i) => store.write(routed(`pagerduty:${side}-${i}`))),
        ...Array.from({ length: 4 }, (_, i) => store.write(declaring(`person ${side}-${i}`))),
      ]),
    )
    const all = await stores[0].list()
    expect(all.map(({ id }) => id).reverse()).toEqual(Array.from({ length: 9 }, (_, i) => `INC-${i + 1}`))
    const [hit] = all.filter(({ service }) => service === 'checkout')
    expect(hit?.alerts.total).toBe(31)
    expect(await stores[1].alertKeys(hit?.id as string)).toHaveLength(31)
  })

  test('declare without gaps while alerts arrive for open incidents that people are changing', async () => {
    const [left, right] = await two()
    await left.write(routed('pagerduty:P0'))
    await Promise.all(
      Array.from({ length: 60 }, (_, i) => [
        left.write(routed(`pagerduty:L${i}`)),
        right.write(noting('INC-1', `note ${i}`)),
        right.write(declaring(`other ${i}`)),
      ]).flat(),
    )
    const events = await left.events('INC-1')
    expect(events).toHaveLength(1 + 60 + 60)
    expect(await right.read('INC-1')).toEqual(replay('INC-1', events))
    expect(await left.list({ limit: 100 })).toHaveLength(61)
  })
})

const MIGRATE = `
  import { openStore } from ${JSON.stringify(fileURLToPath(new URL('../../src/store/store.ts', import.meta.url)))}
  const store = await openStore(process.argv[1], () => 1)
  await store.close()
`
const migrateInAnotherProcess = (url: string) =>
  promisify(execFile)(process.execPath, ['--input-type=module', '--eval', MIGRATE, url])

for (const kind of [file, postgres]) {
  describe.skipIf(kind.missing)(`starting on ${kind.name}`, () => {
    test('three at once create the tables once', async () => {
      const url = await kind.fresh()
      await Promise.all([1, 2, 3].map(() => migrateInAnotherProcess(url)))
      const { db } = await connect(url)
      const rows = await db.selectFrom('migrations').selectAll().execute()
      await db.destroy()
      expect(rows).toEqual(
        readdirSync(MIGRATIONS)
          .sort()
          .map((file) => ({ name: file.replace('.ts', ''), applied_at: 1 })),
      )
    })

    test('rejects a database of a newer version with an explanation', async () => {
      const url = await kind.fresh()
      await (await openStore(url, () => T)).close()
      const { db } = await connect(url)
      await db.insertInto('migrations').values({ name: '0099_future', applied_at: T }).execute()
      await db.destroy()
      await expect(openStore(url, () => T)).rejects.toThrow(/written by a newer Muster \(it has 0099_future\)/)
    })
  })
}

test('rejects an address that names no database with an explanation', async () => {
  await expect(openStore('mysql://x', () => T)).rejects.toThrow(/must begin with sqlite: or postgres:/)
})

test('two processes can take turns writing one SQLite file', async () => {
  const url = await file.fresh()
  const store = await opened(url)
  await store.write(declaring('mine'))
  const other = `
    import { openStore } from ${JSON.stringify(fileURLToPath(new URL('../../src/store/store.ts', import.meta.url)))}
    const store = await openStore(process.argv[1], () => 1)
    for (let i = 0; i < 50; i++)
      await store.write({ to: 'INC-1', decide: () => [{ type: 'noted', text: 'theirs', at: 1, by: 'x' }] })
    await store.close()
  `
  let done = false
  const theirs = promisify(execFile)(process.execPath, ['--input-type=module', '--eval', other, url]).finally(() => {
    done = true
  })
  let mine = 0
  while (!done) {
    await store.write(noting('INC-1', 'mine'))
    mine += 1
    await new Promise((resolve) => setTimeout(resolve, 1))
  }
  await theirs
  const events = await store.events('INC-1')
  expect(events).toHaveLength(1 + 50 + mine)
  expect(await store.read('INC-1')).toEqual(replay('INC-1', events))
})

for (const kind of [file, postgres])
  test.skipIf(kind.missing)(`two concurrent first starts on ${kind.name} agree on one link secret`, async () => {
    const url = await kind.fresh()
    const stores = await Promise.all([opened(url), opened(url)])
    const secrets = await Promise.all(stores.map(ownSecret))
    expect(secrets[0]).toMatch(/^[\w-]{43}$/)
    expect(secrets[1]).toBe(secrets[0])
    expect(await ownSecret(stores[0])).toBe(secrets[0])
  })
