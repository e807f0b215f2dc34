import { afterAll, beforeAll, expect, test } from 'vitest'
import { clusterPhrases } from '../../../src/incident/cluster-fact.ts'
import { IDS } from '../../../src/incident/labels.ts'
import { plain } from '../../../src/incident/phrase.ts'
import { createPrometheusClient } from '../../../src/integrations/prometheus/client.ts'
import { clusterFacts } from '../../../src/integrations/prometheus/kubernetes/cluster.ts'
import { kubernetesRollouts } from '../../../src/integrations/prometheus/kubernetes/rollouts.ts'
import { createMetricNames } from '../../../src/integrations/prometheus/metric-names.ts'
import { prometheusInstalled, type RealPrometheus, startPrometheus } from '../../real/prometheus.ts'
import { requireOrSkip } from '../../real/require.ts'

const MINUTE = 60_000
/** When the incident began, an hour before the samples end. */
const at = Date.UTC(2026, 10, 21, 3)
const to = at + 20 * MINUTE

type Value = (minute: number) => number | null
type Metric = [type: 'gauge' | 'counter', name: string, labels: Record<string, string>, value: Value]

const NODE = { node: 'ip-10-0-1-7.ec2.internal' }
const pod = (name: string, container: string) => ({
  container,
  namespace: 'shop',
  pod: name,
  uid: `3c1c9d1e-${container}`,
})
const info = (name: string, container: string, tag: string) => ({
  ...pod(name, container),
  container_id: `containerd://5b0f${tag}`,
  image: `registry.example/shop/${container}:${tag}`,
  image_id: `registry.example/shop/${container}@sha256:9f${tag}`,
  image_spec: `shop/${container}:${tag}`,
})
const from =
  (start: number): Value =>
  (minute) =>
    minute >= start ? 1 : null
const until =
  (end: number): Value =>
  (minute) =>
    minute < end ? 1 : null
/** One series for each status, 1 for the one that holds. */
const condition = (name: string, labels: Record<string, string>, held: (minute: number) => string): Metric[] =>
  ['true', 'false', 'unknown'].map((status) => [
    'gauge',
    name,
    { ...labels, status },
    (minute) => Number(held(minute) === status),
  ])

/**
 * What kube-state-metrics 2 exposes, by its documentation: names, labels, and which series exist when
 * (kubernetes/kube-state-metrics: docs/metrics/workload/pod-metrics.md, deployment-metrics.md, cluster/node-metrics.md).
 * Reasons have a series only while they hold. There is no package of it here, so it is not run itself.
 */
const METRICS: Metric[] = [
  ['gauge', 'kube_pod_container_info', info('web-5c9d8f7b6-2xkqp', 'web', '1.4.2'), until(-12)],
  ['gauge', 'kube_pod_container_info', info('web-7f6d5c4b9-9zhtk', 'web', '1.5.0'), from(-12)],
  ['gauge', 'kube_pod_container_info', info('cart-7d9f8c6b54-x2kqp', 'cart', '2.0.1'), () => 1],
  ['counter', 'kube_pod_container_status_restarts_total', pod('web-7f6d5c4b9-9zhtk', 'web'), () => 0],
  [
    'counter',
    'kube_pod_container_status_restarts_total',
    pod('cart-7d9f8c6b54-x2kqp', 'cart'),
    (minute) => (minute < 4 ? 7 : minute < 9 ? 8 : 9),
  ],
  [
    'gauge',
    'kube_pod_container_status_last_terminated_reason',
    { ...pod('cart-7d9f8c6b54-x2kqp', 'cart'), reason: 'OOMKilled' },
    from(4),
  ],
  [
    'gauge',
    'kube_pod_container_status_last_terminated_exitcode',
    pod('cart-7d9f8c6b54-x2kqp', 'cart'),
    (minute) => (minute >= 4 ? 137 : null),
  ],
  [
    'gauge',
    'kube_pod_container_status_waiting_reason',
    { ...pod('mail-0', 'mail'), reason: 'CrashLoopBackOff' },
    from(6),
  ],
  ['counter', 'kube_pod_container_status_restarts_total', pod('mail-0', 'mail'), (minute) => Math.max(0, minute - 3)],
  ...condition(
    'kube_deployment_status_condition',
    { namespace: 'shop', deployment: 'web', condition: 'Progressing', reason: 'ProgressDeadlineExceeded' },
    (minute) => (minute < -2 ? 'true' : 'false'),
  ),
  ...condition(
    'kube_deployment_status_condition',
    { namespace: 'shop', deployment: 'cart', condition: 'Progressing', reason: 'NewReplicaSetAvailable' },
    () => 'true',
  ),
  ['gauge', 'kube_deployment_spec_replicas', { namespace: 'shop', deployment: 'web' }, () => 3],
  [
    'gauge',
    'kube_deployment_status_observed_generation',
    { namespace: 'shop', deployment: 'web' },
    (minute) => (minute < -12 ? 41 : 42),
  ],
  ...condition('kube_node_status_condition', { ...NODE, condition: 'Ready' }, (minute) =>
    minute < 8 ? 'true' : 'unknown',
  ),
  ...condition('kube_node_status_condition', { ...NODE, condition: 'MemoryPressure' }, () => 'false'),
]

