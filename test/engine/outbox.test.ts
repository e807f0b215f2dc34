import { describe, expect, test } from 'vitest'
import { note } from '../../src/incident/decide.ts'
import type { EffectContext } from '../../src/incident/effect-handler.ts'
import { Permanent } from '../../src/incident/errors.ts'
import type { IncidentEvent, MessageName } from '../../src/incident/event.ts'
import { postUpdate } from '../../src/incident/update.ts'
import { act, channelOpened, T } from '../incident/facts.ts'
import { opened } from '../store/databases.ts'
import { afterTurns, handClock, outboxOver, outboxWorld } from './outbox-world.ts'

describe('an effect', () => {
  test('runs once with its cause, and its result is recorded when it completes', async () => {
    const contexts: EffectContext[] = []
    const w = await outboxWorld({
      open_channel: async (_effect, context) => {
        contexts.push(context)
        return [channelOpened]
      },
    })
    w.outbox.start()
    await w.declared()
    await w.outbox.settled(0)
    expect(contexts).toMatchObject([
      { effectId: 'INC-1/1/0', attempt: 1, queuedAt: T, cause: { type: 'declared', seq: 1 }, incident: { version: 1 } },
    ])
    expect((await w.store.read('INC-1'))?.channel).toEqual({ id: 'C0INC1', name: 'inc-1-checkout-is-slow' })
    expect(await w.store.outbox.count()).toBe(0)
    expect(await w.metrics.effects.get()).toMatchObject({
      values: expect.arrayContaining([{ labels: { effect: 'open_channel', result: 'done' }, value: 1 }]),
    })
  })

  test('starts as soon as it is queued, not at the next poll', async () => {
    let started = () => {}
    const begun = new Promise<string>((resolve) => {
      started = () => resolve('begun')
    })
    const w = await outboxWorld({
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
  test('waits for its predecessor in the same lane, while other lanes and incidents continue', async () => {
    const order: string[] = []
    let release = () => {}
    const w = await outboxWorld({
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

  test('waits while the concurrency limit is reached', async () => {
    let running = 0
    let most = 0
    const slowly = async () => {
      running += 1
      most = Math.max(most, running)
      await afterTurns()
      running -= 1
      return []
    }
    const w = await outboxWorld(
      { open_channel: slowly, find_on_call: slowly, collect_evidence: slowly },
      { concurrency: 3 },
    )
    w.outbox.start()
    await Promise.all(Array.from({ length: 5 }, () => w.declared()))
    await w.outbox.settled(0)
    expect(most).toBe(3)
    expect(await w.store.outbox.count()).toBe(0)
  })
})

test('chains terminate when effects cause events that cause effects', async () => {
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
