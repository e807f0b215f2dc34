import { describe, expect, test } from 'vitest'
import { callFactSentence } from '../../src/incident/call-fact.ts'
import { plain } from '../../src/incident/phrase.ts'
import { newCallers, undeclaredDependencies } from '../../src/topology/facts.ts'
import { topologyOf } from '../../src/topology/merge.ts'
import { canonicalNames, plainPeer } from '../../src/topology/names.ts'
import { inReach } from '../../src/topology/reach.ts'
import { seenCallsOf } from '../../src/topology/seen.ts'
import { withKnownHosts } from '../../src/topology/unknown-hosts.ts'
import { call, catalogue, line } from './world.ts'

const pairs = (topology: ReturnType<typeof topologyOf>) =>
  topology.calls.map(({ client, server }) => `${client} > ${server}`).sort()

describe('names', () => {
  test.each([
    [{ name: 'cart.shop.svc.cluster.local:8080' }, { name: 'cart', namespace: 'shop' }],
    [{ name: 'http://cart:8080/v1/items' }, { name: 'cart' }],
    [
      { name: 'cart-7d9f8c6b54-x2kqp', namespace: 'shop' },
      { name: 'cart', namespace: 'shop' },
    ],
    [{ name: 'shop-mysql.rds.example:3306', namespace: 'unknown' }, { name: 'shop-mysql.rds.example' }],
    [{ name: 'PassthroughCluster' }, { name: 'PassthroughCluster' }],
  ])('%j is %j', (raw, expected) => {
    expect(plainPeer(raw)).toEqual(expected)
  })

  test('maps a service to its catalogue id, however its sources spell it', () => {
    const known = catalogue({ id: 'cart', aliases: ['shop-cart'] }, { id: 'billing', match: [{ workload: 'worker' }] })
    const nameOf = canonicalNames([], known)
    expect(['cart', 'Cart', 'cart-service', 'shop-cart', 'cart.shop.svc'].map((name) => nameOf({ name }))).toEqual(
      new Array(5).fill('cart'),
    )
    expect(nameOf({ name: 'worker' })).toBe('billing')
  })

  test('two spellings of an unknown service are one, whichever comes first', () => {
    for (const names of [
      ['orders', 'orders-service'],
      ['orders-service', 'orders'],
    ]) {
      const peers = names.map((name) => ({ name }))
      expect(peers.map(canonicalNames(peers, catalogue()))).toEqual(['orders', 'orders'])
    }
  })

  test('workloads of one name in two namespaces stay separate, unless the catalogue says whose the name is', () => {
    const peers = ['shop', 'billing'].map((namespace) => ({ name: 'api', namespace }))
    expect(peers.map(canonicalNames(peers, catalogue()))).toEqual(['shop/api', 'billing/api'])
    const known = catalogue({ id: 'shop-api', aliases: ['api'], match: [{ namespace: 'shop' }] })
    expect(peers.map(canonicalNames(peers, known))).toEqual(['shop-api', 'billing/api'])
  })
})

describe('the call graph', () => {
  test('merges calls seen by metric conventions with those declared in the catalogue', () => {
    const known = catalogue({ id: 'web', dependsOn: ['cart', 'search'] }, { id: 'cart' }, { id: 'search' })
    const topology = topologyOf([call('web', 'cart'), call('web', 'cart', { source: 'service graph' })], known)
    expect(pairs(topology)).toEqual(['web > cart', 'web > search'])
    expect(topology.calls.map(({ sources, declared }) => ({ sources, declared }))).toEqual([
      { sources: ['Istio', 'service graph'], declared: true },
      { sources: [], declared: true },
    ])
  })

  test('takes a figure from the first convention that has it, and sums workloads of one name', () => {
    const topology = topologyOf(
      [
        call('web', 'cart', { rate: line(1, 2) }),
        call('web', 'cart-service', { rate: line(10, null) }),
        call('web', 'cart', { source: 'service graph', rate: line(5, 5), clientMs: line(20, 30) }),
      ],
      catalogue({ id: 'cart' }),
    )
    expect(topology.calls).toHaveLength(1)
    expect(topology.calls[0]).toMatchObject({ rate: { values: [11, 2] }, clientMs: { values: [20, 30] } })
  })

  test('attributes calls to an unknown host to the only database their client connects to', () => {
    const login = (client: string, server: string) =>
      call(client, server, { source: 'connections by user', rate: undefined, serverKind: 'database' })
    const observed = [
      call('shipping', 'PassthroughCluster'),
      call('web', 'PassthroughCluster'),
      login('shipping', 'mysql'),
    ]
    const servers = (calls: typeof observed) => withKnownHosts(calls).map(({ server }) => server.name)
    expect(servers(observed)).toEqual(['mysql', 'PassthroughCluster', 'mysql'])
    expect(servers([...observed, login('shipping', 'postgres')])[0]).toBe('PassthroughCluster')
    // The mesh knows this database by its name: who is called by none is another.
    expect(servers([...observed, call('cart', 'mysql')])[0]).toBe('PassthroughCluster')
  })

  test('marks services seen only by their callers', () => {
    const observed = [call('web', 'cart'), call('cart', 'orders-db'), call('web', 'PassthroughCluster')]
    const { nodes } = topologyOf(observed, catalogue(), ['cart', 'web'])
    expect([...nodes.values()].filter(({ virtual }) => virtual).map(({ name }) => name)).toEqual([
      'orders-db',
      'PassthroughCluster',
    ])
    expect(topologyOf(observed, catalogue(), ['orders-db']).nodes.get('orders-db')?.virtual).toBe(false)
  })

  test('keeps the nearest and busiest of too many services, and counts the rest', () => {
    const observed = [
      call('web', 'a', { rate: line(1) }),
      call('web', 'b', { rate: line(100) }),
      call('b', 'db', { rate: line(1000) }),
      call('flood', 'db', { rate: line(5) }),
      call('elsewhere', 'nowhere'),
    ]
    const topology = topologyOf(observed, catalogue())
    expect(inReach('web', topology)).toEqual({ services: ['web', 'b', 'a', 'db', 'flood'], leftOut: 0 })
    expect(inReach('web', topology, { most: 2 })).toEqual({ services: ['web', 'b'], leftOut: 3 })
    expect(inReach('page', topology).services).toHaveLength(8)
  })

  test('handles a cycle of calls', () => {
    expect(inReach('a', topologyOf([call('a', 'b'), call('b', 'a')], catalogue())).services).toEqual(['a', 'b'])
  })
})

