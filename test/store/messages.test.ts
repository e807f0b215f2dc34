import { describe, expect, test } from 'vitest'
import type { ChannelMessage } from '../../src/incident/channel-message.ts'
import type { Store } from '../../src/store/store.ts'
import { declared } from '../incident/facts.ts'
import { file, opened, postgres, T } from './databases.ts'

const message = (minute: number, text: string, more: Partial<ChannelMessage> = {}): ChannelMessage => {
  const at = T + minute * 60_000
  return { channel: 'C0INC0001', ts: `${at / 1000}.000100`, at, author: 'U0DANA', text, ...more }
}
const texts = async (store: Store, incident = 'INC-1', of: { until?: number; before?: string; last?: number } = {}) =>
  (await store.messages.of(incident, { last: 10, ...of })).messages.map(({ text }) => text)

for (const kind of [file, postgres]) {
  describe.skipIf(kind.missing)(`${kind.name} keeps messages`, () => {
    const start = async (): Promise<Store> => {
      const store = await opened(await kind.fresh())
      await store.write({ to: 'new', decide: () => [declared()] })
      await store.write({ to: 'new', decide: () => [declared()] })
      return store
    }

    test('once each, oldest first, in pages', async () => {
      const store = await start()
      const [first, second, third] = [message(1, 'one'), message(2, 'two'), message(3, 'three')]
      for (const one of [second, first, third, second]) await store.messages.keep('INC-1', one)
      expect(await texts(store)).toEqual(['one', 'two', 'three'])
      expect(await texts(store, 'INC-1', { until: second.at })).toEqual(['one', 'two'])
      const page = await store.messages.of('INC-1', { last: 1, before: third.ts })
      expect(page).toMatchObject({ messages: [{ text: 'two' }], earlier: 1 })
      expect(await texts(store, 'INC-2')).toEqual([])
    })

    test('with the latest edit, in whatever order Slack delivers them', async () => {
      const store = await start()
      const original = message(1, 'the pool is fine')
      const edited = { ...original, text: 'the pool is full', editedAt: T + 90_000 }
      expect(await store.messages.keep('INC-1', { ...edited, text: 'the pool is fill', editedAt: T + 80_000 })).toBe(
        true,
      )
      expect(await store.messages.keep('INC-1', edited)).toBe(true)
      expect(await store.messages.keep('INC-1', original)).toBe(false)
      expect(await store.messages.keep('INC-1', edited)).toBe(false)
      expect((await store.messages.of('INC-1', { last: 10 })).messages).toEqual([edited])
    })

    test('but none that was deleted, not even when it is delivered again afterwards', async () => {
      const store = await start()
      const [early, late] = [message(1, 'my password is hunter2'), message(2, 'never mind')]
      await store.messages.keep('INC-1', early)
      for (const { channel, ts } of [early, late]) await store.messages.remove('INC-1', { channel, ts })
      for (const one of [early, { ...early, editedAt: T + 900_000 }, late])
        expect(await store.messages.keep('INC-1', one)).toBe(false)
      expect(await texts(store)).toEqual([])
      expect(await store.messages.at('C0INC0001', [early.ts])).toEqual([])
    })

    test('until the retention says otherwise, incident by incident, and never those of an open one', async () => {
      const store = await start()
      await store.messages.keep('INC-1', message(1, 'in the one that ended'))
      await store.messages.keep('INC-1', message(5, 'last words'))
      await store.messages.keep('INC-2', message(1, 'in the open one', { channel: 'C0INC0002' }))
      await store.write({
        to: 'INC-1',
        decide: () => [{ type: 'status_changed', status: 'resolved', at: T, by: 'U0DANA' }],
      })
      const limits = { looseBefore: 0, evidenceBytes: Number.MAX_SAFE_INTEGER }
      expect((await store.retention.forget({ ...limits, messagesBefore: T + 5 * 60_000 })).messages).toBe(0)
      expect((await store.retention.forget({ ...limits, messagesBefore: T + 6 * 60_000 })).messages).toBe(2)
      expect(await texts(store)).toEqual([])
      expect(await texts(store, 'INC-2')).toEqual(['in the open one'])

      await store.write({ to: 'INC-2', decide: () => [{ type: 'made_private', at: T, by: 'U0DANA' }] })
      expect((await store.retention.forget({ ...limits, messagesOfPrivate: false })).messages).toBe(0)
      expect((await store.retention.forget({ ...limits, messagesOfPrivate: true })).messages).toBe(1)
    })

    test('whose incident is indexed again after each change', async () => {
      const store = await start()
      const entry = (touched: number) => ({
        id: 'INC-1',
        version: 1,
        features: [],
        words: [],
        lines: [],
        touched,
        facts: {
          id: 'INC-1',
          title: '',
          status: 'closed',
          severity: 'sev2',
          drill: false,
          declaredAt: T,
          rules: [],
          alerts: 0,
          spans: {},
          assumedStart: false,
          openActions: [],
          doneActions: 0,
        },
      })
      await store.index.put([entry(0)], 9)
      expect(await store.index.stale(9, 10)).toEqual(['INC-2'])
      await store.messages.keep('INC-1', message(1, 'one'))
      expect(await store.index.stale(9, 10)).toEqual(['INC-2', 'INC-1'])
      // Made before the message was there.
      await store.index.put([entry(0)], 9)
      expect(await store.index.stale(9, 10)).toEqual(['INC-2', 'INC-1'])
      await store.index.put([entry(await store.messages.touched('INC-1'))], 9)
      expect(await store.index.stale(9, 10)).toEqual(['INC-2'])
    })
  })
}
