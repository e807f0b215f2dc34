import { describe, expect, test } from 'vitest'
import { retry } from '../../src/incident/decide.ts'
import type { EffectContext } from '../../src/incident/effect-handler.ts'
import { NotReady, Permanent, TryLater } from '../../src/incident/errors.ts'
import { plain } from '../../src/incident/phrase.ts'
import { sentenceOf } from '../../src/incident/sentence.ts'
import { postUpdate } from '../../src/incident/update.ts'
import { act } from '../incident/facts.ts'
import { never, outboxWorld, pending } from './outbox-world.ts'

describe('an effect that fails', () => {
  test.each([
    ['throws', async () => Promise.reject(new Error('Slack failed'))],
    [
      'throws synchronously',
      () => {
        throw new Error('Slack failed')
      },
    ],
  ])('whose handler %s is postponed, longer each time, and blocks no other effect', async (_how, handler) => {
    const w = await outboxWorld({ find_changes: handler }, { random: () => 1 - Number.EPSILON, attempts: 12 })
    w.outbox.start()
    await w.declared()
    await w.outbox.settled(0)
    const waits: number[] = []
    for (let i = 0; i < 10; i++) {
      const one = await pending(w, 'find_changes')
      expect(one).toMatchObject({ state: 'queued', attempts: i + 1, lastError: 'Slack failed' })
      const wait = (one?.dueAt as number) - w.clock.now()
      waits.push(wait)
      await w.forward(wait)
    }
    expect(waits).toEqual([1, 2, 4, 8, 16, 32, 64, 128, 256, 300].map((seconds) => seconds * 1000))
    expect(await w.store.outbox.count()).toBe(1)
  })

  test.each([
    [0, 0],
    [0.123456789, 124],
    [0.999, 999],
  ])('adds random jitter (%d) to its first second of backoff, in whole milliseconds', async (random, waited) => {
    const failOnce = async (_effect: unknown, { attempt }: EffectContext) => {
      if (attempt === 1) throw new Error('no')
      return []
    }
    const w = await outboxWorld({ open_channel: failOnce }, { random: () => random })
    w.outbox.start()
    await w.declared()
    await w.outbox.settled(0)
    expect(w.lines.filter(({ msg }) => msg === 'effect postponed')).toMatchObject([{ inMs: waited }])
  })

  test.each([
    ['warn', 40, new TryLater('Slack is busy', 100)],
    ['debug', 20, new NotReady('The summary is not posted yet.', 100)],
  ])('is logged at %s (%d) when it is postponed by %s', async (_name, level, error) => {
    const w = await outboxWorld({ open_channel: async () => Promise.reject(error) })
    w.outbox.start()
    await w.declared()
    await w.outbox.settled(0)
    expect(w.lines.find(({ msg }) => msg === 'effect postponed')).toMatchObject({ level, reason: error.message })
  })

  test.each([
    [30_000, 30_125],
    [0, 125],
    [-5, 125],
    [Number.NaN, 300_125],
    [Number.POSITIVE_INFINITY, 3_600_000 + 125],
  ])('is retried after %d ms when the system says so, without limit', async (afterMs, waited) => {
    const w = await outboxWorld(
      { find_changes: async () => Promise.reject(new TryLater('Slack said 429', afterMs)) },
      { attempts: 2 },
    )
    w.outbox.start()
    await w.declared()
    await w.outbox.settled(0)
    for (let i = 1; i <= 4; i++) {
      expect(await pending(w, 'find_changes')).toMatchObject({ attempts: i, dueAt: w.clock.now() + waited })
      await w.forward(waited)
    }
  })

  test.each([
    ['a permanent error', 1, () => new Permanent('missing_scope: channels:manage')],
    ['its last attempt', 3, () => new Error('missing_scope: channels:manage')],
  ])('ends with %s, and the incident shows it', async (_what, attempts, error) => {
    let runs = 0
    const w = await outboxWorld(
      {
        open_channel: async () => {
          runs += 1
          throw error()
        },
      },
      { attempts: 3 },
    )
    w.outbox.start()
    await w.declared()
    await w.outbox.settled(0)
    for (let i = 1; i < attempts; i++) await w.forward(300_000)
    await w.forward(300_000)
    expect(runs).toBe(attempts)
    const incident = await w.store.read('INC-1')
    expect(incident?.failures.open_channel?.reason).toBe('missing_scope: channels:manage')
    expect(incident?.steps.channel).toEqual({ state: 'failed', text: 'missing_scope: channels:manage' })
    expect(await pending(w, 'open_channel')).toBeUndefined()
    await w.record.change('INC-1', (one) => retry(one, {}, act(w.clock.now())))
    expect((await w.store.read('INC-1'))?.failures).toEqual({})
    await w.outbox.settled(0)
    expect(runs).toBe(attempts + 1)
  })

  test('posts the same message when it is retried', async () => {
    const posted: string[] = []
    let broken = true
    const w = await outboxWorld({
      tell: async (_effect, { cause }) => {
        if (broken) throw new Permanent('channel is archived')
        posted.push(plain(sentenceOf(cause) ?? []))
        return []
      },
    })
    w.outbox.start()
    await w.declared()
    for (const text of ['We roll back.', 'Rolled back.'])
      await w.record.change('INC-1', (one) => postUpdate(one, { text }, act()))
    await w.outbox.settled(0)
    expect(Object.keys((await w.store.read('INC-1'))?.failures ?? {})).toEqual(['tell:2', 'tell:3'])
    broken = false
    await w.record.change('INC-1', (one) => retry(one, {}, act()))
    await w.outbox.settled(0)
    expect(posted).toEqual(['Update by @U0DANA: We roll back.', 'Update by @U0DANA: Rolled back.'])
  })

  test('is aborted after its time limit', async () => {
    let signal: AbortSignal | undefined
    const w = await outboxWorld(
      {
        open_channel: (_effect, context) => {
          signal = context.signal
          return never()
        },
      },
      { timeoutMs: 20 },
    )
    w.outbox.start()
    await w.declared()
    await w.outbox.settled(0)
    expect(signal?.aborted).toBe(true)
    expect(await pending(w, 'open_channel')).toMatchObject({ state: 'queued', lastError: 'No answer within 0.02 s.' })
  })
})
