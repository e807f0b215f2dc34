import { createHmac } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Alert, type Reading, type Signal } from '../../../src/incident/alert.ts'
import { grafanaAlerts } from '../../../src/integrations/grafana/alerts.ts'
import { delivery, fixture, receivedAt } from '../delivery.ts'

const source = grafanaAlerts({ secrets: ['test-secret'] })
const read = (body: unknown) => source.read(body, delivery('')) as Reading
const json = (name: string) => JSON.parse(fixture(`grafana/alert_webhook_${name}.json`).toString())
const alerts = ({ signals }: Reading) => signals.map((signal) => (signal as Signal & { kind: 'alert' }).alert)

describe('a delivery is authentic', () => {
  const body = '{"status":"firing"}'
  const signature = '7fd98394c7633dff3c43d5429ad72b920e8723aa2773ae542ef440b120beee95'
  const stamped = 'de2992434b282a377e558705fff1b25698faeaccbeeb041f7d4643f4ee4ff036'
  const verify = (headers: Record<string, string>, from = source) => from.verify(delivery(body, { headers }))

  test('when its body is signed', () => {
    expect(verify({ 'x-grafana-alerting-signature': signature })).toBe(true)
    expect(verify({ 'x-grafana-alerting-signature': signature.replace('7', '8') })).toBe(false)
    expect(verify({ 'x-grafana-alerting-signature': '' })).toBe(false)
  })

  test('when its timestamp and body are signed, under whatever header names', () => {
    const own = grafanaAlerts({ secrets: ['test-secret'], signatureHeader: 'X-Sig', timestampHeader: 'X-Time' })
    expect(verify({ 'x-sig': stamped, 'x-time': '1700000000' }, own)).toBe(true)
    expect(verify({ 'x-sig': stamped, 'x-time': '1700000001' }, own)).toBe(false)
    expect(verify({ 'x-sig': stamped }, own)).toBe(false)
    const usual = { 'x-grafana-alerting-signature': stamped, 'x-grafana-alerting-timestamp': '1700000000' }
    expect(verify(usual)).toBe(true)
  })

  test('when it carries the secret, unless it also carries a wrong signature', () => {
    const authorization = 'Bearer test-secret'
    expect(verify({ authorization })).toBe(true)
    expect(verify({ authorization: 'Bearer test-secre' })).toBe(false)
    expect(verify({ authorization, 'x-grafana-alerting-signature': '0'.repeat(64) })).toBe(false)
    expect(verify({})).toBe(false)
  })

  test('never while no secret is set', () => {
    const signed = createHmac('sha256', '').update(body).digest('hex')
    const open = grafanaAlerts({ secrets: [''] })
    expect(verify({ 'x-grafana-alerting-signature': signed }, open)).toBe(false)
    expect(verify({ authorization: 'Bearer ' }, open)).toBe(false)
  })
})

test('a firing alert includes its dashboard, panel, image and values', () => {
  expect(read(json('firing')).signals).toEqual([
    {
      kind: 'alert',
      once: 'grafana:1:c6eadffa33fcdf37:2026-11-21T04:40:10Z:firing',
      at: Date.parse('2026-11-21T04:40:10Z'),
      alert: {
        key: 'grafana:1:c6eadffa33fcdf37:2026-11-21T04:40:10Z',
        fingerprint: 'grafana:1:c6eadffa33fcdf37',
        source: 'grafana',
        group: json('firing').groupKey,
        state: 'firing',
        title: 'checkout 5xx above 5%',
        rule: 'High 5xx',
        service: 'checkout',
        severity: 'critical',
        labels: json('firing').alerts[0].labels,
        startsAt: Date.parse('2026-11-21T04:40:10Z'),
        url: 'https://grafana.acme.example/alerting/grafana/cdqk2j1/view?orgId=1',
        runbookUrl: 'https://runbooks.acme.example/high-error-rate',
        dashboardUrl: json('firing').alerts[0].dashboardURL,
        panelUrl: json('firing').alerts[0].panelURL,
        imageUrl: 'https://grafana-screenshots.s3.amazonaws.com/abc.png',
        silenceUrl: json('firing').alerts[0].silenceURL,
        value: '0.1412',
        receiver: 'incident-bot',
        notes: ['Values: A = 0.1412, C = 1'],
      },
    },
  ])
})

