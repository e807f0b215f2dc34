import { describe, expect, test } from 'vitest'
import { SHAPE } from '../../src/learning/entry.ts'
import { memory, opened, postgres, T } from '../store/databases.ts'
import { add, DAY, learningOf, type Past } from './past.ts'

const POOL: Past = {
  title: 'Shipping is slow',
  service: 'shipping',
  rule: 'ShippingHighP90Latency',
  outcome: 'Restarted the connection pool',
  at: T - 21 * DAY,
}
const TONIGHT: Past = { ...POOL, title: 'Shipping answers slowly again', at: T, outcome: null }

for (const kind of [memory, postgres])
  describe.skipIf(kind.missing)(`similar incidents on ${kind.name}`, () => {
    const world = async () => {
      const store = await opened(await kind.fresh())
      const learning = learningOf(store)
      const like = async (past: Past) =>
        (await learning.similar(await add(store, past))).map(({ incident }) => incident)
      return { store, learning, like }
    }

    test('finds the same alert at the same service, with the reasons and the fix', async () => {
      const { store, learning } = await world()
      await add(store, { title: 'Catalogue cannot be searched', service: 'catalogue', rule: 'SearchFails' })
      await add(store, POOL)
      const found = await learning.similar(await add(store, TONIGHT))
      expect(found).toHaveLength(1)
      expect(found[0]).toMatchObject({
        incident: 'INC-2',
        reasons: ['same alert', 'same service'],
        fix: { text: 'Restarted the connection pool', known: 'outcome' },
        tookMs: 30 * 60_000,
      })
    })

    test('excludes private incidents, drills, false alarms and open ones', async () => {
      const { store, like } = await world()
      await add(store, { ...POOL, private: true })
      await add(store, { ...POOL, drill: true })
      await add(store, { ...POOL, ends: 'cancelled' })
      await add(store, { ...POOL, outcome: null })
      expect(await like(TONIGHT)).toEqual([])
    })

    test('the same service alone is not a match; wording may add to one', async () => {
      const { store, like } = await world()
      await add(store, { title: 'Customers cannot pay, RabbitMQ is full', service: 'payment' })
      await add(store, { title: 'Receipts are printed twice', service: 'payment' })
      expect(await like({ title: 'Customers cannot pay any more', service: 'payment', at: T, outcome: null })).toEqual([
        'INC-1',
      ])
    })

    test('common features weigh little, rare ones much', async () => {
      const { store, like } = await world()
      for (let i = 0; i < 40; i++)
        await add(store, { title: `Trouble ${i}`, service: `s${i}`, rule: 'HighErrorRate', labels: { cluster: 'eu' } })
      await add(store, { title: 'Trouble with certificates', service: 'gateway', rule: 'CertificateExpired' })
      const tonight = { title: 'Bad night', service: 'basket', at: T, outcome: null }
      expect(await like({ ...tonight, rule: 'HighErrorRate' })).toEqual([])
      expect(await like({ ...tonight, service: 'gateway', rule: 'CertificateExpired' })).toEqual(['INC-41'])
    })

    test('of two equally similar incidents the more recent comes first', async () => {
      const { store, like } = await world()
      await add(store, { ...POOL, at: T - 400 * DAY })
      await add(store, { ...POOL, at: T - 2 * DAY })
      await add(store, { ...POOL, at: T - 100 * DAY })
      expect(await like(TONIGHT)).toEqual(['INC-2', 'INC-3', 'INC-1'])
    })

    test('reindexes after a change, and for an outdated index format', async () => {
      const { store, learning } = await world()
      const past = await add(store, { ...POOL, outcome: null })
      const tonight = await add(store, TONIGHT)
      expect(await learning.similar(tonight)).toEqual([])
      await store.write({
        to: past.id,
        decide: () => [{ at: T, by: 'U0DANA', type: 'status_changed', status: 'resolved', text: 'Moved the pool' }],
      })
      expect((await learning.similar(tonight))[0]?.fix?.text).toBe('Moved the pool')
      expect(await store.index.stale(SHAPE, 10)).toEqual([])
      expect(await store.index.stale(SHAPE + 1, 10)).toEqual(['INC-2', 'INC-1'])
    })

    test('the cause named by people counts as the suspect, in similarity and in insights', async () => {
      const { store, learning } = await world()
      const past = await add(store, { title: 'Pages hang', service: 'web' })
      const named = { at: T, by: 'U0DANA', type: 'cause_named' as const, service: 'redis' }
      await store.write({ to: past.id, decide: () => [named] })
      const tonight = await add(store, { title: 'Blank screens', service: 'web', at: T, outcome: null })
      await store.write({ to: tonight.id, decide: () => [named] })
      expect((await learning.similar(tonight))[0]?.reasons).toEqual(['same service', 'same suspect, redis'])
      const { suspects } = await learning.insights({ from: 0, to: T })
      expect(suspects).toEqual({ judged: 2, right: 0, wrong: 0, silent: 2 })
    })

    test('the same new caller is a reason, and appears in the playbook', async () => {
      const { store, learning } = await world()
      const ranked = {
        at: T,
        by: 'muster',
        type: 'suspects_ranked' as const,
        trigger: 'opening' as const,
        leftOut: 0,
        services: 2,
        label: 'no clear suspect' as const,
        suspects: [],
        problems: [],
        read: { series: 3, of: 3 },
        facts: [
          {
            kind: 'new_caller' as const,
            client: 'report-job',
            server: 'orders',
            since: T,
            now: 40,
            inCatalogue: false,
          },
        ],
      }
      const past = await add(store, { title: 'Orders hang', service: 'orders', outcome: 'Stopped the job' })
      await store.write({ to: past.id, decide: () => [ranked] })
      const tonight = await add(store, { title: 'Checkout fails', service: 'checkout', at: T, outcome: null })
      await store.write({ to: tonight.id, decide: () => [ranked] })
      expect((await learning.similar(tonight))[0]).toMatchObject({
        incident: past.id,
        reasons: ['same new caller, report-job of orders'],
      })
      const offered = await learning.playbooks.offer((await store.read(past.id))!)
      expect(offered?.playbook.symptoms).toContain('New caller: report-job began to call orders')
    })

    test('a service name with quotes or percent signs breaks nothing', async () => {
      const { store, like } = await world()
      const odd = { title: "It's 100% \u0000 broken", service: `a'b"c%_\\`, rule: `x'"@ y` }
      await add(store, odd)
      expect(await like({ ...odd, at: T, outcome: null })).toEqual(['INC-1'])
    })
  })
