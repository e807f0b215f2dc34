import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { alertmanagerInstalled, startAlertmanager } from '../real/alertmanager.ts'
import { mariadbInstalled, startMariaDb } from '../real/mariadb.ts'
import { prometheusInstalled, startPrometheus } from '../real/prometheus.ts'
import { requireOrSkip } from '../real/require.ts'
import { startShop } from '../real/shop/shop.ts'
import { startFullStack, until } from './full-stack.ts'

/** What is usual must have been seen for a while before it can be left. */
const CALM_MS = 75_000

const rules = `
groups:
  - name: shop
    interval: 1s
    rules:
      - alert: RequestsFail
        expr: sum by (job) (rate(http_request_duration_seconds_count{job="storefront",code=~"5.."}[15s])) / sum by (job) (rate(http_request_duration_seconds_count{job="storefront"}[15s])) > 0.2
        for: 3s
        labels: { severity: critical, service: '{{ $labels.job }}' }
        annotations: { summary: '{{ $labels.job }} fails {{ $value | humanizePercentage }} of its requests' }
`
const alertmanagerConfig = (muster: string) => `
route: { receiver: muster, group_by: [alertname], group_wait: 0s, group_interval: 1s, repeat_interval: 1h }
receivers:
  - name: muster
    webhook_configs:
      - url: ${muster}/webhooks/alertmanager
        http_config: { authorization: { credentials: sandbox-alertmanager } }
`
const prometheusConfig = (targets: Record<string, string>, alertmanager: string, rulesFile: string) => `
global: { scrape_interval: 1s, evaluation_interval: 1s }
rule_files: [${rulesFile}]
scrape_configs:
${Object.entries(targets)
  .map(([job, target]) => `  - { job_name: ${job}, static_configs: [{ targets: ['${target}'] }] }`)
  .join('\n')}
alerting: { alertmanagers: [{ static_configs: [{ targets: ['${alertmanager}'] }] }] }
`

requireOrSkip(
  'MariaDB with its exporter, Prometheus and Alertmanager',
  mariadbInstalled() && prometheusInstalled() && alertmanagerInstalled(),
)('a shop with a real database', () => {
  test('leaking connections: the incident names the database and its connections at the limit', {
    timeout: 300_000,
  }, async () => {
    await using undo = new AsyncDisposableStack()
    const folder = await mkdtemp(join(tmpdir(), 'muster-night-'))
    undo.defer(() => rm(folder, { recursive: true, force: true }))
    await writeFile(join(folder, 'rules.yml'), rules)
    const database = await startMariaDb({ maxConnections: 30 })
    undo.defer(database.stop)
    const shop = await startShop({ database: database.port })
    undo.defer(shop.stop)
    // Muster must know where Prometheus is before it starts, Alertmanager where Muster is, and Prometheus where that is.
    const prometheus = await startPrometheus({
      openmetrics: '# TYPE before gauge\nbefore 1 1795236000\n# EOF\n',
      config: 'scrape_configs: []\n',
    })
    undo.defer(prometheus.stop)
    const stack = await startFullStack({ env: { PROMETHEUS_URL: prometheus.url } })
    undo.defer(stack.stop)
    const alertmanager = await startAlertmanager(alertmanagerConfig(stack.muster.address))
    undo.defer(alertmanager.stop)
    await prometheus.reload(
      prometheusConfig(
        { ...shop.targets, mariadb: database.exporter },
        alertmanager.address,
        join(folder, 'rules.yml'),
      ),
    )
    await sleep(CALM_MS)
    await shop.leak()

    const incident = () => stack.muster.store.read('INC-1')
    const rankings = async () =>
      (await stack.muster.store.events('INC-1')).flatMap((event) => (event.type === 'suspects_ranked' ? [event] : []))
    await until('a suspect', async () => (await rankings()).some(({ label }) => label !== 'no clear suspect'), 150_000)
    expect(await incident()).toMatchObject({ service: 'storefront' })
    const [first] = (await rankings()).filter(({ label }) => label !== 'no clear suspect')
    expect(first?.suspects.map(({ service }) => service)[0]).toBe('mariadb')
    expect(first?.label).toBe('likely')
    expect(first?.suspects[0]?.signals.map(({ text }) => text).join('; ')).toMatch(
      /Open connections \d+ → 3\d \(limit 30\)/,
    )
    const chart = await stack.muster.store.snapshot(first?.chart ?? '')
    expect(chart).toMatchObject({ kind: 'chart', title: 'Open connections of mariadb', limit: 30 })
    await stack.settled()
    expect(stack.channelText('inc-')).toContain('Open connections of mariadb')
    expect(stack.channelText('inc-')).toContain('mariadb')
  })
})
