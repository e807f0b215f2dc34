import { expect, test } from 'vitest'
import { alertmanagerBody } from '../../../sandbox/stories/payloads/alertmanager.ts'
import { cloudwatchBody } from '../../../sandbox/stories/payloads/cloudwatch.ts'
import { deploymentBody } from '../../../sandbox/stories/payloads/github.ts'
import { grafanaBody } from '../../../sandbox/stories/payloads/grafana.ts'
import type { StoryAlert } from '../../../sandbox/stories/story.ts'
import { fixture, missingFrom } from '../shape.ts'

const anchor = Date.UTC(2026, 10, 21, 3)
const at = (storyMs: number) => anchor + storyMs

const alert = (service: string, endsAtMs?: number): StoryAlert => ({
  name: 'HighErrorRate',
  service,
  severity: 'critical',
  summary: `${service} fails`,
  startsAtMs: 60_000,
  labels: { cluster: 'prod-eu1', pod: `${service}-1` },
  description: 'many',
  runbookUrl: 'https://runbooks.example/1',
  query: 'rate(x[5m]) > 1',
  values: { A: 0.3, C: 1 },
  ...(endsAtMs !== undefined && { endsAtMs }),
})

test('Alertmanager webhooks match version 4', () => {
  const body = alertmanagerBody(
    { kind: 'alertmanager', group: { alertname: 'HighErrorRate' }, alerts: [alert('checkout')] },
    at,
  )
  expect(missingFrom(body, fixture('alertmanager/webhook_firing_v0.34plus.json'))).toEqual(['.groupLabels.service'])
  expect(body).toMatchObject({ status: 'firing', notification_reason: 'first notification' })
  expect(body.alerts[0]).toMatchObject({ startsAt: '2026-11-21T03:01:00.000Z', endsAt: '0001-01-01T00:00:00Z' })
})

test('a group fires while any of its alerts does, with stable fingerprints', () => {
  const alerts = [alert('shipping', 120_000), alert('ratings')]
  const partly = alertmanagerBody({ kind: 'alertmanager', group: { alertname: 'HighErrorRate' }, alerts }, at)
  expect(partly).toMatchObject({ status: 'firing', notification_reason: 'some alerts resolved' })
  expect(partly.commonLabels).toEqual({ alertname: 'HighErrorRate', severity: 'critical', cluster: 'prod-eu1' })
  const over = [alert('shipping', 120_000), alert('ratings', 120_000)]
  const whole = alertmanagerBody({ kind: 'alertmanager', group: { alertname: 'HighErrorRate' }, alerts: over }, at)
  expect(whole.status).toBe('resolved')
  expect(whole.alerts[1]?.fingerprint).toBe(partly.alerts[1]?.fingerprint)
  expect(whole.alerts[1]?.fingerprint).not.toBe(whole.alerts[0]?.fingerprint)
})

test('Grafana webhooks match version 1', () => {
  const body = grafanaBody({ kind: 'grafana', folder: 'Payments', alerts: [alert('checkout')] }, at)
  // `imageURL` is present only when Grafana takes screenshots.
  expect(missingFrom(body, fixture('grafana/alert_webhook_firing.json'))).toEqual(['.alerts[0].imageURL'])
})

test("deployments match GitHub's webhook, and replaying a story creates new ones", () => {
  const act = {
    kind: 'deployment' as const,
    repository: 'shop/api',
    service: 'api',
    sha: 'abc',
    description: 'x',
    by: 'mei',
    state: 'success' as const,
  }
  const { body, delivery } = deploymentBody(act, { at: at(0), anchor })
  const missing = missingFrom(body, fixture('github/deployment_status.success.json'))
  expect(missing.filter((path) => !/node_id|avatar_url|creator\.id$/.test(path))).toEqual([])
  expect(delivery).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/)
  const again = deploymentBody(act, { at: at(0), anchor: anchor + 1 })
  expect(again.body.deployment.id).not.toBe(body.deployment.id)
})

test('CloudWatch alarms are JSON strings inside an SNS notification', () => {
  const body = cloudwatchBody(
    {
      kind: 'cloudwatch',
      alarm: 'oldest-message',
      description: 'early',
      namespace: 'AWS/SQS',
      metric: 'Age',
      dimensions: { QueueName: 'orders' },
      threshold: 60,
      state: 'ALARM',
      reason: 'Threshold Crossed',
    },
    at(0),
  )
  expect(body.Type).toBe('Notification')
  expect(JSON.parse(body.Message)).toMatchObject({
    AlarmName: 'oldest-message',
    NewStateValue: 'ALARM',
    OldStateValue: 'OK',
    StateChangeTime: '2026-11-21T03:00:00.000+0000',
    Trigger: { Dimensions: [{ name: 'QueueName', value: 'orders' }], Threshold: 60 },
  })
})
