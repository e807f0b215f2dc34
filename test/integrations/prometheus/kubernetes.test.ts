import { afterEach, expect, test } from 'vitest'
import { createFakePrometheus, type FakePrometheus } from '../../../sandbox/prometheus.ts'
import { quiveringQueue } from '../../../sandbox/stories/quivering-queue/story.ts'
import { minutes, type Signal, steady, through } from '../../../sandbox/stories/signals.ts'
import type { Meter, World } from '../../../sandbox/stories/world.ts'
import type { ClusterFact } from '../../../src/incident/cluster-event.ts'
import { clusterPhrases } from '../../../src/incident/cluster-fact.ts'
import { IDS } from '../../../src/incident/labels.ts'
import { plain } from '../../../src/incident/phrase.ts'
import type { Catalogue } from '../../../src/incident/service.ts'
import { createPrometheusClient } from '../../../src/integrations/prometheus/client.ts'
import { clusterFacts } from '../../../src/integrations/prometheus/kubernetes/cluster.ts'
import { kubernetesRollouts } from '../../../src/integrations/prometheus/kubernetes/rollouts.ts'
import { selectionOf, workloadOf } from '../../../src/integrations/prometheus/kubernetes/selection.ts'
import { createMetricNames } from '../../../src/integrations/prometheus/metric-names.ts'

const MINUTE = 60_000
const at = Date.UTC(2026, 10, 21, 3, 0)
const catalogue: Catalogue = new Map()
let prometheus: FakePrometheus | undefined
afterEach(async () => {
  await prometheus?.stop()
  prometheus = undefined
})

/** A world told until `minute`, and a client for it. */
const showing = async (world: World, minute: number) => {
  const to = at + minute * MINUTE
  prometheus = await createFakePrometheus({ now: () => to })
  prometheus.show(world, at)
  const client = createPrometheusClient({ url: prometheus.url })
  return { to, client, names: createMetricNames({ client, now: () => to }) }
}

const factsOf = async (world: World, services: string[], minute: number): Promise<ClusterFact[]> => {
  const { to, client, names } = await showing(world, minute)
  const targets = services.map((id) => ({ id, alerting: true }))
  const request = {
    incident: 'INC-1',
    alerts: [],
    earlier: [],
    at,
    from: at - 60 * MINUTE,
    to,
    past: at - 360 * MINUTE,
  }
  return clusterFacts({ client, names })({ ...request, targets }, AbortSignal.timeout(20_000))
}
const inWords = (facts: ClusterFact[]) =>
  facts.map((fact) => `${new Date(fact.since).toISOString().slice(11, 16)} ${plain(clusterPhrases(fact, IDS))}`)

const rolloutsOf = async (world: World, services: string[], minute: number) => {
  const { to, client, names } = await showing(world, minute)
  const feed = kubernetesRollouts({ client, names, catalogue })
  const changes = await feed.changes({ from: at - 360 * MINUTE, to, services }, AbortSignal.timeout(20_000))
  return changes.map(({ kind, title, service, at: time, key }) => ({
    kind,
    title,
    service,
    key,
    minute: Math.round((time - at) / MINUTE),
  }))
}

const gauge = (name: string, labels: Record<string, string>, value: Signal): Meter => ({
  name,
  labels: { namespace: 'shop', ...labels },
  kind: 'gauge',
  value,
  help: '',
})
const from =
  (minute: number, value = 1): Signal =>
  (storyMs) =>
    storyMs >= minutes(minute) ? value : Number.NaN
const world = (...meters: Meter[]): World => ({ workloads: [], edges: [], meters, rules: [] })
const pod = (name: string, container: string) => ({ pod: name, container })
/** Whatever cluster it is, nothing restarts in it. */
const calm = gauge('kube_pod_container_status_restarts_total', pod('web-5c9d8f7b6-2xkqp', 'web'), steady(3))

test('brokers killed for lack of memory are one fact with its first time, updated by each collection', async () => {
  const early = await factsOf(quiveringQueue.world, ['payment', 'rabbitmq'], 9)
  expect(inWords(early)).toEqual([
    '03:09 rabbitmq: container killed for lack of memory, OOMKilled (rabbitmq-7d9f8c6b54-x2kqp)',
  ])
  await prometheus?.stop()
  const late = await factsOf(quiveringQueue.world, ['payment', 'rabbitmq'], 20)
  expect(inWords(late)).toEqual([
    '03:09 rabbitmq: container killed 3 times for lack of memory, OOMKilled (rabbitmq-7d9f8c6b54-x2kqp)',
  ])
})

