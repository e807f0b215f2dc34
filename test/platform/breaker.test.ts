import { expect, onTestFinished, test } from 'vitest'
import { Unavailable } from '../../src/incident/errors.ts'
import { pagerdutyClient } from '../../src/integrations/pagerduty/client.ts'
import { createSlack } from '../../src/integrations/slack/client.ts'
import { type BreakerOptions, createBreakers } from '../../src/platform/breaker.ts'
import { createLog } from '../../src/platform/log.ts'
import { createMetrics } from '../../src/platform/metrics.ts'
import { outboxOver } from '../engine/outbox-world.ts'
import { type Answer, serve } from '../integrations/server.ts'
import { opened } from '../store/databases.ts'

const quickly = { failures: 3, probeAfterMs: 400 }

/** A PagerDuty with configurable answers, and its guarded client. */
const guarded = async (options: BreakerOptions = quickly) => {
  let answer: Answer = { status: 500 }
  const server = await serve(() => answer)
  const metrics = createMetrics()
  const breakers = createBreakers({ log: createLog('silent'), metrics })
  const client = pagerdutyClient({ token: 't', url: server.url, guard: breakers.guard('PagerDuty', options) })
  return {
    breakers,
    ask: () =>
      client.user('P1').then(
        () => undefined,
        (error: Error) => error,
      ),
    answer: (next: Answer) => {
      answer = next
    },
    requestCount: () => server.requests.length,
    gauge: async () => (await metrics.breakerOpen.get()).values[0]?.value,
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  }
}

/** The call was not made: the breaker answered. */
const isHeldBack = (error: Error | undefined) => /tries again in \d+ s\./.test(error?.message ?? '')

test('a system that fails repeatedly is not called, and callers get the reason at once', async () => {
  await using pagerduty = await guarded()
  for (let i = 0; i < 3; i++) expect(isHeldBack(await pagerduty.ask())).toBe(false)
  expect(await pagerduty.gauge()).toBe(1)
  const error = await pagerduty.ask()
  expect(error).toBeInstanceOf(Unavailable)
  expect(error?.message).toMatch(
    /^PagerDuty does not answer; Muster tries again in \d+ s\. \(PagerDuty answered 500 to GET \/users\/P1\)$/,
  )
  expect(pagerduty.requestCount()).toBe(3)
  expect(pagerduty.breakers.troubles()).toEqual([
    'PagerDuty does not answer; its calls are held back. (PagerDuty answered 500 to GET /users/P1)',
  ])
})

test('a single call probes the system, and its recovery is reported', async () => {
  await using pagerduty = await guarded()
  const recovered: string[] = []
  pagerduty.breakers.onRecover((system) => recovered.push(system))
  for (let i = 0; i < 3; i++) await pagerduty.ask()
  /** Asks until the breaker lets a call through. */
  const probe = async () => {
    for (;;) {
      const error = await pagerduty.ask()
      if (!isHeldBack(error)) return error
    }
  }
  expect(await probe()).toBeInstanceOf(Unavailable)
  expect(isHeldBack(await pagerduty.ask())).toBe(true)
  expect(pagerduty.requestCount()).toBe(4)
  expect(recovered).toEqual([])
  pagerduty.answer({ body: { user: { id: 'P1', name: 'Dana' } } })
  expect(await probe()).toBeUndefined()
  expect(await pagerduty.ask()).toBeUndefined()
  expect(await pagerduty.gauge()).toBe(0)
  expect(pagerduty.breakers.troubles()).toEqual([])
  expect(recovered).toEqual(['PagerDuty'])
})

