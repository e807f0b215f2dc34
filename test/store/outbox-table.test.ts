import { sql } from 'kysely'
import { describe, expect, test } from 'vitest'
import { correctTime, declare } from '../../src/incident/decide.ts'
import { postUpdate } from '../../src/incident/update.ts'
import { connect, type Store } from '../../src/store/store.ts'
import { act, channelOpened } from '../incident/facts.ts'
import { file, memory, opened, postgres, T } from './databases.ts'

const LEASE = 60_000
const claim = (store: Store, now: number, { owner = 'one', limit = 100 } = {}) =>
  store.outbox.claim({ owner, limit, leaseMs: LEASE, now })
const types = (claimed: { effect: { type: string } }[]) => claimed.map(({ effect }) => effect.type)
const finish = (store: Store, id: string) => store.write({ to: 'INC-1', decide: () => [], done: id })
const update = (store: Store, text: string) =>
  store.write({ to: 'INC-1', decide: (incident) => postUpdate(incident, { text }, act()) })

for (const kind of [memory, file, postgres]) {
  describe.skipIf(kind.missing)(`the queue in ${kind.name}`, () => {
    const declaring = async () => {
      const store = await opened(await kind.fresh())
      await store.write({ to: 'new', decide: () => declare({ title: 'Slow', severity: 'sev2' }, act()) })
      return store
    }
    /** Nothing queued but what an update causes where there is a channel: tell at once, the two refreshes a moment later. */
    const updated = async () => {
      const store = await declaring()
      for (const { id } of await claim(store, T)) await finish(store, id)
      await store.write({ to: 'INC-1', decide: () => [channelOpened] })
      for (const { id } of await claim(store, T)) await finish(store, id)
      await update(store, 'first')
      return store
    }

    test('queues the effects of an event, each identified by its cause', async () => {
      const store = await declaring()
      expect(
        (await claim(store, T)).map(({ id, effect, attempt, createdAt }) => [id, effect, attempt, createdAt]),
      ).toEqual([
        ['INC-1/1/0', { type: 'open_channel' }, 1, T],
        ['INC-1/1/2', { type: 'page' }, 1, T],
        ['INC-1/1/1', { type: 'find_on_call' }, 1, T],
        ['INC-1/1/3', { type: 'collect_evidence', phase: 'opening' }, 1, T],
        ['INC-1/1/4', { type: 'find_changes' }, 1, T],
        ['INC-1/1/5', { type: 'rank_suspects', trigger: 'opening' }, 1, T],
        ['INC-1/1/6', { type: 'find_similar' }, 1, T],
        ['INC-1/1/7', { type: 'apply_settings' }, 1, T],
        ['INC-1/1/8', { type: 'mark_in_grafana' }, 1, T],
      ])
      expect(await claim(store, T)).toEqual([])
    })

    test('claims up to its limit, the most important first', async () => {
      const store = await declaring()
      expect(types(await claim(store, T, { limit: 2 }))).toEqual(['open_channel', 'page'])
      expect(types(await claim(store, T, { limit: 2 }))).toEqual(['find_on_call', 'collect_evidence'])
      expect(types(await claim(store, T, { limit: 2 }))).toEqual(['find_changes', 'rank_suspects'])
    })

    test('holds back the next effect of a lane until the previous is done, without affecting other lanes', async () => {
      const store = await updated()
      await update(store, 'second')
      const [first] = await claim(store, T)
      expect(first).toMatchObject({ effect: { type: 'tell' }, seq: 3 })
      expect(await claim(store, T)).toEqual([])
      expect(types(await claim(store, T + 1000))).toEqual(['refresh_summary', 'refresh_announcement'])
      await store.outbox.postpone({
        id: first?.id as string,
        owner: 'one',
        dueAt: T + 5000,
        now: T,
        error: 'busy',
        counts: true,
      })
      expect(await claim(store, T + 4999)).toEqual([])
      expect(await claim(store, T + 5000)).toMatchObject([{ seq: 3, attempt: 2 }])
      await finish(store, first?.id as string)
      expect(await claim(store, T + 5000)).toMatchObject([{ effect: { type: 'tell' }, seq: 4, attempt: 1 }])
    })

    test('an expired lease counts as due, and its former holder can neither postpone nor release', async () => {
      const store = await declaring()
      const [first] = await claim(store, T, { limit: 1 })
      const id = first?.id as string
      expect(await claim(store, T + LEASE - 1, { owner: 'two', limit: 1 })).not.toMatchObject([{ id }])
      expect(await claim(store, T + LEASE, { owner: 'two', limit: 1 })).toMatchObject([{ id, attempt: 2 }])
      await store.outbox.postpone({ id, owner: 'one', dueAt: T, now: T, error: 'too late', counts: true })
      await store.outbox.release({ ids: [id], owner: 'one' })
      const held = (await store.outbox.pending()).find((one) => one.id === id)
      expect(held).toMatchObject({ state: 'running', attempts: 2 })
      expect(held?.lastError).toBeUndefined()
    })

    test('a released effect does not count as attempted', async () => {
      const store = await declaring()
      const ids = (await claim(store, T)).map(({ id }) => id)
      await store.outbox.release({ ids, owner: 'one' })
      expect((await claim(store, T, { owner: 'two' })).map(({ attempt }) => attempt)).toEqual([
        1, 1, 1, 1, 1, 1, 1, 1, 1,
      ])
    })

    test('a queued refresh absorbs later ones, also within one batch; a running one does not', async () => {
      const store = await updated()
      await Promise.all(['second', 'third', 'fourth'].map((text) => update(store, text)))
      const refreshes = async () =>
        (await store.outbox.pending()).filter(({ effect }) => effect.type === 'refresh_summary').length
      expect(await refreshes()).toBe(1)
      const running = await claim(store, T + 1000)
      expect(types(running)).toContain('refresh_summary')
      await update(store, 'fifth')
      expect(await refreshes()).toBe(2)
      await update(store, 'sixth')
      expect(await refreshes()).toBe(2)
    })

    test('returns the next time something can be claimed: due, or a lease expiring, ignoring what a lane holds back', async () => {
      const store = await updated()
      expect(await store.outbox.nextDue()).toBe(T)
      await update(store, 'second')
      const [first, ...others] = await claim(store, T)
      for (const { id } of others) await finish(store, id)
      for (const { id } of await claim(store, T)) await finish(store, id)
      expect(await store.outbox.nextDue()).toBe(T + 250)
      for (const { id } of await claim(store, T + 1000)) await finish(store, id)
      expect(await store.outbox.nextDue()).toBe(T + LEASE)
      await store.outbox.postpone({
        id: first?.id as string,
        owner: 'one',
        dueAt: T + 7000,
        now: T,
        error: 'busy',
        counts: true,
      })
      expect(await store.outbox.nextDue()).toBe(T + 7000)
      expect(await store.outbox.count()).toBe(2)
      for (let i = 0; i < 2; i++) for (const { id } of await claim(store, T + 9000)) await finish(store, id)
      expect(await store.outbox.nextDue()).toBeUndefined()
    })

    test('completing an effect with its write removes it exactly once', async () => {
      const store = await declaring()
      const [first] = await claim(store, T, { limit: 1 })
      const done = { to: 'INC-1', decide: () => [channelOpened], done: first?.id, once: `effect:${first?.id}` }
      expect(await store.write(done)).toMatchObject({ repeated: false })
      expect(await store.write(done)).toMatchObject({ repeated: true })
      const channels = (await store.events('INC-1')).filter(({ type }) => type === 'channel_opened')
      expect(channels).toHaveLength(1)
      expect((await store.outbox.pending()).map(({ id }) => id)).not.toContain(first?.id)
    })

    test('two concurrent claims never return the same effect', async () => {
      const url = await kind.fresh()
      const stores = [await opened(url), kind.name === 'PostgreSQL' ? await opened(url) : undefined]
      const left = stores[0] as Store
      const right = stores[1] ?? left
      await Promise.all(
        Array.from({ length: 40 }, (_, i) =>
          left.write({ to: 'new', decide: () => declare({ title: `${i}`, severity: 'sev2' }, act()) }),
        ),
      )
      const claims = await Promise.all(
        Array.from({ length: 30 }, (_, i) =>
          claim(i % 2 ? left : right, T, { owner: i % 2 ? 'left' : 'right', limit: 7 }),
        ),
      )
      const ids = claims.flat().map(({ id }) => id)
      expect(new Set(ids).size).toBe(ids.length)
      const rest = await claim(left, T, { limit: 500 })
      expect(ids.length + rest.length).toBe(360)
    })

    test('an effect known only to a newer version blocks no other', async () => {
      const url = await kind.fresh()
      if (url === 'sqlite::memory:') return
      const store = await opened(url)
      await store.write({ to: 'new', decide: () => declare({ title: 'Slow', severity: 'sev2' }, act()) })
      const { db } = await connect(url)
      const unknown = JSON.stringify({ type: 'fly_to_the_moon' })
      await db.updateTable('outbox').set({ effect: unknown }).where('id', '=', 'INC-1/1/0').execute()
      await db.destroy()
      expect(types(await claim(store, T))).toEqual([
        'page',
        'find_on_call',
        'collect_evidence',
        'find_changes',
        'rank_suspects',
        'find_similar',
        'apply_settings',
        'mark_in_grafana',
      ])
      expect(await store.outbox.pending()).toHaveLength(8)
      expect(await store.outbox.count()).toBe(9)
    })

    test('a timeline correction queues nothing', async () => {
      const store = await updated()
      const before = await store.outbox.count()
      const outcome = await store.write({
        to: 'INC-1',
        decide: (incident) => correctTime(incident, { seq: 1, time: T - 1000 }, act()),
      })
      expect(outcome.events).toHaveLength(1)
      expect(await store.outbox.count()).toBe(before)
    })
  })
}

