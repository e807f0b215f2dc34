import { expect, test } from 'vitest'
import type { Edge } from '../../src/suspects/input.ts'
import { rankSuspects } from '../../src/suspects/rank.ts'
import { BEFORE, calls, callsWithRate, incident, line, ONSET, STEP, service } from './shop.ts'

/** The same calls with their rise some minutes later. */
const later = (edge: Edge, minutes: number): Edge => {
  if (!edge.rate) return edge
  const steps = (minutes * 60) / STEP
  const { values } = edge.rate
  return {
    ...edge,
    rate: {
      ...edge.rate,
      values: values.map((value, t) => (t < BEFORE + steps ? (values[t % BEFORE] ?? value) : value)),
    },
  }
}

const payment = () => [
  ...calls('web -> payment'),
  callsWithRate('payment', 'rabbitmq', 2, 2),
  callsWithRate('checkout', 'rabbitmq', 150, 152),
]

test('names the unknown publisher that floods a queue, and the queue after it', () => {
  const input = incident({
    alert: { service: 'web', signal: null, since: ONSET },
    edges: [...payment(), callsWithRate('pending-orders-recreation', 'rabbitmq', 0, 180)],
    series: [
      ...service('web', { errors: 15 }),
      ...service('payment', { errors: 18, p90: 900 }),
      ...service('checkout'),
      line('rabbitmq', 'queue depth', 100, 40_000),
      line('rabbitmq', 'requests', 154, 335),
    ],
  })
  const { suspects, label } = rankSuspects(input)
  expect(suspects.slice(0, 2).map(({ service }) => service)).toEqual(['pending-orders-recreation', 'rabbitmq'])
  expect(label).toBe('likely')
  expect(suspects[0]?.signals[0]).toMatchObject({ kind: 'flood', edge: { server: 'rabbitmq' }, direction: 'up' })
  expect(suspects[1]?.explainedBy).toMatchObject({ service: 'pending-orders-recreation', by: 'flood' })
})

test('blames no publisher when everybody publishes a little more', () => {
  const edges = ['a', 'b', 'c', 'd'].map((name) => callsWithRate(name, 'rabbitmq', 100, 150))
  const input = incident({
    edges: [...calls('web -> a', 'web -> b', 'web -> c', 'web -> d'), ...edges],
    series: [...service('web'), line('rabbitmq', 'queue depth', 100, 9000)],
  })
  expect(rankSuspects(input).suspects[0]?.service).toBe('rabbitmq')
})

test('treats a retry storm as a response to a failing callee, not as its cause', () => {
  const input = incident({
    edges: [...calls('web -> worker'), later(callsWithRate('worker', 'search', 20, 130), 3)],
    series: [
      ...service('web'),
      ...service('worker', { p90: 700 }, { requests: 20 }),
      line('search', 'p90', 100, 9000),
      line('search', 'cpu', 0.3, 0.98),
    ],
  })
  const { suspects } = rankSuspects(input)
  expect(suspects[0]?.service).toBe('search')
  const worker = suspects.find(({ service }) => service === 'worker')
  const storm = worker?.signals.find(({ kind }) => kind === 'amplification')
  expect(storm).toMatchObject({ edge: { client: 'worker', server: 'search' }, metric: 'calls for each request' })
  expect(storm!.baseline).toBeGreaterThan(0)
  expect(storm!.now).toBeGreaterThan(4 * storm!.baseline!)
})

test('names the service whose new code queries the database in a loop', () => {
  const input = incident({
    edges: [...calls('web -> catalogue'), callsWithRate('catalogue', 'mysql', 40, 800)],
    series: [
      ...service('web', { p90: 400 }, { p90: 100 }),
      ...service('catalogue', { p90: 380 }),
      line('mysql', 'cpu', 0.2, 0.9),
      line('mysql', 'p90', 4, 40),
    ],
  })
  const { suspects } = rankSuspects(input)
  expect(suspects[0]?.service).toBe('catalogue')
  expect(suspects.find(({ service }) => service === 'mysql')?.explainedBy).toMatchObject({
    service: 'catalogue',
    by: 'flood',
  })
})

test('traces a busy database back to cache misses', () => {
  const input = incident({
    edges: [...calls('gateway -> web', 'web -> cache'), callsWithRate('web', 'mysql', 10, 240)],
    alert: { service: 'gateway', signal: 'latency', since: ONSET },
    series: [
      ...service('gateway', { p90: 900 }, { p90: 100 }),
      ...service('web', { p90: 850 }),
      line('web', 'cpu', 0.4, 0.7),
      line('cache', 'hit ratio', 0.96, 0.12),
      line('cache', 'p90', 1, 6),
      line('mysql', 'cpu', 0.2, 0.9),
      line('mysql', 'p90', 5, 30),
      line('mysql', 'requests', 10, 240),
    ],
  })
  const { suspects } = rankSuspects(input)
  expect(suspects[0]?.service).toBe('cache')
  expect(suspects.find(({ service }) => service === 'mysql')?.explainedBy?.service).toBe('web')
})

test('does not treat CPU that follows the load as a problem', () => {
  const input = incident({
    edges: calls('web -> cart'),
    series: [...service('web'), ...service('cart', { requests: 80 }), line('cart', 'cpu', 0.2, 0.4)],
  })
  const cpu = rankSuspects(input).suspects[0]?.signals.find(({ kind }) => kind === 'cpu')
  expect(cpu?.score).toBeGreaterThan(2)
  expect(cpu?.residual).toBeLessThan(0.5)
})
