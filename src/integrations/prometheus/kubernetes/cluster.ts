import type { ClusterFact } from '../../../incident/cluster-event.ts'
import type { EvidenceRequest } from '../../../incident/evidence.ts'
import type { Labels } from '../belonging.ts'
import type { PrometheusClient } from '../client.ts'
import type { MetricNames } from '../metric-names.ts'
import { begun, byReason, factsOf, grown, type Line, throttledSince } from './conditions.ts'
import { type Selection, selectionOf } from './selection.ts'

export type ClusterFactsOptions = { client: Pick<PrometheusClient, 'queryRange'>; names: MetricNames }

const MINUTE = 60_000
/** What breaks is noticed later. */
const BEFORE_MS = 30 * MINUTE
const LONGEST_MS = 6 * 60 * MINUTE
/** A cluster that loses more nodes than this is well described by the first ones. */
const MOST_NODES = 3

const RESTARTS = 'kube_pod_container_status_restarts_total'
const TERMINATED = 'kube_pod_container_status_last_terminated_reason'
const WAITING = 'kube_pod_container_status_waiting_reason'
const CONDITION = 'kube_deployment_status_condition'
const NODES = 'kube_node_status_condition'
const THROTTLED = 'container_cpu_cfs_throttled_periods_total'
const PERIODS = 'container_cpu_cfs_periods_total'

/**
 * What kube-state-metrics and cAdvisor report for the services in reach, and for all nodes, since shortly before the
 * incident began. A failed query loses its own facts only.
 */
export const clusterFacts =
  ({ client, names }: ClusterFactsOptions) =>
  async (request: EvidenceRequest, signal: AbortSignal): Promise<ClusterFact[]> => {
    const known = await names.known(signal)
    const selection = selectionOf(request.targets)
    // Whole minutes, so that another collection evaluates the same instants.
    const to = wholeMinute(request.to)
    const from = wholeMinute(Math.max(request.at - BEFORE_MS, request.to - LONGEST_MS))
    const ask = async (needs: string, query: string | undefined): Promise<Line[]> => {
      if (!query || !known.has(needs)) return []
      const points = Math.max(1, (to - from) / MINUTE)
      return client.queryRange({ query, from, to, points }, signal).then(
        ({ series }) => series,
        () => [],
      )
    }
    // The series with reasons appear with their first sample, later than the names were fetched.
    const [restarts, killed, waiting, stuck, throttled, nodes] = await Promise.all([
      ask(RESTARTS, selection?.containers(RESTARTS)),
      ask(RESTARTS, selection?.containers(TERMINATED, 'reason="OOMKilled"')),
      ask(RESTARTS, selection?.containers(WAITING, `reason=~"${Object.keys(WAITING_FOR).join('|')}"`)),
      ask(CONDITION, selection?.deployments(CONDITION, 'condition="Progressing",status="false"')),
      ask(THROTTLED, selection && throttling(selection)),
      ask(
        NODES,
        `${NODES}{condition="Ready",status=~"false|unknown"} == 1 or ${NODES}{condition=~".*Pressure",status="true"} == 1`,
      ),
    ])
    const serviceOf = selection?.serviceOf ?? (() => undefined)
    const pods = { serviceOf, object: 'pod' } as const
    const reasons = byReason(grown(restarts), killed)
    const stopped = begun(waiting)
    const looping = factsOf('crash_loop', stopped.filter(isLooping), { ...pods, count: 'objects' })
    const bad = begun(nodes)
    const none = { serviceOf: () => undefined, object: 'node', count: 'objects' } as const
    const facts = [
      ...factsOf('oom_killed', reasons.killed, { ...pods, count: 'times' }),
      ...looping,
      // What loops restarts all the time.
      ...factsOf('restarted', reasons.others, { ...pods, count: 'times' }).filter(
        ({ service }) => !looping.some((loop) => loop.service === service),
      ),
      ...factsOf(
        'image_pull_failed',
        stopped.filter((one) => !isLooping(one)),
        { ...pods, count: 'objects' },
      ),
      ...factsOf('rollout_stuck', begun(stuck), { serviceOf, object: 'deployment', count: 'objects' }),
      ...factsOf('throttled', throttledSince(throttled, request.at), {
        serviceOf,
        object: 'container',
        count: 'worst',
      }),
    ].filter(({ service }) => service !== undefined)
    return [
      ...facts,
      ...factsOf('node_not_ready', bad.filter(isNotReady), none).slice(0, MOST_NODES),
      ...factsOf(
        'node_pressure',
        bad.filter((one) => !isNotReady(one)),
        none,
      ).slice(0, MOST_NODES),
    ]
  }

/** Kubernetes: https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/ */
const WAITING_FOR: Record<string, 'crash_loop' | 'image_pull_failed'> = {
  CrashLoopBackOff: 'crash_loop',
  ImagePullBackOff: 'image_pull_failed',
  ErrImagePull: 'image_pull_failed',
  InvalidImageName: 'image_pull_failed',
  CreateContainerConfigError: 'image_pull_failed',
}

const isLooping = ({ labels }: { labels: Labels }): boolean => WAITING_FOR[labels.reason ?? ''] === 'crash_loop'
const isNotReady = ({ labels }: { labels: Labels }): boolean => labels.condition === 'Ready'

const throttling = ({ containers }: Selection): string => {
  const rate = (metric: string) =>
    `sum by (namespace, pod, container) ${containers(metric, 'container!="",container!="POD"', (selected) => `rate(${selected}[2m])`)}`
  return `100 * ${rate(THROTTLED)} / ${rate(PERIODS)}`
}

export const wholeMinute = (at: number): number => Math.floor(at / MINUTE) * MINUTE
