import { describe, expect, test } from 'vitest'
import { correlate } from '../../src/incident/correlate.ts'
import type { IncidentEvent } from '../../src/incident/event.ts'
import { replay } from '../../src/incident/evolve.ts'
import { Service } from '../../src/incident/service.ts'
import { act, alert, declared, MINUTE, T } from './facts.ts'

const candidate = (id: string, service: string, at: number, groups: string[] = [], drill = false) => ({
  incident: replay(id, [declared({ service, at, drill })]),
  groups,
})
const find = (one: Parameters<typeof alert>[1], candidates: ReturnType<typeof candidate>[]) => {
  const found = correlate(alert('alertmanager:x', one), candidates, {
    windowMs: 30 * MINUTE,
    now: T,
    service: one?.service,
    catalogue: new Map(),
  })
  return found && [found.incident.id, found.reason]
}
const older = candidate('INC-1', 'checkout', T - 10 * MINUTE, ['g'])
const newer = candidate('INC-2', 'checkout', T - 3 * MINUTE)

test("the source's own group outranks the service, and the latest activity an older one", () => {
  expect(find({ service: 'checkout', group: 'g' }, [newer, older])).toEqual(['INC-1', 'same Alertmanager group'])
  expect(find({ service: 'checkout', group: 'other' }, [older, newer])).toEqual(['INC-2', 'same service checkout'])
})

test('nothing in common, nothing known or nothing recent joins nothing', () => {
  expect(find({ service: 'search', group: 'h' }, [older, newer])).toBeUndefined()
  expect(find({}, [older, newer])).toBeUndefined()
  const window = (minutes: number) =>
    find({ service: 'checkout' }, [candidate('INC-1', 'checkout', T - minutes * MINUTE)])
  expect([window(30)?.[0], window(30.1)]).toEqual(['INC-1', undefined])
})

test('a real alert never joins a drill', () => {
  expect(find({ service: 'checkout', group: 'g' }, [candidate('INC-1', 'checkout', T, ['g'], true)])).toBeUndefined()
})

test('a connected service joins within two calls, the nearest first, in either direction', () => {
  const entry = (id: string, dependsOn: string[] = []) => [id, Service.parse({ id, name: id, dependsOn })] as const
  const catalogue = new Map([entry('web', ['cart']), entry('cart', ['redis']), entry('redis', ['disk']), entry('disk')])
  const near = (service: string, candidates: ReturnType<typeof candidate>[]) => {
    const found = correlate(alert('am:x', { service }), candidates, { windowMs: MINUTE, now: T, service, catalogue })
    return found && [found.incident.id, found.reason]
  }
  const web = candidate('INC-1', 'web', T)
  expect(near('redis', [web])).toEqual(['INC-1', 'web \u2192 cart \u2192 redis'])
  expect(near('web', [candidate('INC-2', 'redis', T)])).toEqual(['INC-2', 'web \u2192 cart \u2192 redis'])
  expect(near('redis', [web, candidate('INC-3', 'cart', T - 1_000)])?.[0]).toBe('INC-3')
  expect(near('disk', [web])).toBeUndefined()
})

test('calls known only from metrics connect services, too, and the reason says so', () => {
  const entry = (id: string, dependsOn: string[] = []) => [id, Service.parse({ id, name: id, dependsOn })] as const
  const catalogue = new Map([entry('web', ['cart']), entry('cart')])
  const seen = new Map([['cart', ['redis']]])
  const near = (service: string, more: { seen?: typeof seen }) =>
    correlate(alert('am:x', { service }), [candidate('INC-1', 'web', T)], {
      windowMs: MINUTE,
      now: T,
      service,
      catalogue,
      ...more,
    })?.reason
  expect(near('redis', { seen })).toBe('web \u2192 cart \u2192 redis (calls seen in metrics)')
  expect(near('redis', {})).toBeUndefined()
  expect(near('cart', { seen })).toBe('web \u2192 cart')
})

test('nothing joins an incident hidden from those on call, or one that is only a held batch', () => {
  const hidden = (more: Parameters<typeof declared>[0]) => [
    { incident: replay('INC-1', [declared({ service: 'checkout', at: T, ...more })]), groups: [] },
  ]
  expect(find({ service: 'checkout' }, hidden({}))?.[0]).toBe('INC-1')
  expect(find({ service: 'checkout' }, hidden({ private: true }))).toBeUndefined()
  expect(find({ service: 'checkout' }, hidden({ storm: true, status: 'triage' }))).toBeUndefined()
})

describe('one rule that fires for three services or more', () => {
  const firing = (id: string, services: string[], at = T) => ({
    incident: replay(id, [
      declared({ at }),
      ...services.map(
        (service): IncidentEvent => ({
          ...act(at, 'alertmanager'),
          type: 'alert_joined',
          service,
          reason: 'same service',
          alert: alert(`alertmanager:${service}`, { rule: 'HighLatency', service }),
        }),
      ),
    ]),
    groups: [],
  })
  const next = (candidates: ReturnType<typeof firing>[], rule: string | undefined = 'HighLatency') => {
    const found = correlate(alert('alertmanager:x', { service: 'search', ...(rule ? { rule } : {}) }), candidates, {
      windowMs: 30 * MINUTE,
      now: T,
      service: 'search',
      catalogue: new Map(),
    })
    return found && [found.incident.id, found.reason]
  }

  test('is one fault: the alert joins the incident that has most of them, else the oldest', () => {
    expect(next([firing('INC-1', ['cart', 'web'])])).toEqual(['INC-1', 'HighLatency fires for 3 services'])
    const [small, large] = [firing('INC-1', ['cart']), firing('INC-2', ['web', 'orders'])]
    expect(next([small, large])).toEqual(['INC-2', 'HighLatency fires for 4 services'])
    const [old, young] = [firing('INC-1', ['cart'], T - 9 * MINUTE), firing('INC-2', ['web'], T - MINUTE)]
    expect(next([young, old])).toEqual(['INC-1', 'HighLatency fires for 3 services'])
  })
  test('is needed: two services, another rule or no rule join nothing', () => {
    expect(next([firing('INC-1', ['cart'])])).toBeUndefined()
    expect(next([firing('INC-1', ['cart', 'web'])], 'DiskFull')).toBeUndefined()
    expect(next([firing('INC-1', ['cart', 'web'])], '')).toBeUndefined()
  })
})
