import { expect, test } from 'vitest'
import { rankSuspects } from '../../src/suspects/rank.ts'
import { calls, incident, line, ONSET, service } from './shop.ts'

const names = (input: Parameters<typeof rankSuspects>[0]) => rankSuspects(input).suspects.map(({ service }) => service)

test('follows a chain of slow services down to the one with a problem of its own', () => {
  const input = incident({
    edges: calls('web -> shipping -> mysql'),
    series: [
      ...service('web', { p90: 950 }, { p90: 100 }),
      ...service('shipping', { p90: 900 }, { p90: 60 }),
      ...service('mysql', { p90: 850 }, { p90: 20 }),
    ],
  })
  const { suspects, label } = rankSuspects(input)
  expect(suspects[0]?.service).toBe('mysql')
  expect(label).toBe('likely')
  expect(suspects.find(({ service }) => service === 'shipping')?.explainedBy).toMatchObject({
    service: 'mysql',
    edge: { client: 'shipping', server: 'mysql' },
    of: 'latency',
  })
})

test('finds the one failing callee of a service with many', () => {
  const input = incident({
    edges: calls('web -> cart', 'web -> catalogue', 'web -> user', 'web -> payment'),
    series: [
      ...service('web', { p90: 600 }, { p90: 100 }),
      ...['cart', 'catalogue', 'payment'].flatMap((name) => service(name)),
      ...service('user', { p90: 540 }),
    ],
  })
  expect(names(input)[0]).toBe('user')
  expect(rankSuspects(input).label).toBe('likely')
})

test('names the shared database, not the two services waiting for it', () => {
  const input = incident({
    edges: calls('web -> shipping -> mysql', 'web -> ratings -> mysql'),
    series: [
      ...service('web', { p90: 800 }, { p90: 100 }),
      ...service('shipping', { p90: 700 }),
      ...service('ratings', { p90: 690 }),
      line('mysql', 'connections', 41, 100),
      line('mysql', 'p90', 5, 600),
    ],
  })
  const { suspects } = rankSuspects(input)
  expect(suspects[0]?.service).toBe('mysql')
  const waiting = suspects.filter(({ explainedBy }) => explainedBy?.service === 'mysql').map(({ service }) => service)
  expect(waiting.sort()).toEqual(['ratings', 'shipping'])
})

test('does not excuse everybody on a cycle of calls', () => {
  const input = incident({
    edges: calls('web -> orders -> stock -> orders'),
    series: [...service('web'), ...service('orders', { p90: 700 }), ...service('stock', { p90: 900 })],
  })
  const { suspects } = rankSuspects(input)
  expect(suspects[0]?.service).toBe('stock')
  expect(suspects[0]?.score).toBeGreaterThan(2)
  expect(suspects.find(({ service }) => service === 'orders')?.explainedBy?.service).toBe('stock')
})

test('counts an exhausted pool in full when the alert is about errors', () => {
  const pool = (signal: 'errors' | 'latency') =>
    rankSuspects(
      incident({
        alert: { service: 'web', signal, since: ONSET },
        edges: calls('web -> shipping'),
        series: [...service('web', { errors: 12 }), line('shipping', 'connections', 10, 40)],
      }),
    ).suspects[0]
  expect(pool('errors')).toMatchObject({ service: 'shipping', label: 'likely' })
  expect(pool('errors')?.score).toBe(pool('latency')?.score)
})

test('discounts a service seen only by its callers, unless the catalogue declares it', () => {
  const external = incident({
    edges: calls('web -> shipping -> PassthroughCluster'),
    virtual: ['PassthroughCluster'],
    series: [
      ...service('web', { p90: 300 }, { p90: 100 }),
      ...service('shipping', { p90: 260 }),
      line('PassthroughCluster', 'p90', 20, 260),
    ],
  })
  const [held] = rankSuspects(external).suspects
  const [declared] = rankSuspects({ ...external, declared: ['PassthroughCluster'] }).suspects
  expect(held).toMatchObject({ service: 'PassthroughCluster', virtual: true })
  expect(declared?.service).toBe('PassthroughCluster')
  expect(declared?.score).toBeCloseTo(2 * held!.score)
})

