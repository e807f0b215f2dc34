import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Alert, type AlertSource, type Delivery } from '../../src/incident/alert.ts'
import { Change, type ChangeSource } from '../../src/incident/change.ts'
import { alertmanagerAlerts } from '../../src/integrations/alertmanager/alerts.ts'
import { githubChanges } from '../../src/integrations/github/changes.ts'
import { grafanaAlerts } from '../../src/integrations/grafana/alerts.ts'
import { pagerdutyAlerts } from '../../src/integrations/pagerduty/alerts.ts'
import { webhookAlerts } from '../../src/integrations/webhook/alerts.ts'
import { webhookChanges } from '../../src/integrations/webhook/changes.ts'
import { delivery, fixture, receivedAt } from './delivery.ts'

type Case = { source: AlertSource | ChangeSource; payload: string; rest?: Partial<Delivery> }

const secrets = ['secret']
const cases: [string, Case][] = [
  ['pagerduty', { source: pagerdutyAlerts({ secrets }), payload: 'pagerduty/webhook_incident.triggered.json' }],
  ['alertmanager', { source: alertmanagerAlerts({ tokens: secrets }), payload: 'alertmanager/webhook_no_common.json' }],
  ['grafana', { source: grafanaAlerts({ secrets }), payload: 'grafana/alert_webhook_firing.json' }],
  [
    'a mapped webhook',
    { source: webhookAlerts({ tokens: secrets }), payload: 'webhook/datadog.json', rest: { name: 'datadog' } },
  ],
  ['a plain webhook', { source: webhookAlerts({ tokens: secrets }), payload: 'webhook/datadog.json' }],
  [
    'github',
    {
      source: githubChanges({ secrets }),
      payload: 'github/deployment_status.success.json',
      rest: { headers: { 'x-github-event': 'deployment_status' } },
    },
  ],
  ['changes', { source: webhookChanges({ tokens: secrets }), payload: 'github/argocd_notification.self_defined.json' }],
]

/** The things a reading holds, and what names each of them for ever. */
const names = async ({ source, rest }: Case, body: string, at = receivedAt): Promise<string[]> => {
  const reading = await source.read(JSON.parse(body), delivery(body, { ...rest, receivedAt: at }))
  if ('changes' in reading) return reading.changes.map((change) => Change.parse(change).key)
  return reading.signals.map((signal) => {
    if (signal.alert) Alert.parse(signal.alert)
    return signal.once
  })
}

/** Any JSON, and the real payload with any of its members, at any depth, turned into any JSON. */
const bodies = (payload: string) => {
  const real = JSON.parse(fixture(payload).toString())
  const paths = (value: unknown, path: string[] = []): string[][] =>
    typeof value === 'object' && value !== null
      ? Object.entries(value).flatMap(([name, inner]) => [[...path, name], ...paths(inner, [...path, name])])
      : []
  const nasty = fc.oneof(
    fc.jsonValue(),
    fc.constantFrom('\0', '\ud800', 'x'.repeat(10_000), '__proto__', 'constructor', -1, 1e300, '9999-99-99', {}, []),
  )
  const changed = fc.tuple(fc.constantFrom(...paths(real)), nasty).map(([path, value]) => {
    const copy = structuredClone(real)
    const parent = path.slice(0, -1).reduce((inside, name) => inside[name], copy)
    parent[path.at(-1) as string] = value
    return copy
  })
  return fc
    .oneof({ weight: 1, arbitrary: fc.jsonValue() }, { weight: 4, arbitrary: changed })
    .map((body) => JSON.stringify(body))
}

describe.each(cases)('%s', (_, each) => {
  test('parses any JSON without throwing, into the shared schema, and identically on redelivery', async () => {
    await fc.assert(
      fc.asyncProperty(bodies(each.payload), async (body) => {
        const first = await names(each, body)
        expect(await names(each, body, receivedAt + 3_600_000)).toEqual(first)
        for (const name of first) {
          expect(name).not.toMatch(/\0/)
          expect(Buffer.byteLength(name)).toBeLessThan(2_000)
        }
      }),
      { numRuns: 150 },
    )
  })

  test('tolerates a deeply nested or very long body', async () => {
    const deep = `${'['.repeat(50_000)}${']'.repeat(50_000)}`
    await names(each, deep)
    await names(each, `{"alerts":${deep},"event":${deep},"deployment":${deep},"changes":${deep}}`)
    await names(each, JSON.stringify({ alerts: Array.from({ length: 5_000 }, () => ({})) }))
  })

  test('rejects invalid authentication headers', async () => {
    const header = fc.constantFrom(
      'authorization',
      'x-muster-token',
      'x-hub-signature-256',
      'x-pagerduty-signature',
      'x-grafana-alerting-signature',
      'x-grafana-alerting-timestamp',
    )
    const value = fc.oneof(fc.string(), fc.constantFrom('Bearer ', 'Basic Og==', 'sha256=', 'v1=', 'v1=,v1=', '\0'))
    await fc.assert(
      fc.asyncProperty(fc.dictionary(header, value), fc.uint8Array(), async (headers, body) => {
        expect(await each.source.verify(delivery(Buffer.from(body), { ...each.rest, headers }))).toBe(false)
      }),
      { numRuns: 60 },
    )
  })
})
