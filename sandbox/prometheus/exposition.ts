import type { StoredSeries } from '../promql/values.ts'
import { combine, type Signal, steady, times } from '../stories/signals.ts'
import type { Edge, Meter, Workload, World } from '../stories/world.ts'
import { secondsBounds, sharesAtOrBelow } from './buckets.ts'
import { counter, gauge, histogram, historyMs, type Moment } from './scrape.ts'

/** Default namespace of workloads. */
export const shopNamespace = 'robot-shop'

/** All series of a story, with the names and labels of common exporters. */
export const exposition = (world: World, moment: Moment): StoredSeries[] => [
  ...world.workloads.flatMap((workload) => [...requests(workload, moment), ...containers(workload, moment)]),
  ...world.edges.flatMap((edge) => mesh(edge, moment)),
  ...world.meters.map((meter) => own(meter, moment)),
]

/** A service's own request counter and latency histogram, as its client library exposes them. */
const requests = (workload: Workload, moment: Moment): StoredSeries[] => {
  const { service, rate, errors = steady(0), errorCode = '500', p90 } = workload
  if (!rate) return []
  const labels = { job: service, namespace: workload.namespace ?? shopNamespace, service }
  const counted = [
    { code: '200', perSecond: combine((all, failed) => all * (1 - failed), rate, errors) },
    { code: errorCode, perSecond: combine((all, failed) => all * failed, rate, errors) },
  ].map(({ code, perSecond }) => counter({ ...labels, __name__: 'http_requests_total', code }, perSecond, moment))
  const up = gauge({ __name__: 'up', job: service, namespace: labels.namespace, service }, steady(1), moment)
  return [...counted, up, ...(p90 ? latency('http_request_duration_seconds', labels, rate, p90, moment) : [])]
}

const latency = (
  name: string,
  labels: Record<string, string>,
  rate: Signal,
  p90: Signal,
  moment: Moment,
  { unitsPerSecond = 1 } = {},
) =>
  histogram(
    {
      name,
      labels,
      rate,
      bounds: secondsBounds.map((bound) => bound * unitsPerSecond),
      shares: (storyMs) => sharesAtOrBelow(p90(storyMs)),
      // A log-logistic's mean is about 1.4 medians at this spread, and its median p90 / 2.5.
      mean: times((1.4 / 2.5) * unitsPerSecond, p90),
    },
    moment,
  )

/** Istio metrics of one edge: reported by the client, and by the server if it has a sidecar. */
const mesh = (edge: Edge, moment: Moment): StoredSeries[] => {
  const clientNamespace = edge.clientNamespace ?? shopNamespace
  const serverNamespace = edge.external ? 'unknown' : (edge.serverNamespace ?? shopNamespace)
  const labels = {
    source_workload: edge.client,
    source_workload_namespace: clientNamespace,
    source_app: edge.client,
    source_canonical_service: edge.client,
    destination_workload: edge.external ? 'unknown' : edge.server,
    destination_workload_namespace: serverNamespace,
    destination_app: edge.external ? 'unknown' : edge.server,
    destination_service: edge.external ? edge.server : `${edge.server}.${serverNamespace}.svc.cluster.local`,
    destination_service_name: edge.server,
    destination_service_namespace: serverNamespace,
    destination_canonical_service: edge.external ? 'unknown' : edge.server,
    request_protocol: 'http',
    connection_security_policy: edge.external ? 'none' : 'mutual_tls',
  }
  const { rate, errors = steady(0), p90, gap = steady(0.002) } = edge
  const sides = [
    { reporter: 'source', seconds: combine((own, wait) => own + wait, p90, gap) },
    ...(edge.external ? [] : [{ reporter: 'destination', seconds: p90 }]),
  ]
  return sides.flatMap(({ reporter, seconds }) => [
    ...[
      { response_code: '200', perSecond: combine((all, failed) => all * (1 - failed), rate, errors) },
      { response_code: '503', perSecond: combine((all, failed) => all * failed, rate, errors) },
    ].map(({ response_code, perSecond }) =>
      counter(
        { ...labels, __name__: 'istio_requests_total', reporter, response_code, response_flags: '-' },
        perSecond,
        moment,
      ),
    ),
    ...latency('istio_request_duration_milliseconds', { ...labels, reporter }, rate, seconds, moment, {
      unitsPerSecond: 1000,
    }),
  ])
}

/** cAdvisor and kube-state-metrics series of a workload's pods. */
const containers = (workload: Workload, moment: Moment): StoredSeries[] => {
  const { service, cpu, cpuLimit, memory, memoryLimit, replicas = steady(2), oomKills, images = [] } = workload
  const namespace = workload.namespace ?? shopNamespace
  const pod = { namespace, pod: `${service}-7d9f8c6b54-x2kqp`, container: service }
  const named = (name: string, extra: Record<string, string> = {}) => ({ __name__: name, ...pod, service, ...extra })
  const deployment = { namespace, deployment: service, service }
  const limit = (resource: string, unit: string, value: Signal | undefined) =>
    value ? [gauge(named('kube_pod_container_resource_limits', { resource, unit }), value, moment)] : []
  return [
    ...(cpu ? [counter(named('container_cpu_usage_seconds_total'), cpu, moment, { fractions: true })] : []),
    ...limit('cpu', 'core', cpuLimit),
    ...(memory ? [gauge(named('container_memory_working_set_bytes'), memory, moment)] : []),
    ...limit('memory', 'byte', memoryLimit),
    gauge({ __name__: 'kube_deployment_status_replicas', ...deployment }, combine(Math.round, replicas), moment),
    gauge(named('kube_pod_container_status_restarts_total'), oomKills ?? steady(0), moment),
    ...(images.length > 0 ? images : [[-historyMs, '1.0'] as const]).map(([from, tag], i, all) =>
      gauge(
        named('kube_pod_container_info', { image: `registry.example/shop/${service}:${tag}` }),
        during(i === 0 ? Number.NEGATIVE_INFINITY : from, all[i + 1]?.[0] ?? Number.POSITIVE_INFINITY),
        moment,
      ),
    ),
    ...(oomKills ? [gauge(named(lastTerminated, { reason: 'OOMKilled' }), whenKilled(oomKills), moment)] : []),
  ]
}

/** 1 in that time, and no series outside of it. */
const during =
  (from: number, to: number): Signal =>
  (storyMs) =>
    storyMs >= from && storyMs < to ? 1 : Number.NaN

const lastTerminated = 'kube_pod_container_status_last_terminated_reason'

/** The series appears with the first OOM kill. */
const whenKilled =
  (oomKills: Signal): Signal =>
  (storyMs) =>
    oomKills(storyMs) >= 1 ? 1 : Number.NaN

const own = ({ name, labels, kind, value }: Meter, moment: Moment): StoredSeries =>
  kind === 'gauge'
    ? gauge({ __name__: name, ...labels }, value, moment)
    : counter({ __name__: name, ...labels }, value, moment)