test('trusts an unreachable service less than the same trouble within reach', () => {
  const input = incident({
    edges: calls('web -> cart', 'backoffice -> reports'),
    series: [
      ...service('web', { p90: 300 }, { p90: 100 }),
      ...service('cart', { p90: 300 }),
      ...service('reports', { p90: 300 }),
      ...service('backoffice'),
    ],
  })
  const [first, second] = rankSuspects(input).suspects
  expect(first).toMatchObject({ service: 'cart', reachable: true, label: 'likely' })
  expect(second).toMatchObject({ service: 'reports', reachable: false })
  expect(second?.score).toBeLessThan(first!.score / 2)
})

test('does not rely on reachability when the graph lacks most calls', () => {
  const names = ['cart', 'user', 'payment', 'stock', 'mail', 'search']
  const input = incident({
    edges: calls('web -> cart', 'search -> index'),
    series: [
      ...service('web', { p90: 140 }, { p90: 100 }),
      ...names.flatMap((name) => service(name)),
      ...service('index', { p90: 300 }),
    ],
  })
  expect(rankSuspects(input).suspects[0]).toMatchObject({ service: 'index', reachable: false, label: 'likely' })
})

test('assumes that an alerting service without edges calls every entry point', () => {
  const input = incident({
    alert: { service: 'page', signal: null, since: ONSET },
    edges: calls('gateway -> cart -> redis'),
    series: [...service('gateway'), ...service('cart'), ...service('redis', { p90: 500 })],
  })
  expect(rankSuspects(input).suspects[0]).toMatchObject({ service: 'redis', reachable: true, hops: 3 })
})

test('shows a deploy beside its service without scoring it', () => {
  const deploy = { service: 'cart', at: ONSET - 5 * 60_000, title: 'cart 1.42' }
  const old = { service: 'cart', at: ONSET - 3 * 3_600_000, title: 'cart 1.41' }
  const input = incident({ edges: calls('web -> cart'), series: [...service('web'), ...service('cart', { p90: 200 })] })
  const [without] = rankSuspects(input).suspects
  const [suspect] = rankSuspects({ ...input, changes: [deploy, old] }).suspects
  expect(suspect).toMatchObject({ service: 'cart', changes: [deploy] })
  expect(suspect?.score).toBe(without?.score)
})

test('finds the failing service without a call graph', () => {
  const input = incident({
    series: [
      ...['web', 'orders', 'catalogue', 'user'].flatMap((name) => service(name)),
      ...service('payment'),
      line('payment', 'cpu', 0.2, 0.95),
    ],
  })
  const { suspects, label } = rankSuspects(input)
  expect(suspects[0]).toMatchObject({ service: 'payment', reachable: null })
  expect(label).toBe('likely')
})

test('reports no clear suspect when nothing has changed', () => {
  const input = incident({ edges: calls('web -> cart'), series: [...service('web'), ...service('cart')] })
  const { label, suspects } = rankSuspects(input)
  expect(label).toBe('no clear suspect')
  expect(suspects.every((suspect) => suspect.label === 'no clear suspect')).toBe(true)
})

test('walks back to the start of the trouble when the alert came minutes late', () => {
  const series = [...service('web', { p90: 900 }, { p90: 100 }), ...service('cart', { p90: 880 })]
  const late = incident({
    edges: calls('web -> cart'),
    series,
    alert: { service: 'web', signal: 'latency', since: ONSET + 4 * 60_000 },
  })
  const ranking = rankSuspects(late)
  expect(ranking.onset).toBe(ONSET)
  expect(ranking.suspects[0]).toMatchObject({ service: 'cart', label: 'likely' })
})
