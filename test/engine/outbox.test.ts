import { describe, expect, test } from 'vitest'
import { note, retry } from '../../src/incident/decide.ts'
import type { EffectContext } from '../../src/incident/effect-handler.ts'
import { NotReady, Permanent, TryLater } from '../../src/incident/errors.ts'
import type { IncidentEvent, MessageName } from '../../src/incident/event.ts'
import { plain } from '../../src/incident/phrase.ts'
import { sentenceOf } from '../../src/incident/timeline.ts'
import { postUpdate } from '../../src/incident/update.ts'
import { act, channelOpened, T } from '../incident/facts.ts'
import { memory, opened, postgres } from '../store/databases.ts'
import { handClock, outboxOver } from './outbox-world.ts'

const never = () => new Promise<IncidentEvent[]>(() => {})
const afterTurns = () => new Promise((resolve) => setTimeout(resolve, 30))

describe('an effect', () => {
  const world = async (
    ...rest: Parameters<typeof outboxOver> extends [unknown, unknown, ...infer Rest] ? Rest : never
  ) => {
    const clock = handClock()
    const store = await opened('sqlite::memory:', clock.now)
    return { store, clock, ...outboxOver(store, clock, ...rest) }
  }
  const pending = async ({ store }: Awaited<ReturnType<typeof world>>, type: string) =>
    (await store.outbox.pending()).find(({ effect }) => effect.type === type)

  test('is done once, told its cause, and what it learned is recorded with its end', async () => {
    const told: EffectContext[] = []
    const w = await world({
      open_channel: async (_effect, context) => {
        told.push(context)
        return [channelOpened]
      },
    })
    w.outbox.start()
    await w.declared()
    await w.outbox.settled(0)
    expect(told).toMatchObject([
      { effectId: 'INC-1/1/0', attempt: 1, queuedAt: T, cause: { type: 'declared', seq: 1 }, incident: { version: 1 } },
    ])
    expect((await w.store.read('INC-1'))?.channel).toEqual({ id: 'C0INC1', name: 'inc-1-checkout-is-slow' })
    expect(await w.store.outbox.count()).toBe(0)
    expect(await w.metrics.effects.get()).toMatchObject({
      values: expect.arrayContaining([{ labels: { effect: 'open_channel', result: 'done' }, value: 1 }]),
    })
  })

  test('is looked for at once when it was queued, not at the next look', async () => {
    let started = () => {}
    const begun = new Promise<string>((resolve) => {
      started = () => resolve('begun')
    })
    const w = await world({
      open_channel: async () => {
        started()
        return []
      },
    })
    w.outbox.start()
    await w.outbox.settled(0)
    await w.declared()
    const slept = new Promise<string>((resolve) => setTimeout(resolve, 4000, 'slept').unref())
    expect(await Promise.race([begun, slept])).toBe('begun')
  })

  test.each([
    ['throws', async () => Promise.reject(new Error('Slack is on fire'))],
    [
      'throws before it promises anything',
      () => {
        throw new Error('Slack is on fire')
      },
    ],
  ])('whose handler %s is postponed, longer each time, and ends nothing else', async (_how, handler) => {
    const w = await world({ find_changes: handler }, { random: () => 1 - Number.EPSILON, attempts: 12 })
    w.outbox.start()
    await w.declared()
    await w.outbox.settled(0)
    const waits: number[] = []
    for (let i = 0; i < 10; i++) {
      const one = await pending(w, 'find_changes')
      expect(one).toMatchObject({ state: 'queued', attempts: i + 1, lastError: 'Slack is on fire' })
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
  ])('waits by chance %d of its first second, in whole milliseconds', async (random, waited) => {
    const failOnce = async (_effect: unknown, { attempt }: EffectContext) => {
      if (attempt === 1) throw new Error('no')
      return []
    }
    const w = await world({ open_channel: failOnce }, { random: () => random })
    w.outbox.start()
    await w.declared()
    await w.outbox.settled(0)
    expect(w.lines.filter(({ msg }) => msg === 'effect postponed')).toMatchObject([{ inMs: waited }])
  })

  test.each([
    ['warn', 40, new TryLater('Slack is busy', 100)],
    ['debug', 20, new NotReady('The summary is not posted yet.', 100)],
  ])('is logged at %s (%d) when it is postponed by %s', async (_name, level, error) => {
    const w = await world({ open_channel: async () => Promise.reject(error) })
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
  ])('told to come back after %d ms comes back then, however often', async (afterMs, waited) => {
    const w = await world(
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
  ])('ends with %s, and the incident says so', async (_what, attempts, error) => {
    let runs = 0
    const w = await world(
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

  test('that tells something tells the same when it is retried', async () => {
    const said: string[] = []
    let broken = true
    const w = await world({
      tell: async (_effect, { cause }) => {
        if (broken) throw new Permanent('channel is archived')
        said.push(plain(sentenceOf(cause) ?? []))
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
    expect(said).toEqual(['Update by @U0DANA: We roll back.', 'Update by @U0DANA: Rolled back.'])
  })

  test('that does not answer is given up after its time limit and told so', async () => {
    let signal: AbortSignal | undefined
    const w = await world(
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

  test('waits for the one before it in its lane, while other lanes and incidents go on', async () => {
    const order: string[] = []
    let release = () => {}
    const w = await world({
      tell: async (_effect, { incident, cause }) => {
        order.push(`${incident.id}/${cause.seq}`)
        if (order.length === 1)
          await new Promise<void>((resolve) => {
            release = resolve
          })
        return []
      },
      set_topic: async () => {
        order.push('topic')
        return []
      },
    })
    await w.declared()
    await w.declared()
    const update = (id: string, text: string) => w.record.change(id, (one) => postUpdate(one, { text }, act()))
    await update('INC-1', 'first')
    await update('INC-1', 'second')
    await update('INC-2', 'elsewhere')
    await w.record.change('INC-1', () => [{ ...act(), type: 'title_changed', title: 'Better' }])
    w.outbox.start()
    while (order.length < 3) await afterTurns()
    expect(order.toSorted()).toEqual(['INC-1/2', 'INC-2/2', 'topic'])
    release()
    await w.outbox.settled(0)
    expect(order.slice(3)).toEqual(['INC-1/3', 'INC-1/4'])
  })

  test('waits when as many run as may', async () => {
    let running = 0
    let most = 0
    const slowly = async () => {
      running += 1
      most = Math.max(most, running)
      await afterTurns()
      running -= 1
      return []
    }
    const w = await world({ open_channel: slowly, find_on_call: slowly, collect_evidence: slowly }, { concurrency: 3 })
    w.outbox.start()
    await Promise.all(Array.from({ length: 5 }, () => w.declared()))
    await w.outbox.settled(0)
    expect(most).toBe(3)
    expect(await w.store.outbox.count()).toBe(0)
  })
})

for (const kind of [memory, postgres]) {
  describe.skipIf(kind.missing)(`the outbox on ${kind.name}`, () => {
    test('postpones what fails', async () => {
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

    test('stopped between an effect and its record does the effect twice and keeps the fact once', async () => {
      const clock = handClock()
      const store = await opened(await kind.fresh(), clock.now)
      let done = 0
      const open_channel = async () => {
        done += 1
        return [channelOpened]
      }
      const cut = () => Promise.reject(new Error('The power was cut.'))
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

    test('whose lease ran out loses to the one that took over, and the fact is kept once', async () => {
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

    test('when stopped lets what runs finish', async () => {
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
        'heeds the signal',
        (signal: AbortSignal) =>
          new Promise<IncidentEvent[]>((_, no) => {
            signal.onabort = () => no(new Error('aborted'))
          }),
      ],
      ['does not heed the signal', never],
    ])('when stopped gives back what does not finish and %s', async (_how, hang) => {
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

test('effects that cause events that cause effects come to an end', async () => {
  const clock = handClock()
  const store = await opened('sqlite::memory:', clock.now)
  let steps = 0
  const counted =
    (...events: Partial<IncidentEvent>[]) =>
    async () => {
      steps += 1
      return events.map((event) => ({ at: clock.now(), by: 'muster', ...event }) as IncidentEvent)
    }
  const message = (name: MessageName) =>
    ({ type: 'message_posted', message: name, channel: 'C0INC1', ts: '1.2' }) as const
  const missing = { hash: 'h1', kind: 'missing', source: 'loki', title: 'Logs', reason: 'no answer' } as const
  const chart = { hash: 'h2', kind: 'chart', source: 'prometheus', title: 'Latency', now: 2 } as const
  const { outbox, record, forward } = outboxOver(store, clock, {
    open_channel: counted({ type: 'channel_opened', channel: 'C0INC1', name: 'inc-1' }),
    invite: counted({ type: 'people_invited', people: ['U0DANA'], absent: [] }),
    post_summary: counted(message('summary')),
    pin_summary: counted({ type: 'step_done', step: 'pin' }),
    refresh_summary: counted(),
    set_topic: counted({ type: 'step_done', step: 'topic' }),
    add_bookmarks: counted({ type: 'step_done', step: 'bookmarks' }),
    announce: counted(message('announcement')),
    refresh_announcement: counted(),
    tell: counted(),
    find_on_call: counted({ type: 'responder_found', responder: 'U0EVE', name: 'Eve', why: 'on call for Shipping' }),
    collect_evidence: counted({ type: 'evidence_collected', phase: 'opening', snapshots: [missing, chart] }),
    show_evidence: async () => {
      steps += 1
      throw new Permanent('missing_scope')
    },
    draft_postmortem: counted({ type: 'postmortem_drafted', version: 1 }),
    share_postmortem: counted(message('postmortem')),
    resolve_page: counted({ type: 'alert_activity', alertKey: 'pagerduty:P1', activity: 'other', text: 'resolved' }),
  })
  outbox.start()
  await record.declare({ title: 'Slow', severity: 'sev2' }, act())
  await record.change('INC-1', (one) => note(one, { text: 'looking' }, act()))
  for (let i = 0; i < 5; i++) await forward(1000)
  await record.change('INC-1', () => [{ ...act(), type: 'status_changed', status: 'resolved', text: 'rolled back' }])
  for (let i = 0; i < 20; i++) await forward(1000)
  expect(await store.outbox.count()).toBe(0)
  expect(steps).toBeGreaterThan(20)
  expect(steps).toBeLessThan(200)
})
