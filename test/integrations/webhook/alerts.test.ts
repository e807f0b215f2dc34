import { createHmac } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Alert, type Delivery, type Signal } from '../../../src/incident/alert.ts'
import { webhookAlerts } from '../../../src/integrations/webhook/alerts.ts'
import { BadExpression, type Mapping } from '../../../src/integrations/webhook/mapping.ts'
import { shippedMappings } from '../../../src/integrations/webhook/shipped.ts'
import { delivery, fixture, receivedAt } from '../delivery.ts'

const tokens = ['muster-token', 'sentry-secret']
const source = (webhooks: Record<string, Mapping> = {}) => webhookAlerts({ tokens, webhooks })
const read = (name: string | undefined, body: unknown, from = source()) =>
  from.read(body, delivery(JSON.stringify(body) ?? '', name ? { name } : {}))
const json = (name: string) => JSON.parse(fixture(`webhook/${name}.json`).toString())
const alert = async (name: string, body: unknown, from = source()) => {
  const { signals, understood, notes } = await read(name, body, from)
  expect({ understood, notes, signals: signals.length }).toMatchObject({ understood: true, signals: 1 })
  return (signals[0] as Signal & { kind: 'alert' }).alert
}

describe('a webhook token', () => {
  const verify = (rest: Partial<Delivery>) => source().verify(delivery('{}', { name: 'datadog', ...rest }))

  test('may be sent as bearer, basic password, custom header or, last, in the URL', async () => {
    const basic = `Basic ${Buffer.from('datadog:muster-token').toString('base64')}`
    expect(await verify({ headers: { authorization: 'Bearer muster-token' } })).toBe(true)
    expect(await verify({ headers: { authorization: basic } })).toBe(true)
    expect(await verify({ headers: { 'x-muster-token': 'muster-token' } })).toBe(true)
    expect(await verify({ query: { token: 'muster-token' } })).toBe(true)
  })

  test('is rejected when wrong or missing', async () => {
    expect(await verify({ headers: { authorization: 'Bearer muster-tokens' } })).toBe(false)
    expect(await verify({ headers: { 'x-muster-token': '' }, query: { token: '' } })).toBe(false)
    expect(await verify({})).toBe(false)
    expect(await webhookAlerts({ tokens: [''] }).verify(delivery('', { query: { token: '' } }))).toBe(false)
  })

  test('may be the key of a signature when the mapping names its header', async () => {
    const body = JSON.stringify(json('sentry_metric_alert'))
    const signature = createHmac('sha256', 'sentry-secret').update(body).digest('hex')
    const signed = (name: string, value: string) =>
      source().verify(delivery(body, { name, headers: { 'sentry-hook-signature': value } }))
    expect(await signed('sentry', signature)).toBe(true)
    expect(await signed('sentry', signature.replace(/^./, 'x'))).toBe(false)
    expect(await signed('datadog', signature)).toBe(false)
  })
})

describe('an invalid expression is rejected at start-up', () => {
  const start = (mapping: Mapping) => () => source({ mine: mapping })

  test('with its path and position', () => {
    expect(start({ alerts: '{"title": summary' })).toThrow(BadExpression)
    expect(start({ alerts: '{"title": summary' })).toThrow(/^webhooks\.mine\.alerts: .+ \(at character \d+\)$/)
    expect(start({ fields: { title: 'a[' } })).toThrow(/^webhooks\.mine\.fields\.title: /)
    expect(start({ each: '][', fields: {} })).toThrow(/^webhooks\.mine\.each: /)
  })
})

test('one expression maps any JSON to alerts', async () => {
  const mine = source({
    mine: { alerts: 'checks.{"key": id, "title": name, "state": up ? "ok" : "bad", "labels": {"dc": dc}}' },
  })
  const { signals } = await read(
    'mine',
    {
      checks: [
        { id: 1, name: 'API', up: false, dc: 'fra' },
        { id: 2, name: 'DB', up: true },
      ],
    },
    mine,
  )
  expect(signals).toMatchObject([
    { alert: { key: 'mine:1', source: 'mine', state: 'firing', title: 'API', labels: { dc: 'fra' } } },
    // When it ended is for the sender to tell; that we heard of it is now.
    { at: receivedAt, alert: { key: 'mine:2', state: 'resolved' } },
  ])
  expect(signals[1]).not.toHaveProperty('alert.endsAt')
})

test('so does one expression per member', async () => {
  const mine = source({
    mine: { each: 'problems', fields: { key: 'pid', title: '"Problem: " & text', severity: 'level', state: 'status' } },
  })
  expect(await alert('mine', { problems: [{ pid: 'P7', text: 'disk', level: 'high', status: 'OPEN' }] }, mine)).toEqual(
    {
      key: 'mine:P7',
      source: 'mine',
      state: 'firing',
      title: 'Problem: disk',
      severity: 'error',
      labels: {},
      startsAt: receivedAt,
    },
  )
})

