import { readdirSync } from 'node:fs'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Alert, type Reading, type Signal } from '../../../src/incident/alert.ts'
import { alertmanagerAlerts } from '../../../src/integrations/alertmanager/alerts.ts'
import { delivery, fixture, receivedAt } from '../delivery.ts'

const source = alertmanagerAlerts({ tokens: ['am-token', 'next-token'] })
const read = (body: unknown) => source.read(body, delivery('')) as Reading
const json = (name: string) => JSON.parse(fixture(`alertmanager/webhook_${name}.json`).toString())
const alerts = ({ signals }: Reading) => signals.map((signal) => (signal as Signal & { kind: 'alert' }).alert)
const basic = (password: string) => `Basic ${Buffer.from(`muster:${password}`).toString('base64')}`

test.each([
  ['a bearer token', 'Bearer am-token', true],
  ['another while rotating', 'bearer next-token', true],
  ['the password of basic authentication', basic('am-token'), true],
  ['a wrong token', 'Bearer am-toke', false],
  ['a wrong password', basic('am-tokenx'), false],
  ['an unknown scheme', 'Digest am-token', false],
  ['no credentials', 'Bearer', false],
  ['broken base64', 'Basic %%%', false],
  ['nothing', undefined, false],
])('%s is authenticated', (_, authorization, genuine) => {
  expect(source.verify(delivery('', { headers: { authorization } }))).toBe(genuine)
})

test('rejects everything while no token is set', () => {
  const open = alertmanagerAlerts({ tokens: [''] })
  expect(open.verify(delivery('', { headers: { authorization: 'Bearer ' } }))).toBe(false)
  expect(open.verify(delivery('', { headers: {} }))).toBe(false)
})

test('a firing alert has its rule, expression and links', () => {
  const reading = read(json('firing_v0.31'))
  expect(reading).toMatchObject({ understood: true, notes: [] })
  expect(reading.signals).toEqual([
    {
      kind: 'alert',
      once: 'alertmanager:f404ecabc8dd5cd7:2026-11-21T04:40:00.123Z:firing',
      at: Date.parse('2026-11-21T04:40:00.123Z'),
      alert: {
        key: 'alertmanager:f404ecabc8dd5cd7:2026-11-21T04:40:00.123Z',
        fingerprint: 'alertmanager:f404ecabc8dd5cd7',
        source: 'alertmanager',
        group: '{}/{severity="critical"}:{alertname="HighErrorRate", service="checkout"}',
        state: 'firing',
        title: 'checkout 5xx above 5%',
        description: 'checkout-7d9f-abcde 5xx ratio is 14%',
        rule: 'HighErrorRate',
        service: 'checkout',
        severity: 'critical',
        labels: json('firing_v0.31').alerts[0].labels,
        startsAt: Date.parse('2026-11-21T04:40:00.123Z'),
        query: 'job:err:ratio5m > 0.05',
        url: 'http://prometheus.monitoring:9090/graph?g0.expr=job%3Aerr%3Aratio5m+%3E+0.05&g0.tab=1',
        runbookUrl: 'https://runbooks.acme.example/high-error-rate',
        receiver: 'incident-bot',
      },
    },
  ])
})

test('tells firing and resolved alerts of one group apart', () => {
  expect(alerts(read(json('partial_resolved'))).map(({ state, endsAt }) => [state, endsAt])).toEqual([
    ['firing', undefined],
    ['resolved', Date.parse('2026-11-21T05:10:00.123Z')],
  ])
})

test('a repeat has the same key, a resolution another, and both belong to one occurrence', () => {
  const [first] = read(json('firing_v0.34plus')).signals
  const [repeated] = read(json('repeat')).signals
  const [resolved] = read(json('resolved')).signals
  expect(repeated).toEqual(first)
  expect(resolved?.once).not.toBe(first?.once)
  expect(resolved?.kind === 'alert' && first?.kind === 'alert' && resolved.alert.key === first.alert.key).toBe(true)
})