test('distinguishes other restarts, crash loops and missing images, and ignores old ones', async () => {
  const restarts = 'kube_pod_container_status_restarts_total'
  const waiting = 'kube_pod_container_status_waiting_reason'
  const facts = await factsOf(
    world(
      calm,
      gauge(restarts, pod('cart-7d9f8c6b54-fffff', 'app'), through([1.9, 0], [2, 1])),
      gauge(restarts, pod('mail-0', 'mail'), through([3, 0], [8, 5])),
      gauge(waiting, { ...pod('mail-0', 'mail'), reason: 'CrashLoopBackOff' }, from(4)),
      gauge(waiting, { ...pod('user-7d9f8c6b54-bbbbb', 'user'), reason: 'ImagePullBackOff' }, from(6)),
      gauge(waiting, { ...pod('user-7d9f8c6b54-ccccc', 'user'), reason: 'ErrImagePull' }, from(7)),
      gauge(waiting, { ...pod('web-5c9d8f7b6-2xkqp', 'web'), reason: 'CrashLoopBackOff' }, from(-300)),
      gauge(restarts, pod('other-7d9f8c6b54-ddddd', 'other'), through([1, 0], [2, 9])),
    ),
    ['web', 'cart', 'mail', 'user'],
    10,
  )
  expect(inWords(facts).sort()).toEqual([
    '03:02 cart: container restarted (cart-7d9f8c6b54-fffff)',
    '03:04 mail: pod in CrashLoopBackOff (mail-0)',
    '03:06 user: 2 pods cannot start, image or configuration missing (user-7d9f8c6b54-bbbbb)',
  ])
})

test('reports new throttling, a failed rollout, and node problems', async () => {
  const counter = (name: string, value: Signal): Meter => ({
    name,
    labels: { namespace: 'shop', ...pod('web-5c9d8f7b6-2xkqp', 'web') },
    kind: 'counter',
    value,
    help: '',
  })
  const facts = await factsOf(
    world(
      calm,
      counter('container_cpu_cfs_periods_total', steady(10)),
      counter('container_cpu_cfs_throttled_periods_total', through([-1, 0.2], [0, 6])),
      gauge(
        'kube_deployment_status_condition',
        { deployment: 'web', condition: 'Progressing', status: 'false' },
        through([4.9, 0], [5, 1]),
      ),
      gauge(
        'kube_node_status_condition',
        { node: 'node-a', condition: 'Ready', status: 'unknown' },
        through([2.9, 0], [3, 1]),
      ),
      gauge(
        'kube_node_status_condition',
        { node: 'node-b', condition: 'MemoryPressure', status: 'true' },
        through([0.9, 0], [1, 1]),
      ),
      gauge('kube_node_status_condition', { node: 'node-c', condition: 'Ready', status: 'true' }, steady(1)),
    ),
    ['web'],
    10,
  )
  expect(inWords(facts)).toEqual([
    '03:05 web: rollout failed, its pods did not become ready in time (web)',
    expect.stringMatching(/^03:0[012] web: CPU throttled in [56]\d % of its time slices \(web\)$/),
    '03:03 Node node-a is not ready',
    '03:01 Node node-b runs out of memory, disk or process ids',
  ])
})

test('a new image is a change, and a restored earlier one a rollback; both keep their keys across collections', async () => {
  const shop: World = {
    ...world(),
    workloads: [
      {
        service: 'web',
        images: [
          [0, '1.4.2'],
          [minutes(-20), '1.5.0'],
          [minutes(10), '1.4.2'],
        ],
      },
      { service: 'cart', images: [[0, '2.0']] },
    ],
  }
  const found = await rolloutsOf(shop, ['web', 'cart'], 12)
  expect(found).toMatchObject([
    { kind: 'deploy', service: 'web', title: 'New image: 1.4.2 \u2192 1.5.0', minute: -20 },
    { kind: 'rollback', service: 'web', title: 'Image put back: 1.5.0 \u2192 1.4.2', minute: 10 },
  ])
  await prometheus?.stop()
  const later = await rolloutsOf(shop, ['web', 'cart'], 12.4)
  expect(later.map(({ key }) => key)).toEqual(found.map(({ key }) => key))
})

test('a deployment changed without a new image is a change, and a scaled one is not', async () => {
  const generation = (deployment: string, value: Signal) =>
    gauge('kube_deployment_status_observed_generation', { deployment }, value)
  const found = await rolloutsOf(
    world(
      generation('web', through([-5.01, 41], [-5, 42])),
      generation('cart', through([-5.01, 7], [-5, 8])),
      gauge('kube_deployment_spec_replicas', { deployment: 'cart' }, through([-5.01, 2], [-5, 6])),
      gauge('kube_deployment_spec_replicas', { deployment: 'web' }, steady(2)),
    ),
    ['web', 'cart'],
    1,
  )
  expect(found).toMatchObject([
    { kind: 'config', service: 'web', title: 'Deployment web changed, same image', minute: -5 },
  ])
})

test.each([
  ['checkout-7d9f8c6b54-x2kqp', 'checkout'],
  ['mysql-0', 'mysql'],
  ['node-exporter-x2kqp', 'node-exporter'],
  ['checkout', 'checkout'],
])('the pod %s belongs to %s', (name, workload) => expect(workloadOf(name)).toBe(workload))

test('a service whose name is invalid in Kubernetes selects nothing', () => {
  expect(selectionOf([{ id: 'Orders database (RDS)' }])?.serviceOf({ pod: 'web-0' })).toBeUndefined()
  expect(selectionOf([{ id: '***' }])).toBeUndefined()
})
