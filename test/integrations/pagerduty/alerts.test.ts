import { createHmac } from 'node:crypto'
import { readdirSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Alert, type Signal } from '../../../src/incident/alert.ts'
import { pagerdutyAlerts } from '../../../src/integrations/pagerduty/alerts.ts'
import { marked } from '../../../src/integrations/pagerduty/marker.ts'
import { delivery, fixture, receivedAt } from '../delivery.ts'

const source = pagerdutyAlerts({ secrets: ['test-secret', 'next-secret'] })
const sign = (body: Buffer | string, secret = 'test-secret') =>
  `v1=${createHmac('sha256', secret).update(body).digest('hex')}`

const readFile = (event: string) => {
  const body = fixture(`pagerduty/webhook_${event}.json`)
  return source.read(JSON.parse(body.toString()), delivery(body))
}
const only = async (event: string): Promise<Signal> => {
  const { signals, understood } = await readFile(event)
  expect({ understood, count: signals.length }).toEqual({ understood: true, count: 1 })
  return signals[0] as Signal
}

describe('a signature', () => {
  const ping =
    '{"event":{"id":"01FKZOXA868SHYEE4DVNWB5P9W","event_type":"pagey.ping","resource_type":"pagey","occurred_at":"2025-04-07T03:00:55.532Z","agent":{"id":"PVE0ZR9","type":"user_reference"},"client":null,"data":{"message":"Hello from your friend Pagey!","type":"ping"}}}'
  const verify = (signature: string | undefined, body: string | Buffer = ping) =>
    source.verify(delivery(body, { headers: { 'x-pagerduty-signature': signature } }))

  test('is the HMAC of the raw body', () => {
    expect(verify('v1=3362aa856441c92cb21d2c6cafcafdcb79d95b4abd8cceb6382abbba33b94fe6')).toBe(true)
    expect(verify('v1=3362aa856441c92cb21d2c6cafcafdcb79d95b4abd8cceb6382abbba33b94fe7')).toBe(false)
    expect(verify('v1=3362aa856441c92cb21d2c6cafcafdcb79d95b4abd8cceb6382abbba33b94fe6', `${ping} `)).toBe(false)
  })

  test('may be any of several, separated by spaces, while secrets are rotated', () => {
    expect(verify(`v1=${'0'.repeat(64)} , ${sign(ping, 'next-secret')}`)).toBe(true)
    expect(verify(`${sign(ping, 'former-secret')},${sign(ping)}`)).toBe(true)
    expect(verify(sign(ping, 'former-secret'))).toBe(false)
  })

  test('that is missing, empty or of another version is refused', () => {
    expect([verify(undefined), verify(''), verify('v1='), verify(sign(ping).replace('v1', 'v2'))]).toEqual([
      false,
      false,
      false,
      false,
    ])
  })

  test('is never accepted while no secret is set', () => {
    const headers = { 'x-pagerduty-signature': sign(ping, '') }
    expect(pagerdutyAlerts({ secrets: [] }).verify(delivery(ping, { headers }))).toBe(false)
    expect(pagerdutyAlerts({ secrets: [''] }).verify(delivery(ping, { headers }))).toBe(false)
  })

  test('is checked without throwing on any text', () => {
    fc.assert(
      fc.property(fc.string(), fc.uint8Array(), (signature, body) => {
        expect(verify(signature, Buffer.from(body))).toBe(false)
      }),
    )
  })
})

test('a triggered incident is a firing alert, keyed by the incident, and recorded once per event', async () => {
  expect(await only('incident.triggered')).toEqual({
    kind: 'alert',
    once: 'pagerduty:01F01OXA868SHYEE4DVNWB5P9W',
    at: Date.parse('2026-11-21T04:40:08.123Z'),
    alert: {
      key: 'pagerduty:Q1INC421XYZ',
      fingerprint: 'pagerduty:PSVCCHK:d3640fbd41094207a1c11e58e46b1662',
      source: 'pagerduty',
      state: 'firing',
      title: 'checkout: HighErrorRate',
      service: 'PSVCCHK',
      urgency: 'high',
      url: 'https://acme.pagerduty.com/incidents/Q1INC421XYZ',
      startsAt: Date.parse('2026-11-21T04:40:07Z'),
      labels: {
        service: 'checkout',
        pagerduty_service: 'PSVCCHK',
        pagerduty_number: '421',
        incident_key: 'd3640fbd41094207a1c11e58e46b1662',
        escalation_policy: 'Checkout EP',
        team: 'Payments',
        incident_type: 'incident_default',
      },
    },
  })
})

test('a resolved incident resolves the alert that fired', async () => {
  expect(await only('incident.resolved')).toMatchObject({
    kind: 'alert',
    alert: { key: 'pagerduty:Q1INC421XYZ', state: 'resolved', endsAt: Date.parse('2026-11-21T05:32:10.900Z') },
  })
})

test.each([
  ['incident.acknowledged', 'acknowledged', 'acknowledged by Alice Ng'],
  ['incident.unacknowledged', 'unacknowledged', 'no longer acknowledged: it timed out'],
  ['incident.escalated', 'escalated', 'escalated to Bob Ito'],
  ['incident.reassigned', 'reassigned', 'reassigned to Bob Ito by Alice Ng'],
  ['incident.delegated', 'delegated', 'delegated to Platform EP by Alice Ng'],
  ['incident.reopened', 'reopened', 'reopened by Alice Ng'],
  ['incident.priority_updated', 'priority_changed', 'priority set to P1 by Alice Ng'],
  ['incident.annotated', 'annotated', 'noted by Alice Ng: Rolled back checkout to v412'],
  [
    'incident.status_update_published',
    'update_published',
    'update published by Alice Ng: Rollback in progress, error rate falling',
  ],
  [
    'incident.responder.added',
    'responder_requested',
    'Bob Ito was called to help by Alice Ng: Please help with checkout',
  ],
  ['incident.responder.replied', 'responder_replied', 'Bob Ito joined'],
  ['incident.conference_bridge.updated', 'other', 'conference bridge updated by Alice Ng'],
  ['incident.resolved.merged', 'merged', 'merged into payments: HighErrorRate by Alice Ng'],
])('%s is reported as an activity on the alert', async (event, activity, text) => {
  expect(await only(event)).toMatchObject({ kind: 'activity', alertKey: 'pagerduty:Q1INC421XYZ', activity, text })
})

