import { createHmac } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { SANDBOX_SECRETS } from '../../sandbox/sandbox.ts'
import { sentenceOf } from '../../src/incident/timeline.ts'
import { mrkdwn } from '../../src/integrations/slack/mrkdwn.ts'
import { type Sandboxed, startSandboxed } from './sandboxed.ts'

type Row = { file: string /** Posted before. */; after?: string[]; outcome: string[] }

const ROWS: Row[] = [
  {
    file: 'alertmanager/webhook_firing_v0.31',
    outcome: [
      '202',
      'INC-1 investigating sev2 checkout: 1 of 1 firing',
      'Alert from Alertmanager opened the incident: *checkout 5xx above 5%* (sev2)',
    ],
  },
  {
    file: 'alertmanager/webhook_firing_v0.32plus',
    outcome: [
      '202',
      'INC-1 investigating sev2 checkout: 2 of 2 firing',
      'Alert from Alertmanager opened the incident: *checkout 5xx above 5%* (sev2)',
      'Alert joined: *checkout 5xx above 5%* (same Alertmanager group)',
    ],
  },
  {
    file: 'alertmanager/webhook_firing_v0.34plus',
    outcome: [
      '202',
      'INC-1 investigating sev2 checkout: 1 of 1 firing',
      'Alert from Alertmanager opened the incident: *checkout 5xx above 5%* (sev2)',
    ],
  },
  {
    file: 'alertmanager/webhook_no_common',
    outcome: [
      '202',
      'INC-1 investigating sev2 checkout: 1 of 1 firing',
      'Alert from Alertmanager opened the incident: *checkout 5xx above 5%* (sev2)',
    ],
  },
  {
    file: 'alertmanager/webhook_partial_resolved',
    after: ['alertmanager/webhook_firing_v0.32plus'],
    outcome: ['202', 'INC-1 investigating sev2 checkout: 1 of 2 firing', 'Alert resolved: checkout 5xx above 5%'],
  },
  {
    file: 'alertmanager/webhook_repeat',
    after: ['alertmanager/webhook_firing_v0.31'],
    outcome: ['202', 'INC-1 investigating sev2 checkout: 1 of 1 firing'],
  },
  {
    file: 'alertmanager/webhook_resolved',
    after: ['alertmanager/webhook_firing_v0.32plus'],
    outcome: ['202', 'INC-1 investigating sev2 checkout: 1 of 2 firing', 'Alert resolved: checkout 5xx above 5%'],
  },
  {
    file: 'alertmanager/webhook_truncated',
    outcome: [
      '202',
      'INC-1 investigating sev2 checkout: 1 of 1 firing',
      'Alert from Alertmanager opened the incident: *checkout 5xx above 5%* (sev2)',
    ],
  },
  { file: 'github/argocd_notification.self_defined', outcome: ['202'] },
  { file: 'github/deployment.created', outcome: ['202', 'kept: Deploying checkout main@f95f852 to production'] },
  {
    file: 'github/deployment.created',
    after: ['pagerduty/webhook_incident.triggered'],
    outcome: [
      '202',
      'INC-1 investigating sev2 checkout: 1 of 1 firing',
      'kept: Deploying checkout main@f95f852 to production',
      'Change: Deploying checkout main@f95f852 to production (checkout) by alice',
    ],
  },
  {
    file: 'github/deployment_status.failure',
    outcome: ['202', 'kept: Failed to deploy checkout main@f95f852 to production'],
  },
  { file: 'github/deployment_status.success', outcome: ['202', 'kept: Deployed checkout main@f95f852 to production'] },
  {
    file: 'github/deployment_status.success',
    after: ['pagerduty/webhook_incident.triggered'],
    outcome: [
      '202',
      'INC-1 investigating sev2 checkout: 1 of 1 firing',
      'kept: Deployed checkout main@f95f852 to production',
      'Change: Deployed checkout main@f95f852 to production (checkout) by alice',
    ],
  },
  { file: 'github/ping', outcome: ['202'] },
  {
    file: 'grafana/alert_webhook_firing',
    outcome: [
      '202',
      'INC-1 investigating sev2 checkout: 1 of 1 firing',
      'Alert from Grafana opened the incident: *checkout 5xx above 5%* (sev2)',
    ],
  },
  {
    file: 'grafana/alert_webhook_nodata',
    outcome: [
      '202',
      'INC-1 triage sev2 undefined: 1 of 1 firing',
      'Alert from Grafana opened the incident: *No data: High 5xx* (sev2)',
    ],
  },
  {
    file: 'grafana/alert_webhook_resolved',
    after: ['grafana/alert_webhook_firing'],
    outcome: ['202', 'INC-1 investigating sev2 checkout: 0 of 1 firing', 'Alert resolved: checkout 5xx above 5%'],
  },
  {
    file: 'pagerduty/webhook_incident.acknowledged',
    outcome: [
      '202',
      'INC-1 investigating sev2 checkout: 1 of 1 firing',
      'Alert from PagerDuty opened the incident: *checkout: HighErrorRate* (sev2)',
      'Acknowledged by Alice Ng',
    ],
  },
  {
    file: 'pagerduty/webhook_incident.acknowledged',
    after: ['pagerduty/webhook_incident.triggered'],
    outcome: ['202', 'INC-1 investigating sev2 checkout: 1 of 1 firing', 'Acknowledged by Alice Ng'],
  },
  {
    file: 'pagerduty/webhook_incident.annotated',
    after: ['pagerduty/webhook_incident.triggered'],
    outcome: [
      '202',
      'INC-1 investigating sev2 checkout: 1 of 1 firing',
      'Noted by Alice Ng: Rolled back checkout to v412',
    ],
  },
  {
    file: 'pagerduty/webhook_incident.conference_bridge.updated',
    after: ['pagerduty/webhook_incident.triggered'],
    outcome: ['202', 'INC-1 investigating sev2 checkout: 1 of 1 firing', 'Conference bridge updated by Alice Ng'],
  },
  {
    file: 'pagerduty/webhook_incident.delegated',
    after: ['pagerduty/webhook_incident.triggered'],
    outcome: ['202', 'INC-1 investigating sev2 checkout: 1 of 1 firing', 'Delegated to Platform EP by Alice Ng'],
  },
  {
    file: 'pagerduty/webhook_incident.escalated',
    after: ['pagerduty/webhook_incident.triggered'],
    outcome: ['202', 'INC-1 investigating sev2 checkout: 1 of 1 firing', 'Escalated to Bob Ito'],
  },
  {
    file: 'pagerduty/webhook_incident.priority_updated',
    after: ['pagerduty/webhook_incident.triggered'],
    outcome: ['202', 'INC-1 investigating sev1 checkout: 1 of 1 firing', 'Priority set to P1 by Alice Ng'],
  },
  {
    file: 'pagerduty/webhook_incident.reassigned',
    after: ['pagerduty/webhook_incident.triggered'],
    outcome: ['202', 'INC-1 investigating sev2 checkout: 1 of 1 firing', 'Reassigned to Bob Ito by Alice Ng'],
  },
  {
    file: 'pagerduty/webhook_incident.reopened',
    after: ['pagerduty/webhook_incident.triggered'],
    outcome: ['202', 'INC-1 investigating sev2 checkout: 1 of 1 firing', 'Reopened by Alice Ng'],
  },
  {
    file: 'pagerduty/webhook_incident.reopened',
    after: ['pagerduty/webhook_incident.triggered', 'pagerduty/webhook_incident.resolved'],
    outcome: [
      '202',
      'INC-1 investigating sev2 checkout: 1 of 1 firing',
      'Alert joined: *checkout: HighErrorRate* (reopened at its source)',
      'Reopened by Alice Ng',
    ],
  },
  { file: 'pagerduty/webhook_incident.resolved', outcome: ['202'] },
  {
    file: 'pagerduty/webhook_incident.resolved',
    after: ['pagerduty/webhook_incident.triggered'],
    outcome: ['202', 'INC-1 investigating sev2 checkout: 0 of 1 firing', 'Alert resolved: checkout: HighErrorRate'],
  },
  {
    file: 'pagerduty/webhook_incident.resolved.merged',
    after: ['pagerduty/webhook_incident.triggered'],
    outcome: [
      '202',
      'INC-1 investigating sev2 checkout: 0 of 1 firing',
      'Merged into payments: HighErrorRate by Alice Ng',
      'Alert resolved: checkout: HighErrorRate',
    ],
  },
  {
    file: 'pagerduty/webhook_incident.responder.added',
    after: ['pagerduty/webhook_incident.triggered'],
    outcome: [
      '202',
      'INC-1 investigating sev2 checkout: 1 of 1 firing',
      'Bob Ito was called to help by Alice Ng: Please help with checkout',
    ],
  },
  {
    file: 'pagerduty/webhook_incident.responder.replied',
    after: ['pagerduty/webhook_incident.triggered'],
    outcome: ['202', 'INC-1 investigating sev2 checkout: 1 of 1 firing', 'Bob Ito joined'],
  },
  {
    file: 'pagerduty/webhook_incident.status_update_published',
    after: ['pagerduty/webhook_incident.triggered'],
    outcome: [
      '202',
      'INC-1 investigating sev2 checkout: 1 of 1 firing',
      'Update published by Alice Ng: Rollback in progress, error rate falling',
    ],
  },
  {
    file: 'pagerduty/webhook_incident.triggered',
    outcome: [
      '202',
      'INC-1 investigating sev2 checkout: 1 of 1 firing',
      'Alert from PagerDuty opened the incident: *checkout: HighErrorRate* (sev2)',
    ],
  },
  {
    file: 'pagerduty/webhook_incident.triggered',
    after: ['pagerduty/webhook_incident.triggered'],
    outcome: ['202', 'INC-1 investigating sev2 checkout: 1 of 1 firing'],
  },
  {
    file: 'pagerduty/webhook_incident.unacknowledged',
    after: ['pagerduty/webhook_incident.triggered'],
    outcome: ['202', 'INC-1 investigating sev2 checkout: 1 of 1 firing', 'No longer acknowledged: it timed out'],
  },
  { file: 'pagerduty/webhook_pagey.ping', outcome: ['202'] },
  { file: 'pagerduty/webhook_service.updated', outcome: ['202'] },
]