test('a system that hangs is probed as soon as one that refuses: the time that a call took counts', async () => {
  const breakers = createBreakers({ log: createLog('silent'), metrics: createMetrics() })
  const slowly = breakers.guard('Loki', { failures: 1, probeAfterMs: 60_000 })
  const quickly = breakers.guard('Grafana', { failures: 1, probeAfterMs: 60_000 })
  const down = new Unavailable('down', { system: 'Loki' })
  const real = performance.now
  onTestFinished(() => {
    performance.now = real
  })
  let skippedMs = 0
  performance.now = () => real.call(performance) + skippedMs
  const call = slowly(async () => {
    skippedMs = 50_000
    throw down
  })
  await expect(call).rejects.toBe(down)
  await expect(quickly(() => Promise.reject(down))).rejects.toBe(down)
  expect(breakers.untilProbe('Loki')).toBeLessThanOrEqual(10_000)
  expect(breakers.untilProbe('Grafana')).toBeGreaterThan(50_000)
  expect(breakers.untilProbe('Slack')).toBeUndefined()
})

test('a clock that is set back does not keep a breaker open', async () => {
  await using pagerduty = await guarded({ failures: 1, probeAfterMs: 20 })
  await pagerduty.ask()
  pagerduty.answer({ body: { user: { id: 'P1', name: 'Dana' } } })
  const real = Date.now
  onTestFinished(() => {
    Date.now = real
  })
  Date.now = () => real() - 24 * 3_600_000
  await expect.poll(() => pagerduty.ask(), { timeout: 10_000 }).toBeUndefined()
})

test('a missing scope does not count as a failure of the system', async () => {
  const breakers = createBreakers({ log: createLog('silent'), metrics: createMetrics() })
  const guard = breakers.guard('Slack', { failures: 1 })
  const lacking = new Unavailable('pins.add: missing_scope', { system: 'Slack scope pins:write', partly: true })
  for (let i = 0; i < 3; i++) await expect(guard(() => Promise.reject(lacking))).rejects.toBe(lacking)
  expect(breakers.troubles()).toEqual([])
})

test.each<[string, Answer]>([
  ['a refusal', { status: 404, body: { error: { code: 2100, message: 'Not Found' } } }],
  ['a used-up rate limit', { status: 429, headers: { 'ratelimit-reset': '0.001' } }],
])('%s is a response, and does not count as a failure', async (_name, refusal) => {
  await using pagerduty = await guarded()
  await pagerduty.ask()
  await pagerduty.ask()
  pagerduty.answer(refusal)
  for (let i = 0; i < 5; i++) expect(isHeldBack(await pagerduty.ask())).toBe(false)
  pagerduty.answer({ status: 500 })
  expect(await pagerduty.gauge()).toBe(0)
})

test('limits the number of concurrent calls', async () => {
  let most = 0
  let now = 0
  const breakers = createBreakers({ log: createLog('silent'), metrics: createMetrics() })
  await using server = await serve(() => ({ body: { ok: true } }))
  const guard = breakers.guard('Slack', { atOnce: 2 })
  const slack = createSlack({ token: 'xoxb-1', apiUrl: server.url, now: Date.now })
  const call = () =>
    guard(async () => {
      most = Math.max(most, ++now)
      await slack.call('api.test')
      now--
    })
  await Promise.all(Array.from({ length: 8 }, call))
  expect(server.requests).toHaveLength(8)
  expect(most).toBe(2)
})

test('the checklist states once what a step is waiting for', async () => {
  const store = await opened('sqlite::memory:', Date.now)
  const clock = { now: Date.now, forward: () => {} }
  const dead = new Unavailable('PagerDuty does not answer; Muster tries again in 30 s.', {
    system: 'PagerDuty',
    afterMs: 20,
  })
  let tries = 0
  const { outbox, record } = outboxOver(store, clock, {
    find_on_call: async () => {
      if (++tries < 3) throw dead
      return [{ type: 'responder_found', name: 'Dana', why: 'on call', by: 'pagerduty', at: Date.now() }]
    },
    open_channel: async () => [],
  })
  await record.declare({ title: 'It is slow', severity: 'sev2' }, { by: 'U0DANA0001', at: Date.now() })
  outbox.start()
  await expect.poll(async () => (await store.read('INC-1'))?.steps.on_call?.state).toBe('done')
  const delays = (await store.events('INC-1')).filter(({ type }) => type === 'step_delayed')
  expect(delays).toMatchObject([{ step: 'on_call', text: dead.message }])
})