test("an operator's mapping replaces the built-in one", async () => {
  const own = source({ datadog: { alerts: '{"title": "mine", "key": "1"}' } })
  expect((await alert('datadog', json('datadog'), own)).title).toBe('mine')
})

test.each([
  ['never ends', '($loop := function() { $loop() }; $loop())', /timeout/i],
  ['goes too deep', '($deep := function($n) { 1 + $deep($n + 1) }; $deep(0))', /stack/i],
  ['makes too much', '[1..1000000].{"title": $string($)}', /./],
  ['fails', '$uppercase(7)', /./],
])('an expression that %s affects only its own delivery', async (_, alerts, message) => {
  const reading = await read('mine', {}, source({ mine: { alerts } }))
  expect(reading).toMatchObject({ signals: [], understood: false })
  expect(reading.notes?.[0]).toMatch(message)
  expect(reading.notes?.[0]).toMatch(/^the mapping of webhook "mine" failed/)
})

test('undefined is not understood, an empty list is', async () => {
  const mine = source({ mine: { alerts: 'kind = "ping" ? [] : alerts' } })
  expect(await read('mine', { kind: 'ping' }, mine)).toMatchObject({ signals: [], understood: true })
  expect(await read('mine', { kind: 'other' }, mine)).toMatchObject({ signals: [], understood: false })
  expect(await read('mine', { alerts: ['text', 7] }, mine)).toMatchObject({ signals: [], understood: false })
})

test('an unknown name is reported together with the known ones', async () => {
  expect((await read('grafna', {})).notes?.[0]).toMatch(/^no webhook is named "grafna"; there are .*datadog/)
})

test('without a mapping name, the body is an alert or a list of alerts', async () => {
  const one = { title: 'Backup failed', service: 'db', severity: 'warning', startsAt: '2026-11-21T05:00:00Z' }
  const first = await read(undefined, one)
  expect(first.signals).toMatchObject([
    { alert: { source: 'plain', title: 'Backup failed', service: 'db', startsAt: Date.parse('2026-11-21T05:00:00Z') } },
  ])
  expect(await read(undefined, one)).toEqual(first)
  expect((await read(undefined, { alerts: [one, { ...one, service: 'cache' }] })).signals).toHaveLength(2)
  expect(await read(undefined, { hello: 'world' })).toMatchObject({ understood: false })
})

test('an alert without a key is identified by its start time, and resolved by its fingerprint', async () => {
  const payload = { title: 'Backup failed', labels: { host: 'a' } }
  const [monday, tuesday, over] = (
    await read(undefined, [
      { ...payload, startsAt: '2026-11-16T05:00:00Z' },
      { ...payload, startsAt: '2026-11-17T05:00:00Z' },
      { ...payload, state: 'OK' },
    ])
  ).signals as (Signal & { kind: 'alert' })[]
  expect(new Set([monday?.alert.key, tuesday?.alert.key, over?.alert.key]).size).toBe(3)
  expect(new Set([monday, tuesday, over].map((signal) => signal?.alert.fingerprint)).size).toBe(1)
})

test('Datadog: an alert cycle is one occurrence', async () => {
  const firing = await alert('datadog', json('datadog'))
  expect(firing).toMatchObject({
    key: 'datadog:1234567890123456789',
    source: 'datadog',
    state: 'firing',
    title: '[Triggered on {service:checkout}] Checkout error rate',
    rule: 'Checkout error rate',
    service: 'checkout',
    severity: 'error',
    priority: 'P2',
    labels: { env: 'prod', service: 'checkout', monitor: '4711' },
    startsAt: 1795236000000,
    url: 'https://app.datadoghq.eu/monitors/4711',
    imageUrl: 'https://p.datadoghq.eu/snapshot/1.png',
  })
  expect(firing).not.toHaveProperty('query')
  const recovered = { ...json('datadog'), transition: 'Recovered', type: 'success', date: 1795236600000 }
  expect(await alert('datadog', recovered)).toMatchObject({ key: firing.key, state: 'resolved', endsAt: 1795236600000 })
  const silent = await alert('datadog', { ...json('datadog'), transition: 'No Data', tags: '' })
  expect(silent.notes).toEqual(['The monitor has no data: nothing is measured, good or bad.'])
  const unset = await alert('datadog', { ...json('datadog'), cycle: 'null', aggregate: '$AGGREG_KEY' })
  expect(unset.key).not.toMatch(/null|AGGREG/)
})

