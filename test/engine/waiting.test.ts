import { describe, expect, test } from 'vitest'
import { LEASE_MS } from '../../src/engine/leases.ts'
import { heldUp } from '../../src/held-up.ts'
import { retry } from '../../src/incident/decide.ts'
import type { EffectHandlers } from '../../src/incident/effect-handler.ts'
import { Permanent, TryLater, Unavailable } from '../../src/incident/errors.ts'
import { timeline } from '../../src/incident/timeline.ts'
import { act, channelOpened } from '../incident/facts.ts'
import { memory, opened, postgres } from '../store/databases.ts'
import { handClock, outboxOver } from './outbox-world.ts'

const slackIsDown = () => new Unavailable('Slack could not be reached.', { system: 'Slack' })
const HOUR = 3_600_000

for (const kind of [memory, postgres]) {
  describe.skipIf(kind.missing)(`effects on ${kind.name}`, () => {
    const world = async (some: Partial<EffectHandlers>, options: Parameters<typeof outboxOver>[3] = {}) => {
      const clock = handClock()
      const store = await opened(await kind.fresh(), clock.now)
      const made = outboxOver(store, clock, some, options)
      const typesOf = async () => (await store.events('INC-1')).map(({ type }) => type)
      return { store, clock, typesOf, ...made }
    }

    test('wait hours for a system without using up their attempts, and continue once it is back', async () => {
      let isDown = true
      const w = await world(
        {
          open_channel: async () => {
            if (isDown) throw slackIsDown()
            return [channelOpened]
          },
        },
        { attempts: 3, random: () => 1 - Number.EPSILON },
      )
      w.outbox.start()
      await w.declared()
      await w.outbox.settled(0)
      for (let minutes = 0; minutes < 60; minutes++) await w.forward(60_000)
      expect((await w.store.read('INC-1'))?.failures).toEqual({})
      expect(await w.store.outbox.waiting()).toMatchObject([
        { system: 'Slack', effects: 1, error: 'Slack could not be reached.' },
      ])
      expect(await heldUp(w.store, w.clock.now())).toEqual([
        '1 effect waits for Slack, for 1 h 00 min: Slack could not be reached.',
      ])
      expect(w.lines.filter(({ msg }) => msg === 'effects wait for a system')).toHaveLength(1)
      isDown = false
      await w.outbox.recovered('Slack')
      await w.outbox.settled(0)
      expect((await w.store.read('INC-1'))?.channel?.id).toBe('C0INC1')
      expect(await w.store.outbox.waiting()).toEqual([])
    })

    test('that are waiting are counted separately from failing ones', async () => {
      let attempt = 0
      const w = await world(
        {
          find_changes: async () => {
            attempt += 1
            throw attempt <= 5 ? slackIsDown() : attempt <= 8 ? new TryLater('429', 0) : new Error('no such thing')
          },
        },
        { attempts: 2, random: () => 1 - Number.EPSILON },
      )
      w.outbox.start()
      await w.declared()
      await w.outbox.settled(0)
      for (let i = 0; i < 9; i++) await w.forward(60_000)
      await w.forward(5 * 60_000)
      expect(attempt).toBe(10)
      expect((await w.store.read('INC-1'))?.failures.find_changes?.reason).toBe('no such thing')
    })

    test('are all due at once when their system is back, channels and pages first', async () => {
      const order: string[] = []
      let isDown = true
      const tries = (name: string) => async () => {
        if (isDown) throw slackIsDown()
        order.push(name)
        return []
      }
      const w = await world(
        {
          open_channel: tries('channel'),
          page: tries('page'),
          find_on_call: tries('on call'),
          collect_evidence: tries('evidence'),
        },
        { concurrency: 1 },
      )
      w.outbox.start()
      await w.declared()
      await w.declared()
      await w.outbox.settled(0)
      isDown = false
      await w.outbox.recovered('Slack')
      await w.outbox.settled(0)
      expect(order).toHaveLength(8)
      expect(order.slice(0, 4).toSorted()).toEqual(['channel', 'channel', 'page', 'page'])
      expect(order.slice(4)).toEqual(['on call', 'on call', 'evidence', 'evidence'])
    })

    test('that a clock set back has left in the future become due now', async () => {
      let failing = true
      const w = await world({
        open_channel: async () => {
          if (failing) throw new TryLater('429', HOUR)
          return [channelOpened]
        },
      })
      w.outbox.start()
      await w.declared()
      await w.outbox.settled(0)
      failing = false
      await w.forward(-24 * HOUR)
      await expect
        .poll(async () => {
          w.outbox.wake()
          return (await w.store.read('INC-1'))?.channel?.id
        })
        .toBe('C0INC1')
    })

    test('claimed by a process that crashed with its clock ahead are released', async () => {
      const w = await world({ open_channel: async () => [channelOpened] })
      await w.declared()
      const ahead = w.clock.now() + 24 * HOUR
      const queued = await w.store.outbox.count()
      const claimed = await w.store.outbox.claim({ owner: 'dead', limit: queued, leaseMs: 8_000, now: ahead })
      expect(claimed.map(({ effect }) => effect.type)).toContain('open_channel')
      w.outbox.start()
      await w.outbox.settled(0)
      expect((await w.store.read('INC-1'))?.channel?.id).toBe('C0INC1')
    })

    test('of a crashed process are taken over within 10 s; those of a live one are not, however long they take', async () => {
      let attempts = 0
      const w = await world({
        open_channel: async () => {
          attempts += 1
          return [channelOpened]
        },
      })
      await w.declared()
      const at = w.clock.now()
      await w.store.outbox.claim({ owner: 'dead', limit: 1, leaseMs: LEASE_MS, now: at })
      const [alive] = await w.store.outbox.claim({ owner: 'alive', limit: 1, leaseMs: LEASE_MS, now: at })
      expect(alive?.effect.type).toBe('page')
      await w.store.outbox.extend({ ids: [alive?.id as string], owner: 'alive', leaseMs: LEASE_MS, now: at + 9_000 })
      w.outbox.start()
      await w.outbox.settled(0)
      expect(attempts).toBe(0)
      await w.forward(10_000)
      expect(attempts).toBe(1)
      expect((await w.store.outbox.pending()).map(({ id }) => id)).toEqual([alive?.id])
    })

    test('continue with the items that an earlier attempt did not finish', async () => {
      const uploaded: string[] = []
      const w = await world({
        collect_evidence: async (_effect, { attempt, progress }) => {
          for (const item of ['a', 'b', 'c']) {
            if (progress.get(item)) continue
            if (item === 'c' && attempt === 1) throw new Error('Slack is slow')
            uploaded.push(item)
            await progress.set(item, `F${item}`)
          }
          return []
        },
      })
      w.outbox.start()
      await w.declared()
      await w.outbox.settled(0)
      await w.forward(5_000)
      expect(uploaded).toEqual(['a', 'b', 'c'])
      expect(await w.store.outbox.count()).toBe(0)
    })

    test('that page are reported in the channel once after a minute of delay', async () => {
      const w = await world({
        open_channel: async () => [channelOpened],
        page: async () => Promise.reject(new Unavailable('PagerDuty answered 500.', { system: 'PagerDuty' })),
      })
      w.outbox.start()
      await w.declared()
      await w.outbox.settled(0)
      await w.forward(59_000)
      expect(await w.typesOf()).not.toContain('effect_delayed')
      for (let i = 0; i < 10; i++) await w.forward(30_000)
      const events = await w.store.events('INC-1')
      const delays = events.filter(({ type }) => type === 'effect_delayed')
      expect(delays).toMatchObject([{ effect: { type: 'page' }, reason: 'PagerDuty answered 500.' }])
      expect(delays[0]!.at - events[0]!.at).toBeLessThan(90_000)
    })

    test('that page and must wait longer than a minute are reported at once', async () => {
      const w = await world({ page: async () => Promise.reject(new TryLater('429', 600_000)) })
      w.outbox.start()
      await w.declared()
      await w.outbox.settled(0)
      expect(await w.typesOf()).toContain('effect_delayed')
    })

    test('that a workspace always rejects are attempted once, shown on each checklist, and kept out of the timeline', async () => {
      let calls = 0
      const notAllowed = new Permanent('conversations.setTopic: restricted_action', { everywhere: true })
      let allowed = false
      const w = await world({
        open_channel: async (_effect, { incident }) => [
          { ...channelOpened, channel: `C${incident.id}` } as typeof channelOpened,
        ],
        set_topic: async () => {
          calls += 1
          if (!allowed) throw notAllowed
          return [{ ...act(), type: 'step_done', step: 'topic' }]
        },
      })
      w.outbox.start()
      for (const id of ['INC-1', 'INC-2']) {
        await w.declared()
        await w.outbox.settled(0)
        await w.record.change(id, () => [{ ...act(), type: 'title_changed', title: 'Slower' }])
        await w.outbox.settled(0)
        const events = await w.store.events(id)
        expect(events.filter(({ type }) => type === 'step_refused' || type === 'effect_failed')).toMatchObject([
          { type: 'step_refused' },
        ])
        expect(timeline(events).map(({ type }) => type)).not.toContain('step_refused')
        expect((await w.store.read(id))?.steps.topic).toEqual({ state: 'failed', text: notAllowed.message })
      }
      expect(calls).toBe(1)
      allowed = true
      await w.record.change('INC-2', (one) => retry(one, {}, act()))
      await w.outbox.settled(0)
      expect((await w.store.read('INC-2'))?.steps.topic?.state).toBe('done')
      await w.declared()
      await w.outbox.settled(0)
      expect((await w.store.read('INC-3'))?.steps.topic?.state).toBe('done')
    })
  })
}