test('a merge names the surviving alert, a priority its name, an activity its author', async () => {
  expect(await only('incident.resolved.merged')).toMatchObject({ into: 'pagerduty:Q1INC420ABC' })
  expect(await only('incident.priority_updated')).toMatchObject({ priority: 'P1', by: 'Alice Ng', byId: 'PALICE1' })
})

test('an activity carries the whole alert, which compensates for a lost first delivery', async () => {
  expect(await only('incident.acknowledged')).toMatchObject({
    alert: { key: 'pagerduty:Q1INC421XYZ', state: 'firing', title: 'checkout: HighErrorRate' },
  })
})

test('a ping and service edits are understood and ignored', async () => {
  expect(await readFile('pagey.ping')).toMatchObject({ signals: [], understood: true })
  expect(await readFile('service.updated')).toMatchObject({ signals: [], understood: true })
})

const event = (type: string, data: unknown, rest: object = {}) => ({
  event: { id: 'EV1', event_type: type, occurred_at: '2026-11-21T05:00:00Z', agent: null, data, ...rest },
})
const read = (body: unknown) => source.read(body, delivery(JSON.stringify(body) ?? ''))

test.each([
  'incident.service_updated',
  'incident.incident_type.changed',
  'incident.custom_field_values.updated',
  'incident.role.assigned',
  'incident.task.created',
  'incident.task.updated',
  'incident.task.completed',
  'incident.action_invocation.created',
  'incident.action_invocation.updated',
  'incident.action_invocation.terminated',
  'incident.workflow.started',
  'incident.workflow.completed',
])('%s appears on the timeline', async (type) => {
  const { signals, understood } = await read(event(type, { type: 'whatever', incident: { id: 'Q1' } }))
  expect(understood).toBe(true)
  expect(signals).toMatchObject([{ kind: 'activity', activity: 'other', alertKey: 'pagerduty:Q1' }])
})

test.each(['service.created', 'service.deleted', 'service.custom_field_values.updated'])(
  '%s is understood and ignored',
  async (type) => {
    expect(await read(event(type, { id: 'PSVC', type: 'service' }))).toMatchObject({ signals: [], understood: true })
  },
)

test('an unknown event type is not understood, and is logged by name', async () => {
  expect(await read(event('incident.pondered', { id: 'Q1', type: 'incident' }))).toEqual({
    signals: [],
    understood: false,
    notes: ['unknown PagerDuty event type incident.pondered'],
  })
})

test('ignores a note written by Muster itself', async () => {
  const content = marked('INC-42: mitigated', 'INC-42/7/0')
  const note = event('incident.annotated', { type: 'incident_note', content, incident: { id: 'Q1' } })
  expect(await read(note)).toEqual({ signals: [], understood: true })
})

test('an alert tolerates absurd values: dates, lengths, NUL and missing members', async () => {
  const title = `${'long '.repeat(2000)}\0 end`
  const body = event(
    'incident.triggered',
    { id: 'Q1', title, created_at: '1970-01-01T00:00:00Z', urgency: 7, service: 'checkout', html_url: 'javascript:x' },
    { id: 'E'.repeat(10_000), occurred_at: 'yesterday', agent: 'nobody' },
  )
  const [signal] = (await read(body)).signals
  if (signal?.kind !== 'alert') throw new Error('no alert')
  expect(signal.alert).toEqual({
    key: 'pagerduty:Q1',
    source: 'pagerduty',
    state: 'firing',
    title: title.replace('\0', '\uFFFD'),
    labels: {},
    startsAt: receivedAt,
  })
  expect(signal.at).toBe(receivedAt)
  expect(signal.once.length).toBeLessThan(500)
})

test('every recorded payload is parsed into valid alerts', async () => {
  const files = readdirSync(new URL('../../fixtures/pagerduty/', import.meta.url)).filter((file) =>
    /^webhook_(incident|pagey|service)/.test(file),
  )
  expect(files.length).toBeGreaterThan(15)
  for (const file of files) {
    const body = fixture(`pagerduty/${file}`)
    const { signals, understood } = await source.read(JSON.parse(body.toString()), delivery(body))
    expect({ file, understood }).toEqual({ file, understood: true })
    for (const signal of signals) if (signal.alert) expect(Alert.parse(signal.alert)).toEqual(signal.alert)
  }
})

test('never throws on any JSON', () => {
  const types = fc.constantFrom('incident.triggered', 'incident.resolved', 'incident.annotated', 'incident.escalated')
  const member = fc.oneof(fc.jsonValue(), fc.constantFrom('incident', 'incident_note', 'merge_resolve_reason'))
  const data = fc.record(
    { id: member, type: member, title: member, incident: member, resolve_reason: member, assignees: member },
    { requiredKeys: [] },
  )
  fc.assert(fc.property(fc.jsonValue(), (body) => void read(body)))
  fc.assert(
    fc.property(types, data, member, (type, content, occurredAt) => {
      const { signals } = read(event(type, content, { occurred_at: occurredAt })) as { signals: Signal[] }
      for (const signal of signals) if (signal.alert) Alert.parse(signal.alert)
    }),
  )
})
