import { parser } from '@prometheus-io/lezer-promql'
import { afterEach, expect, test } from 'vitest'
import { createFakePrometheus, type FakePrometheus } from '../../../sandbox/prometheus.ts'
import { cacheDegradation } from '../../../sandbox/stories/cache-degradation/story.ts'
import { connectionCollapse } from '../../../sandbox/stories/connection-collapse/story.ts'
import { indexMigration } from '../../../sandbox/stories/index-migration/story.ts'
import { quiveringQueue } from '../../../sandbox/stories/quivering-queue/story.ts'
import type { Story } from '../../../sandbox/stories/story.ts'
import { worthKeeping } from '../../../src/engine/evidence-kept.ts'
import type { Catalogue } from '../../../src/incident/service.ts'
import { belongingOf, namesInLabel } from '../../../src/integrations/prometheus/belonging.ts'
import { createPrometheusClient } from '../../../src/integrations/prometheus/client.ts'
import { prometheusEvidence } from '../../../src/integrations/prometheus/evidence.ts'
import { families } from '../../../src/integrations/prometheus/families/families.ts'
import { createMetricNames } from '../../../src/integrations/prometheus/metric-names.ts'
import { createRecognition } from '../../../src/integrations/prometheus/recognition.ts'

const MINUTE = 60_000
const at = Date.UTC(2026, 10, 21, 3, 0)
let prometheus: FakePrometheus | undefined
afterEach(async () => {
  await prometheus?.stop()
  prometheus = undefined
})

/** What a look at a service and what it depends on finds, so many minutes into a story. */
const lookAt = async (story: Story, service: string, minute: number, { bare = false } = {}) => {
  const to = at + minute * MINUTE
  prometheus = await createFakePrometheus({ now: () => to })
  prometheus.show(story.world, at)
  const client = createPrometheusClient({ url: prometheus.url })
  const now = () => to
  const recognition = createRecognition({ client, names: createMetricNames({ client, now }), now })
  const catalogue: Catalogue = new Map(bare ? [] : story.services.map((one) => [one.id, one]))
  const ids = [service, ...(catalogue.get(service)?.dependsOn ?? [])]
  const request = {
    incident: 'INC-1',
    alerts: [],
    earlier: [],
    at,
    from: at - 60 * MINUTE,
    to,
    past: at - 360 * MINUTE,
    targets: ids.map((id, i) => ({ id, service: catalogue.get(id), alerting: i === 0 })),
  }
  const found = await prometheusEvidence({ client, recognition, catalogue }).collect(
    request,
    AbortSignal.timeout(60_000),
  )
  return worthKeeping(found, { span: request, catalogue, main: service, alerting: [service] })
}
const titles = ({ kept }: Awaited<ReturnType<typeof lookAt>>, standing?: string) =>
  kept.filter((one) => one.standing === standing).map(({ snapshot }) => snapshot.title)

test('shipping is slow: shows the connections of an undeclared database at their limit', async () => {
  const look = await lookAt(connectionCollapse, 'shipping', 1)
  expect(titles(look)).toContain('mysql: open connections')
  const connections = look.kept.find(({ snapshot }) => snapshot.title.endsWith('open connections'))?.snapshot
  expect(connections).toMatchObject({ kind: 'chart', limit: 648, now: 648 })
  expect(look.usual.find(({ service }) => service === 'Cart')).toMatchObject({ count: 6 })
})

test('with Prometheus and no configuration, the undeclared database is still shown', async () => {
  const look = await lookAt(connectionCollapse, 'shipping', 1, { bare: true })
  expect(titles(look)).toEqual(expect.arrayContaining(['P90 latency', 'mysql: open connections']))
})

test('payments fail: shows the load of the broker', async () => {
  expect(titles(await lookAt(quiveringQueue, 'payment', 1))).toContain('RabbitMQ: messages waiting')
})

test('the checkout is down: shows the cache hits', async () => {
  expect(titles(await lookAt(cacheDegradation, 'checkout', 1))).toContain('Cache: cache hits')
})

test('messages grow old: shows the CPU of the database', async () => {
  expect(titles(await lookAt(indexMigration, 'order-events', 5))).toContain('Orders database (RDS): cluster CPU')
})

test('on a quiet night one graph of the service shows that it is quiet, and a line says what was checked', async () => {
  const look = await lookAt(connectionCollapse, 'web', -20)
  expect(titles(look)).toEqual(['P90 latency'])
  expect(look.usual.map(({ service }) => service)).toContain('Shipping')
})

test('every template of every family is valid PromQL', () => {
  const scope = {
    by: 'service, namespace',
    range: '2m',
    in: (more?: string) => `{service="a"${more ? `,${more}` : ''}}`,
  }
  for (const { name, signals } of families)
    for (const { title, query, limit } of signals)
      for (const text of [query(scope), ...(limit ? [limit.query(scope)] : [])]) {
        const broken: string[] = []
        parser.parse(text).iterate({ enter: ({ type, from }) => void (type.isError && broken.push(text.slice(from))) })
        expect(broken, `${name}, ${title}: ${text}`).toEqual([])
      }
})

test('maps host, exporter and cluster address labels to a service', () => {
  expect(namesInLabel('shop-mysql.rds.example:3306')).toContain('shop-mysql')
  expect(namesInLabel('redis-exporter')).toContain('redis')
  expect(namesInLabel('orders.shop.svc.cluster.local')).toContain('orders')
  expect(namesInLabel('10.0.3.7:9104')).not.toContain('10')
  const target = { id: 'orders-db', service: undefined }
  expect(belongingOf({ job: 'mysqld-exporter', instance: 'orders-db:9104' }, target, ['service', 'instance'])).toEqual({
    label: 'instance',
    value: 'orders-db:9104',
  })
  expect(belongingOf({ instance: 'other:9104' }, target, ['instance'])).toBeUndefined()
})
