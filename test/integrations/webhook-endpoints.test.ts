import { createHmac } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { createHttp } from '../../src/http/app.ts'
import type { Signal } from '../../src/incident/alert.ts'
import type { Change } from '../../src/incident/change.ts'
import { alertmanagerAlerts } from '../../src/integrations/alertmanager/alerts.ts'
import { githubChanges } from '../../src/integrations/github/changes.ts'
import { grafanaAlerts } from '../../src/integrations/grafana/alerts.ts'
import { pagerdutyAlerts } from '../../src/integrations/pagerduty/alerts.ts'
import { webhookAlerts } from '../../src/integrations/webhook/alerts.ts'
import { webhookChanges } from '../../src/integrations/webhook/changes.ts'
import { createLog } from '../../src/platform/log.ts'
import { createMetrics } from '../../src/platform/metrics.ts'
import { fixture } from './delivery.ts'

const taken: { signals: Signal[]; changes: Change[] } = { signals: [], changes: [] }
const app = createHttp({
  alertSources: [
    pagerdutyAlerts({ secrets: ['secret'] }),
    alertmanagerAlerts({ tokens: ['secret'] }),
    grafanaAlerts({ secrets: ['secret'] }),
    webhookAlerts({ tokens: ['secret'], fetch: () => Promise.reject(new Error('no network')) }),
  ],
  changeSources: [githubChanges({ secrets: ['secret'] }), webhookChanges({ tokens: ['secret'] })],
  ingestSignal: async (signal) => taken.signals.push(signal),
  ingestChange: async (change) => taken.changes.push(change),
  ready: async () => ({ failure: undefined, notes: [] }),
  routers: [],
  metrics: createMetrics(),
  log: createLog('silent'),
  now: Date.now,
})
const server = createServer(app)
let url = ''

beforeAll(async () => {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
beforeEach(() => {
  taken.signals.length = 0
  taken.changes.length = 0
})
afterAll(() => {
  server.closeAllConnections()
  server.close()
})

const post = async (path: string, body: Buffer | string, headers: Record<string, string>) => {
  const text = Buffer.from(body).toString()
  return (await fetch(url + path, { method: 'POST', body: text, headers })).status
}
const hmac = (body: Buffer) => createHmac('sha256', 'secret').update(body).digest('hex')
const bearer = { authorization: 'Bearer secret' }

/** Path, payload, and what its sender proves itself with. */
const deliveries: [string, string, (body: Buffer) => Record<string, string>][] = [
  [
    '/webhooks/pagerduty',
    'pagerduty/webhook_incident.triggered.json',
    (body) => ({ 'X-PagerDuty-Signature': `v1=${hmac(body)}` }),
  ],
  ['/webhooks/alertmanager', 'alertmanager/webhook_firing_v0.31.json', () => bearer],
  [
    '/webhooks/grafana',
    'grafana/alert_webhook_firing.json',
    (body) => ({ 'X-Grafana-Alerting-Signature': hmac(body) }),
  ],
  ['/webhooks/alerts/datadog', 'webhook/datadog.json', () => ({ 'X-Muster-Token': 'secret' })],
  ['/webhooks/alerts/uptime-kuma?token=secret', 'webhook/uptime-kuma_down.json', () => ({})],
  ['/webhooks/alerts/sentry', 'webhook/sentry_metric_alert.json', (body) => ({ 'Sentry-Hook-Signature': hmac(body) })],
  [
    '/webhooks/github',
    'github/deployment_status.success.json',
    (body) => ({ 'X-GitHub-Event': 'deployment_status', 'X-Hub-Signature-256': `sha256=${hmac(body)}` }),
  ],
  ['/webhooks/changes', 'github/argocd_notification.self_defined.json', () => bearer],
]

test.each(deliveries)('%s accepts authenticated deliveries only', async (path, payload, proof) => {
  const body = fixture(payload)
  expect(await post(path, body, proof(body))).toBe(202)
  expect(taken.signals.length + taken.changes.length).toBe(1)
  const bare = path.split('?')[0] as string
  expect(await post(bare, body, { 'X-GitHub-Event': 'deployment_status' })).toBe(401)
  expect(taken.signals.length + taken.changes.length).toBe(1)
})

test('both an understood and an unrecognised payload are answered 2xx', async () => {
  const ping = fixture('pagerduty/webhook_pagey.ping.json')
  expect(await post('/webhooks/pagerduty', ping, { 'X-PagerDuty-Signature': `v1=${hmac(ping)}` })).toBe(202)
  expect(await post('/webhooks/alerts/nobody', '{}', bearer)).toBe(202)
  expect(taken.signals).toEqual([])
})

test('Amazon SNS is told to retry while its certificate cannot be fetched', async () => {
  const message = {
    Type: 'Notification',
    Message: '{}',
    MessageId: '1',
    Timestamp: '2026-11-21T04:40:12.400Z',
    TopicArn: 'arn:aws:sns:eu-west-1:123456789012:alerts',
    SignatureVersion: '2',
    Signature: 'AAAA',
    SigningCertURL: 'https://sns.eu-west-1.amazonaws.com/x.pem',
  }
  const text = { 'content-type': 'text/plain; charset=UTF-8' }
  expect(await post('/webhooks/alerts/cloudwatch?token=secret', JSON.stringify(message), text)).toBe(503)
  expect(await post('/webhooks/alerts/cloudwatch?token=other', JSON.stringify(message), text)).toBe(401)
})
