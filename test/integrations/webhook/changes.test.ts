import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Change, type ChangeReading } from '../../../src/incident/change.ts'
import { webhookChanges } from '../../../src/integrations/webhook/changes.ts'
import { delivery, fixture, receivedAt } from '../delivery.ts'

const source = webhookChanges({ tokens: ['muster-token'] })
const read = (body: unknown) => source.read(body, delivery('')) as ChangeReading

test('accepts only deliveries with the token', () => {
  expect(source.verify(delivery('', { headers: { authorization: 'Bearer muster-token' } }))).toBe(true)
  expect(source.verify(delivery('', { headers: { authorization: 'Bearer other' } }))).toBe(false)
})

test('a change keeps its own title and kind', () => {
  const change = {
    id: 'run-7',
    source: 'atlantis',
    kind: 'config',
    title: 'Raise max_connections',
    service: 'mysql',
    environment: 'production',
    outcome: 'success',
    revision: 'f95f852',
    by: 'dana',
    at: '2026-11-21T04:31:00Z',
    url: 'https://ci.example/7',
  }
  expect(read(change)).toEqual({
    understood: true,
    notes: [],
    changes: [
      {
        key: 'atlantis:run-7:succeeded',
        source: 'atlantis',
        kind: 'config',
        title: 'Raise max_connections',
        service: 'mysql',
        environment: 'production',
        outcome: 'succeeded',
        revision: 'f95f852',
        by: 'dana',
        at: Date.parse('2026-11-21T04:31:00Z'),
        url: 'https://ci.example/7',
      },
    ],
  })
})

test('the body of the earlier ArgoCD template is still understood', () => {
  expect(read(JSON.parse(fixture('github/argocd_notification.self_defined.json').toString())).changes).toMatchObject([
    {
      source: 'argocd',
      title: 'Deployed checkout f95f852',
      service: 'checkout',
      outcome: 'succeeded',
      at: Date.parse('2026-11-21T04:31:50Z'),
      url: 'https://argocd.acme.example/applications/checkout',
    },
  ])
})

test('without an id, equal content is the same change', () => {
  const change = { service: 'cart', revision: 'v7', at: 1795236000 }
  expect(read(change).changes[0]?.key).toBe(read({ ...change }).changes[0]?.key)
  expect(read(change).changes[0]?.key).not.toBe(read({ ...change, revision: 'v8' }).changes[0]?.key)
  expect(read(change).changes[0]).toMatchObject({ title: 'Deployed cart v7', at: 1795236000000 })
})

test('accepts a list, and drops entries without content', () => {
  const reading = read({ changes: [{ service: 'cart' }, {}, 7, { title: 'Flag on', outcome: 'whatever' }] })
  expect(reading.changes.map(({ title }) => title)).toEqual(['Deployed cart', 'Flag on'])
  expect(reading).toMatchObject({ understood: true, notes: ['2 changes without a service, title or revision'] })
  expect(read([]).understood).toBe(true)
  expect(read({ hello: 'world' })).toMatchObject({ changes: [], understood: false })
  expect(read([{ service: 'cart', at: '1970-01-01' }]).changes[0]?.at).toBe(receivedAt)
})

test('never throws on any JSON', () => {
  const change = fc.record({ service: fc.jsonValue(), at: fc.jsonValue(), outcome: fc.jsonValue(), id: fc.jsonValue() })
  fc.assert(
    fc.property(fc.oneof(fc.jsonValue(), fc.array(change)), (body) => {
      for (const one of read(body).changes) expect(Change.parse(one)).toEqual(one)
    }),
  )
})
