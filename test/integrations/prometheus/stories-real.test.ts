import { afterAll, beforeAll, expect, test } from 'vitest'
import { exposition } from '../../../sandbox/prometheus/exposition.ts'
import { cacheDegradation } from '../../../sandbox/stories/cache-degradation/story.ts'
import { connectionCollapse } from '../../../sandbox/stories/connection-collapse/story.ts'
import { indexMigration } from '../../../sandbox/stories/index-migration/story.ts'
import { quiveringQueue } from '../../../sandbox/stories/quivering-queue/story.ts'
import type { Story } from '../../../sandbox/stories/story.ts'
import { worthKeeping } from '../../../src/engine/evidence-kept.ts'
import type { Catalogue } from '../../../src/incident/service.ts'
import { createPrometheusClient } from '../../../src/integrations/prometheus/client.ts'
import { prometheusEvidence } from '../../../src/integrations/prometheus/evidence.ts'
import { createMetricNames } from '../../../src/integrations/prometheus/metric-names.ts'
import { createRecognition } from '../../../src/integrations/prometheus/recognition.ts'
import { prometheusInstalled, type RealPrometheus, startPrometheus } from '../../real/prometheus.ts'
import { requireOrSkip } from '../../real/require.ts'
import { startVictoriaMetrics, type VictoriaMetrics, victoriaMetricsInstalled } from '../../real/victoria-metrics.ts'

const MINUTE = 60_000
const SERVERS = ['Prometheus', 'VictoriaMetrics'] as const

/** The decisive graph of each story, so many minutes into it, for the service that alerts. */
const DECISIVE: [name: string, story: Story, service: string, minute: number, title: string][] = [
  ['connection collapse', connectionCollapse, 'shipping', 1, 'mysql: open connections'],
  ['quivering queue', quiveringQueue, 'payment', 1, 'RabbitMQ: messages waiting'],
  ['cache degradation', cacheDegradation, 'checkout', 1, 'Cache: cache hits'],
  ['index migration', indexMigration, 'order-events', 5, 'Orders database (RDS): cluster CPU'],
]

type Sample = { name: string; labels: string; at: number; value: number }

/** The samples of a story's stores and of the services in reach, one a minute, by metric. */
const samplesOf = ({ world, services }: Story, service: string, minute: number, now: number): Sample[] => {
  const anchor = now - minute * MINUTE
  const reach = [service, ...(services.find(({ id }) => id === service)?.dependsOn ?? [])]
  const part = { ...world, edges: [], workloads: world.workloads.filter((one) => reach.includes(one.service)) }
  return exposition(part, { anchor, now: () => now })
    .flatMap(({ labels: { __name__: name = '', ...labels }, samples }) => {
      const text = Object.entries(labels).map(([label, value]) => `${label}=${JSON.stringify(value)}`)
      return samples(now - 360 * MINUTE, now)
        .filter((_sample, i, all) => (all.length - 1 - i) % 4 === 0)
        .map(([at, value]) => ({ name, labels: `{${text.join(',')}}`, at, value }))
    })
    .toSorted((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0))
}

const isHere = prometheusInstalled() && victoriaMetricsInstalled()
requireOrSkip('Prometheus or VictoriaMetrics', isHere).each(DECISIVE)(
  'the %s',
  (_name, story, service, minute, title) => {
    const now = Math.floor(Date.now() / MINUTE) * MINUTE
    let prometheus: RealPrometheus
    let victoria: VictoriaMetrics
    beforeAll(async () => {
      const samples = samplesOf(story, service, minute, now)
      const lines = (unit: number) =>
        samples.map(({ name, labels, at, value }) => `${name}${labels} ${value} ${at / unit}`)
      prometheus = await startPrometheus({ openmetrics: `${lines(1000).join('\n')}\n# EOF\n` })
      victoria = await startVictoriaMetrics('scrape_configs: []\n')
      const body = `${lines(1).join('\n')}\n`
      const stored = await fetch(`${victoria.url}/api/v1/import/prometheus`, { method: 'POST', body })
      expect(stored.status).toBe(204)
      // What was imported is not searched before it is flushed.
      await fetch(`${victoria.url}/internal/force_flush`)
    }, 60_000)
    afterAll(() => Promise.all([prometheus?.stop(), victoria?.stop()]))

    test.each(SERVERS)(
      `the decisive graph of ${service} is found by way of %s`,
      { timeout: 60_000 },
      async (server) => {
        const client = createPrometheusClient({ url: server === 'Prometheus' ? prometheus.url : victoria.url })
        const clock = { now: () => now }
        const recognition = createRecognition({ client, names: createMetricNames({ client, ...clock }), ...clock })
        const catalogue: Catalogue = new Map(story.services.map((one) => [one.id, one]))
        const ids = [service, ...(catalogue.get(service)?.dependsOn ?? [])]
        const at = now - minute * MINUTE
        const request = {
          incident: 'INC-1',
          alerts: [],
          earlier: [],
          at,
          from: at - 60 * MINUTE,
          to: now,
          past: now - 360 * MINUTE,
          targets: ids.map((id, i) => ({ id, service: catalogue.get(id), alerting: i === 0 })),
        }
        const found = await prometheusEvidence({ client, recognition, catalogue }).collect(
          request,
          AbortSignal.timeout(30_000),
        )
        const { kept } = worthKeeping(found, { span: request, catalogue, main: service, alerting: [service] })
        const shown = kept.filter(({ standing }) => standing === undefined).map(({ snapshot }) => snapshot.title)
        expect(shown).toContain(title)
      },
    )
  },
)