/** Half a minute after the payloads' alerts began. */
const NOW = Date.UTC(2026, 10, 21, 4, 40, 30)

describe.concurrent('a payload, posted as its sender signs it', () => {
  test.each(ROWS)('$file after $after', async ({ file, after = [], outcome }) => {
    await using stage = await startSandboxed({ startAt: NOW })
    for (const earlier of after) expect(await post(stage, earlier)).toBe(202)
    await stage.settled()
    const before = await told(stage)
    const status = await post(stage, file)
    await stage.settled()
    const now = await told(stage)
    expect([String(status), ...(await states(stage)), ...now.slice(before.length)]).toEqual(outcome)
  })
})

const fixture = (file: string) => readFileSync(new URL(`../fixtures/${file}.json`, import.meta.url), 'utf8')

const post = async ({ musterUrl }: Sandboxed, file: string): Promise<number> => {
  const vendor = file.slice(0, file.indexOf('/'))
  const body = fixture(file)
  const answer = await fetch(`${musterUrl}/webhooks/${vendor}`, {
    method: 'POST',
    body,
    headers: { 'content-type': 'application/json', ...signed(vendor, file, body) },
  })
  return answer.status
}

const hmac = (secret: string, body: string) => createHmac('sha256', secret).update(body).digest('hex')

