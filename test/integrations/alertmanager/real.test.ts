import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import type { Delivery, Reading, Signal } from '../../../src/incident/alert.ts'
import { alertmanagerAlerts } from '../../../src/integrations/alertmanager/alerts.ts'
import { alertmanagerInstalled, startAlertmanager } from '../../real/alertmanager.ts'
import { prometheusInstalled, startPrometheus } from '../../real/prometheus.ts'
import { requireOrSkip } from '../../real/require.ts'
import { type Request, serve } from '../server.ts'

const rules = `
groups:
  - name: checkout
    interval: 1s
    rules:
      - alert: HighErrorRate
        expr: job:errors:ratio > 0.05
        labels: { severity: page, service: checkout }
        annotations:
          summary: 'checkout errors at {{ $value | humanizePercentage }}'
          runbook_url: https://runbooks.acme.example/high-error-rate
`
const alertmanagerConfig = (receiver: string) => `
route: { receiver: team.muster, group_by: [alertname], group_wait: 0s, group_interval: 1s, repeat_interval: 1h }
receivers:
  - name: team.muster
    webhook_configs:
      - url: ${receiver}/webhooks/alertmanager
        send_resolved: true
        http_config: { authorization: { credentials: am-token } }
`
const prometheusConfig = (target: string, alertmanager: string, rulesFile: string) => `
global: { scrape_interval: 1s, evaluation_interval: 1s }
rule_files: [${rulesFile}]
scrape_configs: [{ job_name: checkout, static_configs: [{ targets: ['${target}'] }] }]
alerting: { alertmanagers: [{ static_configs: [{ targets: ['${alertmanager}'] }] }] }
`

const describeReal = requireOrSkip('Prometheus with Alertmanager', prometheusInstalled() && alertmanagerInstalled())
describeReal('a rule of a real Prometheus, through a real Alertmanager', () => {
  test('firing and resolved are two signals for one occurrence', { timeout: 120_000 }, async () => {
    let ratio = 0.14
    const source = alertmanagerAlerts({ tokens: ['am-token'] })
    const signals: (Signal & { kind: 'alert' })[] = []

    // What is scraped and where the webhook arrives; http.ts does the same with the bytes.
    await using server = await serve((request) => {
      if (request.path === '/metrics') {
        return { headers: { 'content-type': 'text/plain' }, text: `job:errors:ratio ${ratio}\n` }
      }
      const delivery = deliveryOf(request)
      if (!source.verify(delivery)) return { status: 401 }
      const { signals: read } = source.read(JSON.parse(request.body), delivery) as Reading
      signals.push(...(read as (Signal & { kind: 'alert' })[]))
      return { status: 202 }
    })
    const until = async (state: string) => {
      while (!signals.some(({ alert }) => alert.state === state)) await sleep(50)
    }

    const folder = await mkdtemp(join(tmpdir(), 'muster-rules-'))
    await writeFile(join(folder, 'rules.yml'), rules)
    const alertmanager = await startAlertmanager(alertmanagerConfig(server.url))
    const prometheus = await startPrometheus({
      openmetrics: '# TYPE before gauge\nbefore 1 1795236000\n# EOF\n',
      config: prometheusConfig(new URL(server.url).host, alertmanager.address, join(folder, 'rules.yml')),
    })
    try {
      await until('firing')
      ratio = 0.01
      await until('resolved')
    } finally {
      await Promise.all([prometheus.stop(), alertmanager.stop(), rm(folder, { recursive: true, force: true })])
    }

    const [firing, resolved] = [signals[0], signals.find(({ alert }) => alert.state === 'resolved')]
    expect(firing?.alert).toMatchObject({
      state: 'firing',
      title: 'checkout errors at 14%',
      rule: 'HighErrorRate',
      service: 'checkout',
      severity: 'critical',
      query: 'job:errors:ratio > 0.05',
      group: '{}:{alertname="HighErrorRate"}',
      receiver: 'team.muster',
      runbookUrl: 'https://runbooks.acme.example/high-error-rate',
      labels: { alertname: 'HighErrorRate', job: 'checkout', severity: 'page' },
    })
    expect(resolved?.alert.key).toBe(firing?.alert.key)
    expect(resolved?.alert.endsAt).toBeGreaterThanOrEqual(firing?.alert.startsAt ?? Number.POSITIVE_INFINITY)
    expect(resolved?.once).not.toBe(firing?.once)
  })
})

const deliveryOf = ({ headers, body }: Request): Delivery => ({
  headers: { authorization: headers.authorization },
  body: Buffer.from(body),
  receivedAt: Date.now(),
})