describe('new calls', () => {
  const quiet = new Array(10).fill(0)
  const busy = new Array(10).fill(184)

  test('names a caller that was absent an hour and a day before', () => {
    const appeared = call('pending-orders-recreation', 'rabbitmq', {
      client: { name: 'pending-orders-recreation', namespace: 'pending-orders' },
      rate: line(...quiet, ...busy),
      dayBefore: 0,
    })
    const facts = newCallers(topologyOf([call('payment', 'rabbitmq'), appeared], catalogue({ id: 'rabbitmq' })))
    expect(facts.map((fact) => plain(callFactSentence(fact)))).toEqual([
      'pending-orders-recreation (namespace pending-orders) began to call rabbitmq at 1970-01-01 00:05 UTC: 0 → 184 requests/s; nobody in the catalogue owns it',
    ])
  })

  test.each([
    ['called at this time yesterday, as a nightly job does', { rate: line(...quiet, ...busy), dayBefore: 180 }],
    ['called an hour ago', { rate: line(...busy, ...busy) }],
    ['calls no more', { rate: line(...quiet, ...busy, 0) }],
    ['is a probe', { rate: line(...quiet, ...new Array(10).fill(0.01)) }],
  ])('names nobody who %s', (_why, more) => {
    expect(newCallers(topologyOf([call('payment', 'rabbitmq'), call('job', 'rabbitmq', more)], catalogue()))).toEqual(
      [],
    )
  })

  test('names nobody when the metrics themselves are new', () => {
    const young = { rate: line(...new Array(10).fill(null), ...busy) }
    expect(newCallers(topologyOf([call('a', 'b', young), call('b', 'c', young)], catalogue()))).toEqual([])
  })

  test('names hosts that are called but not declared', () => {
    const observed = [
      call('shipping', 'PassthroughCluster'),
      call('ratings', 'PassthroughCluster'),
      call('web', 'cart'),
      call('cart', 'payments.example.com_remote'),
    ]
    const known = catalogue({ id: 'web' }, { id: 'cart' })
    const facts = undeclaredDependencies(topologyOf(observed, known, ['shipping', 'ratings']))
    expect(facts.map((fact) => plain(callFactSentence(fact)))).toEqual([
      'ratings and shipping call PassthroughCluster (20 requests/s), which the catalogue does not declare',
      'cart calls payments.example.com_remote (10 requests/s), which the catalogue does not declare',
    ])
    // Without a catalogue nothing is declared, and saying so of everything would say nothing.
    expect(undeclaredDependencies(topologyOf(observed, catalogue()))).toEqual([])
  })
})

test('what is stored of the graph for joining alerts: seen calls, without unknown hosts and callers of everything', () => {
  const scraper = Array.from({ length: 26 }, (_, i) => call('prometheus', `service-${i}`))
  const known = catalogue({ id: 'web', dependsOn: ['declared-only'] })
  const observed = [call('web', 'cart'), call('cart', 'PassthroughCluster'), call('unknown', 'web'), ...scraper]
  expect([...seenCallsOf(topologyOf(observed, known))]).toEqual([['web', ['cart']]])
})
