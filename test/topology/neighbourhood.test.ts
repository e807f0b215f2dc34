import { describe, expect, test } from 'vitest'
import { topologyOf } from '../../src/topology/merge.ts'
import { neighbourhood } from '../../src/topology/neighbourhood.ts'
import { call, catalogue, line } from './world.ts'

const around = (calls: ReturnType<typeof call>[], centres: string[], more: { others?: string[]; most?: number } = {}) =>
  neighbourhood(topologyOf(calls, catalogue()), { centres, ...more })

/** A gateway that calls so many services, each of them with a database; the later ones are busier. */
const wide = (count: number) =>
  Array.from({ length: count }, (_, i) => [
    call('gateway', `service-${i}`, { rate: line(i) }),
    call(`service-${i}`, `db-${i}`, { rate: line(1) }),
  ]).flat()

describe('the drawn part of the call graph', () => {
  test('includes the service and its neighbours, and all of a small graph', () => {
    const { services, folded, leftOut } = around([call('web', 'cart'), call('cart', 'redis')], ['web'])
    expect({ services, folded, leftOut }).toEqual({ services: ['web', 'cart', 'redis'], folded: [], leftOut: 0 })
  })

  test('includes the path between relevant services, however many others are busier', () => {
    const calls = around(wide(60), ['service-0', 'db-1']).calls.map(({ client, server }) => `${client} > ${server}`)
    expect(calls).toEqual(expect.arrayContaining(['gateway > service-0', 'gateway > service-1', 'service-1 > db-1']))
  })

  test('includes the busiest of 60 neighbours; the others are counted where they belong', () => {
    const { services, folded, leftOut } = around(wide(60), ['gateway'])
    expect(services).toHaveLength(21)
    expect(services).toContain('service-59')
    expect(services).not.toContain('service-0')
    expect(folded).toEqual([{ at: 'gateway', side: 'callees', count: 40 }])
    // Forty services, and every database.
    expect(leftOut).toBe(100)
  })

  test('includes affected services, but not their neighbours', () => {
    const calls = [...wide(20), ...Array.from({ length: 9 }, (_, i) => call(`client-${i}`, 'db-3', { rate: line(5) }))]
    const { services, folded } = around(calls, ['service-3'], { others: ['db-7'] })
    expect(services).toEqual(expect.arrayContaining(['service-3', 'gateway', 'db-3', 'service-7', 'db-7']))
    expect(services.length).toBeLessThanOrEqual(8)
    expect(folded).toContainEqual({ at: 'db-3', side: 'callers', count: expect.any(Number) })
  })

  test('without a central service, starts from the busiest one', () => {
    expect(around([call('a', 'b'), call('c', 'd', { rate: line(500) })], []).services).toEqual(['c', 'd'])
  })

  test('shows a service without calls alone, and nothing for an empty graph', () => {
    expect(around([call('a', 'b')], ['elsewhere']).services).toEqual(['a', 'b'])
    expect(around([], ['elsewhere'])).toEqual({ services: ['elsewhere'], calls: [], folded: [], leftOut: 0 })
  })

  test('includes a cycle once, and handles 2,000 services', () => {
    expect(around([call('a', 'b'), call('b', 'a')], ['a']).calls).toHaveLength(2)
    expect(around(wide(1000), ['service-500']).services.length).toBeLessThanOrEqual(21)
  })
})