test('Opsgenie: alerts, and activities of people on them', async () => {
  const firing = await alert('opsgenie', json('opsgenie'))
  expect(firing).toMatchObject({
    key: 'opsgenie:44f717bf-44bd-11c9-44c7-2d0cf1d07b23',
    group: 'opsgenie:checkout-latency',
    title: 'Checkout is slow',
    service: 'checkout',
    severity: 'critical',
    priority: 'P1',
    startsAt: 1795236000000,
    labels: { cluster: 'prod-eu1', tags: 'prod,payments', entity: 'checkout' },
  })
  expect(await alert('opsgenie', { ...json('opsgenie'), action: 'Close' })).toMatchObject({
    key: firing.key,
    fingerprint: 'opsgenie:checkout-latency',
    state: 'resolved',
  })
  const note = { ...json('opsgenie'), action: 'AddNote' }
  note.alert.note = 'Looking'
  expect((await read('opsgenie', note)).signals).toMatchObject([
    { kind: 'activity', activity: 'annotated', alertKey: firing.key, text: 'noted by dana@acme.example: Looking' },
  ])
  expect((await read('opsgenie', { ...json('opsgenie'), action: 'Acknowledge' })).signals).toMatchObject([
    { activity: 'acknowledged', by: 'dana@acme.example', text: 'acknowledged by dana@acme.example' },
  ])
  expect(await read('opsgenie', { ...json('opsgenie'), action: 'Polish' })).toMatchObject({
    signals: [],
    understood: true,
  })
})

test('Sentry: metric alerts, issue alerts and resolved issues', async () => {
  expect(await alert('sentry', json('sentry_metric_alert'))).toMatchObject({
    key: 'sentry:metric:88',
    title: 'Critical: Too many errors',
    severity: 'critical',
    service: 'checkout',
    rule: 'Too many errors',
    startsAt: Date.parse('2026-11-21T04:40:00Z'),
  })
  const over = { ...json('sentry_metric_alert'), action: 'resolved' }
  expect(await alert('sentry', over)).toMatchObject({ key: 'sentry:metric:88', state: 'resolved' })

  const issue = await alert('sentry', json('sentry_event_alert'))
  expect(issue).toMatchObject({
    title: 'PoolTimeout: no connection within 30 s',
    severity: 'error',
    service: 'checkout',
    labels: { environment: 'production', release: 'v413' },
    startsAt: Date.parse('2026-11-21T04:41:07.123Z'),
  })
  const resolved = await alert('sentry', json('sentry_issue_resolved'))
  expect(resolved).toMatchObject({ state: 'resolved', fingerprint: issue.fingerprint, service: 'checkout' })
  const created = { ...json('sentry_issue_resolved'), action: 'created' }
  expect(await read('sentry', created)).toMatchObject({ signals: [], understood: true })
})

test('Uptime Kuma: down and up of one monitor, in UTC whatever its local time shows', async () => {
  const down = await alert('uptime-kuma', json('uptime-kuma_down'))
  expect(down).toMatchObject({
    title: 'Shop is down',
    service: 'web',
    severity: 'critical',
    description: 'getaddrinfo ENOTFOUND shop.acme.example',
    startsAt: Date.parse('2026-11-21T04:40:35.527Z'),
    url: 'https://shop.acme.example',
  })
  expect(await alert('uptime-kuma', json('uptime-kuma_up'))).toMatchObject({
    state: 'resolved',
    fingerprint: down.fingerprint,
    endsAt: Date.parse('2026-11-21T04:55:35.101Z'),
  })
  const testing = { heartbeat: null, monitor: null, msg: 'My notification Testing' }
  expect(await read('uptime-kuma', testing)).toMatchObject({ signals: [], understood: true })
})

test('no built-in mapping throws on any JSON, and its output matches the shared schema', async () => {
  const names = fc.constantFrom(...Object.keys(shippedMappings).filter((name) => name !== 'cloudwatch'))
  const bodies = ['datadog', 'opsgenie', 'sentry_event_alert', 'uptime-kuma_down'].map(json)
  const body = fc.oneof(
    fc.jsonValue(),
    // A real payload with one of its members turned into something else.
    fc.tuple(fc.constantFrom(...bodies), fc.nat(), fc.jsonValue()).map(([real, at, value]) => {
      const names = Object.keys(real)
      return { ...real, [names[at % names.length] as string]: value }
    }),
  )
  await fc.assert(
    fc.asyncProperty(names, body, async (name, payload) => {
      for (const signal of (await read(name, payload)).signals) {
        if (signal.kind === 'alert') expect(Alert.parse(signal.alert)).toEqual(signal.alert)
      }
    }),
  )
})
