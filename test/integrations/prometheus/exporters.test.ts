import { readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { createPrometheusClient } from '../../../src/integrations/prometheus/client.ts'
import { prometheusEvidence } from '../../../src/integrations/prometheus/evidence.ts'
import { families } from '../../../src/integrations/prometheus/families/families.ts'
import { createMetricNames } from '../../../src/integrations/prometheus/metric-names.ts'
import { createRecognition } from '../../../src/integrations/prometheus/recognition.ts'
import { type Exporters, exportersInstalled, startExporters } from '../../real/exporters.ts'
import { prometheusInstalled, type RealPrometheus, startPrometheus } from '../../real/prometheus.ts'
import { requireOrSkip } from '../../real/require.ts'
import { startVictoriaMetrics, type VictoriaMetrics, victoriaMetricsInstalled } from '../../real/victoria-metrics.ts'

/** The names and types of what Debian's exporters serve, as they were scraped. */
const FAMILIES = { redis: 'Redis', node: 'node_exporter', rabbitmq: 'RabbitMQ', postgresql: 'PostgreSQL' }

test.each(Object.entries(FAMILIES))('the exporter of %s has every metric that the family %s uses', (file, name) => {
  const scrape = readFileSync(new URL(`../../fixtures/exporters/${file}.txt`, import.meta.url), 'utf8')
  const metrics = new Set([...scrape.matchAll(/^# TYPE (\S+)/gm)].map(([, metric]) => metric))
  const family = families.find((one) => one.name === name)!
  const needed = family.signals.flatMap(({ needs, limit }) => [...needs, ...(limit?.needs ?? [])])
  const elsewhere = name === 'PostgreSQL' ? ['pg_replication_lag_seconds'] : []
  expect([family.sign, ...needed].filter((metric) => !metrics.has(metric) && !elsewhere.includes(metric))).toEqual([])
})

const EXPECTED: Record<string, string[]> = {
  redis: ['Cache hits', 'Connected clients', 'Memory in use', 'Commands', 'Time for a command'],
  node: ['CPU in use', 'Memory in use'],
  rabbitmq: ['Connections', 'Memory of a node', 'Messages waiting', 'Open files'],
  postgres: ['Open connections', 'Transactions', 'Reads found in memory'],
}

const isHere = prometheusInstalled() && exportersInstalled() && victoriaMetricsInstalled()
requireOrSkip('One of Prometheus, VictoriaMetrics, Redis, RabbitMQ and their exporters', isHere)(
  'real exporters',
  () => {
    let exporters: Exporters
    let prometheus: RealPrometheus
    let victoria: VictoriaMetrics
    beforeAll(async () => {
      const { url } = (await (await fetch(inject('postgres'), { method: 'POST' })).json()) as { url: string }
      exporters = await startExporters(url)
      const config = [
        'global: { scrape_interval: 1s }',
        'scrape_configs:',
        ...Object.entries(exporters.addresses).map(
          ([job, address]) => `  - { job_name: ${job}, static_configs: [{ targets: ['${address}'] }] }`,
        ),
        '',
      ].join('\n')
      prometheus = await startPrometheus({ openmetrics: '# EOF\n', config })
      victoria = await startVictoriaMetrics(config)
    }, 120_000)
    afterAll(async () => {
      await Promise.all([prometheus?.stop(), victoria?.stop()])
      await exporters?.stop()
    }, 60_000)

    test.each(['Prometheus', 'VictoriaMetrics'])(
      'show their golden signals through %s, without a configured query',
      {
        timeout: 90_000,
      },
      async (server) => {
        const client = createPrometheusClient({ url: server === 'Prometheus' ? prometheus.url : victoria.url })
        const look = async () => {
          const to = Date.now()
          const recognition = createRecognition({
            client,
            names: createMetricNames({ client, now: Date.now }),
            now: Date.now,
          })
          const targets = Object.keys(EXPECTED).map((id) => ({ id, alerting: true }))
          const request = { incident: 'INC-1', alerts: [], earlier: [], targets, at: to - 60_000, to }
          const found = await prometheusEvidence({ client, recognition }).collect(
            { ...request, from: to - 600_000, past: to - 600_000 },
            AbortSignal.timeout(20_000),
          )
          return Object.fromEntries(
            Object.entries(EXPECTED).map(([id, expected]) => {
              const charts = found.filter((one) => one.kind === 'chart' && one.service === id)
              return [id, expected.filter((title) => charts.some((chart) => chart.title === title))]
            }),
          )
        }
        let seen = await look()
        for (let waited = 0; waited < 60_000 && JSON.stringify(seen) !== JSON.stringify(EXPECTED); waited += 1000) {
          await sleep(1000)
          seen = await look()
        }
        expect(seen).toEqual(EXPECTED)
      },
    )
  },
)
