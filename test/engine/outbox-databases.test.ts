import { describe, expect, test } from 'vitest'
import type { IncidentEvent } from '../../src/incident/event.ts'
import { channelOpened, T } from '../incident/facts.ts'
import { memory, opened, postgres } from '../store/databases.ts'
import { afterTurns, handClock, never, outboxOver } from './outbox-world.ts'

for (const kind of [memory, postgres]) {
  describe.skipIf(kind.missing)(`the outbox on ${kind.name}`, () => {
    test('postpones failed effects', async () => {
      const clock = handClock()
      const store = await opened(await kind.fresh(), clock.now)
      const { outbox, declared } = outboxOver(
        store,
        clock,
        { open_channel: async () => Promise.reject(new Error('no')) },
        { random: () => 1 / 3 },
      )
      outbox.start()
      await declared()
      await outbox.settled(0)
      expect(await store.outbox.pending()).toMatchObject([{ state: 'queued', dueAt: T + 334, lastError: 'no' }])
    })

    test('when stopped between an effect and its record, runs the effect twice and records it once', async () => {
      const clock = handClock()
      const store = await opened(await kind.fresh(), clock.now)
      let done = 0
      const open_channel = async () => {
        done += 1
        return [channelOpened]
      }
      const cut = () => Promise.reject(new Error('The process was killed.'))
      const dying = { ...store, write: cut, outbox: { ...store.outbox, postpone: cut } }
      const first = outboxOver(dying, clock, { open_channel }, { owner: 'first' })
      const second = outboxOver(store, clock, { open_channel }, { owner: 'second' })
      await second.declared()
      first.outbox.start()
      while (!first.lines.some(({ msg }) => msg === 'effect could not be recorded')) await afterTurns()
      await first.outbox.stop(0)
      clock.forward(60_000)
      second.outbox.start()
      await second.outbox.settled(0)
      expect(done).toBe(2)
      const types = (await store.events('INC-1')).map(({ type }) => type)
      expect(types.filter((type) => type === 'channel_opened')).toHaveLength(1)
    })

    test('when a lease expires, only the worker that took over records the result', async () => {
      const clock = handClock()
      const store = await opened(await kind.fresh(), clock.now)
      let answer = (_events: IncidentEvent[]) => {}
      const slow = new Promise<IncidentEvent[]>((resolve) => {
        answer = resolve
      })
      let claims = 0
      // Slow and late: it does not look at the queue again before the other one does.
      const claim: typeof store.outbox.claim = async (input) => (claims++ === 0 ? store.outbox.claim(input) : [])
      const stuck = { ...store, outbox: { ...store.outbox, claim } }
      const first = outboxOver(stuck, clock, { open_channel: () => slow }, { owner: 'first' })
      const second = outboxOver(store, clock, { open_channel: async () => [channelOpened] }, { owner: 'second' })
      await first.declared()
      first.outbox.start()
      while ((await store.outbox.pending())[0]?.state !== 'running') await afterTurns()
      clock.forward(60_000)
      second.outbox.start()
      await second.outbox.settled(0)
      answer([{ ...channelOpened, channel: 'C0LATE' } as IncidentEvent])
      await first.outbox.settled(0)
      expect((await store.read('INC-1'))?.channel?.id).toBe('C0INC1')
      expect((await store.events('INC-1')).filter(({ type }) => type === 'channel_opened')).toHaveLength(1)
    })

    test('when stopped, lets running effects finish', async () => {
      const clock = handClock()
      const store = await opened(await kind.fresh(), clock.now)
      let answer = (_events: IncidentEvent[]) => {}
      const slow = new Promise<IncidentEvent[]>((resolve) => {
        answer = resolve
      })
      const { outbox, declared } = outboxOver(store, clock, { open_channel: () => slow })
      outbox.start()
      await declared()
      while ((await store.outbox.pending()).length > 1) await afterTurns()
      const stopped = outbox.stop(20_000)
      answer([channelOpened])
      await stopped
      expect((await store.read('INC-1'))?.channel?.id).toBe('C0INC1')
      // And what that caused waits for the next start.
      expect((await store.outbox.pending()).every(({ attempts }) => attempts === 0)).toBe(true)
    })

    test.each([
      [
        'obeys the signal',
        (signal: AbortSignal) =>
          new Promise<IncidentEvent[]>((_, no) => {
            signal.onabort = () => no(new Error('aborted'))
          }),
      ],
      ['ignores the signal', never],
    ])('when stopped, releases effects that do not finish and %s', async (_how, hang) => {
      const clock = handClock()
      const store = await opened(await kind.fresh(), clock.now)
      const { outbox, declared } = outboxOver(store, clock, { open_channel: (_effect, { signal }) => hang(signal) })
      outbox.start()
      await declared()
      while ((await store.outbox.pending()).length > 1) await afterTurns()
      await outbox.stop(10)
      expect(await store.outbox.pending()).toMatchObject([{ state: 'queued', dueAt: T, lastError: expect.any(String) }])
      expect(await store.outbox.claim({ owner: 'two', limit: 9, leaseMs: 1, now: T })).toHaveLength(1)
    })

    test('survives a queue that cannot be read', async () => {
      const clock = handClock()
      const store = await opened(await kind.fresh(), clock.now)
      let broken = true
      const claim: typeof store.outbox.claim = (input) =>
        broken ? Promise.reject(new Error('no database')) : store.outbox.claim(input)
      const { outbox, declared, lines } = outboxOver({ ...store, outbox: { ...store.outbox, claim } }, clock, {})
      outbox.start()
      await declared()
      while (!lines.some(({ msg }) => msg === 'outbox cannot be read')) await afterTurns()
      broken = false
      outbox.wake()
      await outbox.settled(0)
      expect(await store.outbox.count()).toBe(0)
    })
  })
}