/** A scrape a minute, as OpenMetrics with times: all samples of a metric together. */
const openmetrics = (): string => {
  const families = Map.groupBy(METRICS, ([, name]) => name)
  const lines = [...families].flatMap(([name, series]) => [
    `# TYPE ${name.replace(/_total$/, '')} ${series[0]?.[0]}`,
    ...series.flatMap(([, , labels, value]) => {
      const written = Object.entries(labels).map(([label, text]) => `${label}=${JSON.stringify(text)}`)
      return Array.from({ length: 81 }, (_, i) => i - 60).flatMap((minute) => {
        const sample = value(minute)
        return sample === null ? [] : [`${name}{${written.join(',')}} ${sample} ${(at + minute * MINUTE) / 1000}`]
      })
    }),
  ])
  return [...lines, '# EOF\n'].join('\n')
}

requireOrSkip('Prometheus', prometheusInstalled())('what kube-state-metrics exposes, in a real Prometheus', () => {
  let prometheus: RealPrometheus
  beforeAll(async () => {
    prometheus = await startPrometheus({ openmetrics: openmetrics() })
  })
  afterAll(() => prometheus?.stop())
  const source = () => {
    const client = createPrometheusClient({ url: prometheus.url })
    return { client, names: createMetricNames({ client, now: () => to }) }
  }
  const services = ['web', 'cart', 'mail']

  test('becomes facts with their times: kills, crash loops, a stuck rollout, a node', async () => {
    const span = { at, from: at - 60 * MINUTE, to, past: at - 60 * MINUTE }
    const targets = services.map((id) => ({ id, alerting: true }))
    const facts = await clusterFacts(source())(
      { incident: 'INC-1', alerts: [], earlier: [], targets, ...span },
      AbortSignal.timeout(20_000),
    )
    const lines = facts.map(
      (fact) => `${new Date(fact.since).toISOString().slice(11, 16)} ${plain(clusterPhrases(fact, IDS))}`,
    )
    expect(lines.sort()).toEqual([
      '02:58 web: rollout failed, its pods did not become ready in time (web)',
      '03:04 cart: container killed 2 times for lack of memory, OOMKilled (cart-7d9f8c6b54-x2kqp)',
      '03:06 mail: pod in CrashLoopBackOff (mail-0)',
      '03:08 Node ip-10-0-1-7.ec2.internal is not ready',
    ])
  })

  test('shows a new image as one change', async () => {
    const feed = kubernetesRollouts({ ...source(), catalogue: new Map() })
    const changes = await feed.changes({ from: at - 60 * MINUTE, to, services }, AbortSignal.timeout(20_000))
    expect(
      changes.map(({ kind, service, title, at: time }) => ({ kind, service, title, minute: (time - at) / MINUTE })),
    ).toEqual([{ kind: 'deploy', service: 'web', title: 'New image: 1.4.2 \u2192 1.5.0', minute: -12 }])
  })
})
