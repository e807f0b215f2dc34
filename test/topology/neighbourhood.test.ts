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

describe('what of the call graph is drawn', () => {
  test('the service, its neighbours, and of a small graph all', () => {
    const { services, folded, leftOut } = around([call('web', 'cart'), call('cart', 'redis')], ['web'])
    expect({ services, folded, leftOut }).toEqual({ services: ['web', 'cart', 'redis'], folded: [], leftOut: 0 })
  })

  test('the way between those that matter, however many others are busier', () => {
    const calls = around(wide(60), ['service-0', 'db-1']).calls.map(({ client, server }) => `${client} > ${server}`)
    expect(calls).toEqual(expect.arrayContaining(['gateway > service-0', 'gateway > service-1', 'service-1 > db-1']))
  })

  test('of 60 neighbours the busiest; the others are counted where they belong', () => {
    const { services, folded, leftOut } = around(wide(60), ['gateway'])
    expect(services).toHaveLength(21)
    expect(services).toContain('service-59')
    expect(services).not.toContain('service-0')
    expect(folded).toEqual([{ at: 'gateway', side: 'callees', count: 40 }])
    // Forty services, and every database.
    expect(leftOut).toBe(100)
  })

  test('who is in trouble is drawn, their neighbours are not', () => {
    const calls = [...wide(20), ...Array.from({ length: 9 }, (_, i) => call(`client-${i}`, 'db-3', { rate: line(5) }))]
    const { services, folded } = around(calls, ['service-3'], { others: ['db-7'] })
    expect(services).toEqual(expect.arrayContaining(['service-3', 'gateway', 'db-3', 'service-7', 'db-7']))
    expect(services.length).toBeLessThanOrEqual(8)
    expect(folded).toContainEqual({ at: 'db-3', side: 'callers', count: expect.any(Number) })
  })

  test('without a service to draw around, the busiest one', () => {
    expect(around([call('a', 'b'), call('c', 'd', { rate: line(500) })], []).services).toEqual(['c', 'd'])
  })

  test('a service without calls stands alone; of no calls nothing is drawn', () => {
    expect(around([call('a', 'b')], ['elsewhere']).services).toEqual(['a', 'b'])
    expect(around([], ['elsewhere'])).toEqual({ services: ['elsewhere'], calls: [], folded: [], leftOut: 0 })
  })

  test('a cycle is drawn once, and 2,000 services cost no more than a moment to choose from', () => {
    expect(around([call('a', 'b'), call('b', 'a')], ['a']).calls).toHaveLength(2)
    expect(around(wide(1000), ['service-500']).services.length).toBeLessThanOrEqual(21)
  })
})