describe.skipIf(postgres.missing)('an absorbing refresh under concurrent claims', () => {
  test('cannot be claimed before the state it must show is committed', async () => {
    const url = await postgres.fresh()
    const writer = await opened(url)
    const claimer = await opened(url)
    await writer.write({ to: 'new', decide: () => declare({ title: 'Slow', severity: 'sev2' }, act()) })
    await writer.write({ to: 'INC-1', decide: () => [channelOpened] })
    for (const { id } of await claim(writer, T)) if (id !== 'INC-1/1/0') await finish(writer, id)
    await update(writer, 'first')
    const { db } = await connect(url)
    let writing: Promise<unknown> | undefined
    await db.transaction().execute(async (tx) => {
      // Keeps the writer waiting at its last statement, with everything else of it done and nothing committed.
      await tx.selectFrom('outbox').select('id').where('id', '=', 'INC-1/1/0').forUpdate().execute()
      writing = writer.write({
        to: 'INC-1',
        decide: (incident) => postUpdate(incident, { text: 'second' }, act()),
        done: 'INC-1/1/0',
      })
      for (let waiting = 0; waiting === 0; )
        waiting = (
          await sql`select 1 from pg_stat_activity
            where datname = current_database() and wait_event_type = 'Lock'`.execute(tx)
        ).rows.length
      expect(types(await claim(claimer, T + 1000))).not.toContain('refresh_summary')
    })
    await writing
    await db.destroy()
    expect(types(await claim(claimer, T + 1000))).toContain('refresh_summary')
  })
})
