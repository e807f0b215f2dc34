import { createHmac } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { SANDBOX_SECRETS } from '../../sandbox/sandbox.ts'
import { sentenceOf } from '../../src/incident/sentence.ts'
import { mrkdwn } from '../../src/integrations/slack/mrkdwn.ts'
import { ROWS } from './payload-rows.ts'
import { type Sandboxed, startSandboxed } from './sandboxed.ts'

const NOW = Date.UTC(2026, 10, 21, 4, 40, 30)

describe.concurrent("a payload posted with its sender's signature", () => {
  const rows = ROWS.map((row) => ({
    ...row,
    title: row.after ? `${row.file} after ${row.after.join(', ')}` : row.file,
  }))
  test.each(rows)('$title', async ({ file, after = [], outcome }) => {
    await using stage = await startSandboxed({ startAt: NOW })
    for (const earlier of after) expect(await post(stage, earlier)).toBe(202)
    await stage.settled()
    const before = await alertSentences(stage)
    const status = await post(stage, file)
    await stage.settled()
    const now = await alertSentences(stage)
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

/** What the logs say about alerts, as text; what Muster does about them does not depend on the payload. */
const alertSentences = async ({ muster: { store } }: Sandboxed): Promise<string[]> => {
  const ids = (await store.list()).map(({ id }) => id)
  const events = (await Promise.all(ids.map((id) => store.events(id)))).flat()
  return events
    .filter(
      ({ type }) =>
        type === 'declared' || type.startsWith('alert_') || ['status_changed', 'change_seen'].includes(type),
    )
    .map((event) => mrkdwn(sentenceOf(event) ?? []))
}