test('reports alerts that the sender truncated', () => {
  const reading = read(json('truncated'))
  expect(reading.notes).toEqual(['41 alerts were left out by the sender'])
  expect(alerts(reading)[0]?.notes).toEqual([
    '41 more alerts of this group were left out by Alertmanager (max_alerts).',
  ])
})

test("unquotes the receiver's name", () => {
  const receiver = alerts(read({ ...json('resolved'), receiver: 'team\\.bot\\-1 \\(eu\\)' }))[0]?.receiver
  expect(receiver).toBe('team.bot-1 (eu)')
})

test('an alert without a summary is named by its rule', () => {
  const body = { alerts: [{ labels: { alertname: 'Watchdog' }, startsAt: '2026-11-21T04:40:00Z' }, 7] }
  const reading = read(body)
  expect(reading.notes).toEqual(['1 alert could not be parsed'])
  expect(alerts(reading)).toMatchObject([{ title: 'Watchdog', state: 'firing', labels: { alertname: 'Watchdog' } }])
})

test('without a fingerprint the labels identify an alert, in any order', () => {
  const one = read({ alerts: [{ labels: { a: '1', b: '2' } }] })
  const other = read({ alerts: [{ labels: { b: '2', a: '1' } }] })
  expect(alerts(one)[0]?.fingerprint).toBe(alerts(other)[0]?.fingerprint)
})

test('without a plausible start time, each distinct delivery is an occurrence', () => {
  const keyAt = (sentAt: string) => {
    const body = { alerts: [{ labels: { a: '1' }, startsAt: '0001-01-01T00:00:00Z' }], sentAt }
    const reading = source.read(body, delivery(JSON.stringify(body))) as Reading
    return alerts(reading)[0]?.key
  }
  expect(keyAt('november')).toBe(keyAt('november'))
  expect(keyAt('november')).not.toBe(keyAt('december'))
})

test('absurd values do not affect the others', () => {
  const labels = { alertname: 'x'.repeat(10_000), nul: 'a\0b', list: [1], answer: 42, __proto__: { x: 1 } }
  const body = {
    groupKey: 7,
    truncatedAlerts: 'many',
    alerts: [{ labels, annotations: { runbook_url: 'javascript:alert(1)' }, startsAt: '0001-01-01T00:00:00Z' }],
  }
  const [alert] = alerts(read(body))
  expect(alert).toMatchObject({ title: 'x'.repeat(10_000), startsAt: receivedAt, group: '7' })
  expect(alert?.labels).toEqual({ alertname: 'x'.repeat(10_000), nul: 'a\uFFFDb', answer: '42' })
  expect(alert).not.toHaveProperty('runbookUrl')
})

test('a custom payload (`payload:`) is not understood, an empty group is', () => {
  expect(read({ text: 'something fired' })).toMatchObject({ signals: [], understood: false })
  expect(read({ alerts: ['something'] })).toMatchObject({ signals: [], understood: false })
  expect(read({ alerts: [] })).toMatchObject({ signals: [], understood: true })
})

test('every recorded payload is parsed into valid alerts', () => {
  for (const file of readdirSync(new URL('../../fixtures/alertmanager/', import.meta.url))) {
    const reading = read(JSON.parse(fixture(`alertmanager/${file}`).toString()))
    expect({ file, understood: reading.understood }).toEqual({ file, understood: true })
    for (const alert of alerts(reading)) expect(Alert.parse(alert)).toEqual(alert)
  }
})

test('never throws on any JSON', () => {
  const alert = fc.record(
    { status: fc.jsonValue(), labels: fc.jsonValue(), startsAt: fc.jsonValue(), generatorURL: fc.webUrl() },
    { requiredKeys: [] },
  )
  fc.assert(
    fc.property(fc.oneof(fc.jsonValue(), fc.record({ alerts: fc.array(alert) })), (body) => {
      for (const one of alerts(read(body))) Alert.parse(one)
    }),
  )
})