test('a resolved alert belongs to the same occurrence', () => {
  const [firing] = alerts(read(json('firing')))
  const [resolved] = alerts(read(json('resolved')))
  expect(resolved).toMatchObject({ key: firing?.key, state: 'resolved', endsAt: Date.parse('2026-11-21T05:10:10Z') })
})

test('a rule without data says so instead of reporting a crossed threshold', () => {
  expect(alerts(read(json('nodata')))).toMatchObject([
    {
      title: 'No data: High 5xx',
      rule: 'High 5xx',
      description: 'checkout 5xx above 5%',
      notes: ['The rule found no data: nothing was measured, good or bad.'],
    },
  ])
  const failed = json('nodata')
  failed.alerts[0].labels.alertname = 'DatasourceError'
  expect(alerts(read(failed))[0]?.title).toBe('Query failed: High 5xx')
})

test('ignores empty links, and reports truncated alerts', () => {
  const body = json('firing')
  Object.assign(body.alerts[0], { dashboardURL: '', panelURL: '', imageURL: null, values: { A: null } })
  const reading = read({ ...body, truncatedAlerts: 3 })
  expect(reading.notes).toEqual(['3 alerts were left out by the sender'])
  const [alert] = alerts(reading)
  expect(alert?.notes).toEqual(['3 more alerts of this group were left out by Grafana.'])
  for (const absent of ['dashboardUrl', 'panelUrl', 'imageUrl']) expect(alert).not.toHaveProperty(absent)
})

test('a custom payload is not understood', () => {
  expect(read({ text: 'custom payload' })).toMatchObject({ understood: false, signals: [] })
  expect(read(null)).toMatchObject({ understood: false, signals: [] })
})

test('absurd values do not affect the others', () => {
  const payload = { labels: { alertname: 'n\0' }, startsAt: 'soon', values: [1], dashboardURL: 'javascript:x' }
  const [alert] = alerts(read({ alerts: [payload] }))
  expect(alert).toMatchObject({ title: 'n\uFFFD', startsAt: receivedAt })
  expect(alert).not.toHaveProperty('dashboardUrl')
})

test('never throws on any JSON', () => {
  const name = fc.constantFrom('DatasourceNoData', 'constructor', '__proto__')
  const alert = fc.record(
    { labels: fc.record({ alertname: name }), values: fc.jsonValue(), endsAt: fc.jsonValue(), status: fc.jsonValue() },
    { requiredKeys: [] },
  )
  fc.assert(
    fc.property(fc.oneof(fc.jsonValue(), fc.record({ alerts: fc.array(alert) })), (body) => {
      for (const one of alerts(read(body))) expect(Alert.parse(one)).toEqual(one)
    }),
    { numRuns: 50 },
  )
})

describe('a screenshot inside an alert', () => {
  const png = Buffer.from(
    'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
    'base64',
  )
  const pictureOf = (embeddedImage: unknown) => {
    const body = json('firing')
    const [signal] = read({ ...body, alerts: [{ ...body.alerts[0], embeddedImage }] }).signals
    return signal?.kind === 'alert' ? signal.picture : undefined
  }
  const base64 = png.toString('base64')

  test('is accepted with or without a data URL prefix', () => {
    expect(pictureOf(base64)).toEqual({ mediaType: 'image/png', base64 })
    // What the bytes are counts, not what the sender calls them.
    expect(pictureOf(`data:image/svg+xml;base64,${base64}`)).toEqual({ mediaType: 'image/png', base64 })
  })

  test('is dropped when it is not an image', () => {
    for (const given of [undefined, null, 7, '', 'cid:picture', Buffer.from('<svg/>').toString('base64'), {}])
      expect(pictureOf(given)).toBeUndefined()
  })
})