const signed = (vendor: string, file: string, body: string): Record<string, string> => {
  switch (vendor) {
    case 'pagerduty':
      return { 'x-pagerduty-signature': `v1=${hmac(SANDBOX_SECRETS.pagerdutyWebhook, body)}` }
    case 'grafana':
      return { 'x-grafana-alerting-signature': hmac(SANDBOX_SECRETS.grafana, body) }
    case 'github':
      return {
        'x-github-event': file.includes('ping') ? 'ping' : file.includes('status') ? 'deployment_status' : 'deployment',
        'x-github-delivery': file,
        'x-hub-signature-256': `sha256=${hmac(SANDBOX_SECRETS.github, body)}`,
      }
    default:
      return { authorization: `Bearer ${SANDBOX_SECRETS.alertmanager}` }
  }
}

/** Every incident and its alerts, every change that is kept. */
const states = async ({ muster: { store } }: Sandboxed): Promise<string[]> => [
  ...(await store.list()).map(
    ({ id, status, severity, service, alerts }) =>
      `${id} ${status} ${severity} ${service}: ${alerts.firing} of ${alerts.total} firing`,
  ),
  ...(await store.changes({ from: 0, to: NOW })).map(({ change }) => `kept: ${change.title}`),
]

/** What the logs tell of alerts, in words; what Muster does about it is not the payload's. */
const told = async ({ muster: { store } }: Sandboxed): Promise<string[]> => {
  const ids = (await store.list()).map(({ id }) => id)
  const events = (await Promise.all(ids.map((id) => store.events(id)))).flat()
  return events
    .filter(
      ({ type }) =>
        type === 'declared' || type.startsWith('alert_') || ['status_changed', 'change_seen'].includes(type),
    )
    .map((event) => mrkdwn(sentenceOf(event) ?? []))
}
