import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { serve } from '../integrations/server.ts'
import { alertmanagerInstalled, startAlertmanager } from '../real/alertmanager.ts'
import { prometheusInstalled, startPrometheus } from '../real/prometheus.ts'
import { requireOrSkip } from '../real/require.ts'
import { startFullStack, until } from './full-stack.ts'

const rules = `
groups:
  - name: shipping
    interval: 1s
    rules:
      - alert: PoolExhausted
        expr: pool_usage_ratio > 0.95
        labels: { severity: critical, service: shipping }
        annotations: { summary: 'Connection pool of {{ $labels.pod }} is at {{ $value | humanizePercentage }}' }
`
const alertmanagerConfig = (muster: string) => `
route: { receiver: muster, group_by: [alertname], group_wait: 0s, group_interval: 1s, repeat_interval: 1h }
receivers:
  - name: muster
    webhook_configs:
      - url: ${muster}/webhooks/alertmanager
        send_resolved: true
        http_config: { authorization: { credentials: sandbox-alertmanager } }
`
const prometheusConfig = (target: string, alertmanager: string, rulesFile: string) => `
global: { scrape_interval: 1s, evaluation_interval: 1s }
rule_files: [${rulesFile}]
scrape_configs: [{ job_name: shipping, static_configs: [{ targets: ['${target}'] }] }]
alerting: { alertmanagers: [{ static_configs: [{ targets: ['${alertmanager}'] }] }] }
`

const describeReal = requireOrSkip('Prometheus with Alertmanager', prometheusInstalled() && alertmanagerInstalled())
describeReal('a rule of a real Prometheus, through a real Alertmanager', () => {
  test('an Alertmanager alert opens an incident, further alerts join it, and resolved ones are shown in it', {
    timeout: 120_000,
  }, async () => {
    const usage: Record<string, number> = { a: 0.99, b: 0.4 }
    await using shipping = await serve(() => ({
      headers: { 'content-type': 'text/plain' },
      text: Object.entries(usage)
        .map(([pod, ratio]) => `pool_usage_ratio{pod="${pod}"} ${ratio}\n`)
        .join(''),
    }))
    const folder = await mkdtemp(join(tmpdir(), 'muster-rules-'))
    await writeFile(join(folder, 'rules.yml'), rules)
    const stack = await startFullStack()
    const alertmanager = await startAlertmanager(alertmanagerConfig(stack.muster.address))
    const prometheus = await startPrometheus({
      openmetrics: '# TYPE before gauge\nbefore 1 1795236000\n# EOF\n',
      config: prometheusConfig(new URL(shipping.url).host, alertmanager.address, join(folder, 'rules.yml')),
    })
    const incident = () => stack.muster.store.read('INC-1')
    try {
      await until('the incident', async () => (await incident())?.messages.summary)
      expect(await incident()).toMatchObject({
        title: 'Connection pool of a is at 99%',
        service: 'shipping',
        alerts: { total: 1, firing: 1 },
      })

      usage.b = 0.98
      await until('the second alert', async () => (await incident())?.alerts.firing === 2)
      await until('its line', () => stack.channelText('inc-1-').includes('Connection pool of b is at 98%'))

      usage.a = 0.1
      usage.b = 0.1
      await until('the end', async () => (await incident())?.alerts.firing === 0)
      // Quiet is not over: that is for people to say.
      expect(await incident()).toMatchObject({ status: 'investigating', alerts: { total: 2, firing: 0 } })
      expect(await stack.muster.store.read('INC-2')).toBeUndefined()
    } finally {
      await Promise.all([prometheus.stop(), alertmanager.stop(), rm(folder, { recursive: true, force: true })])
      await stack.stop()
    }
  })
})
