import { type Family, maxOf, rateOf, type Scope } from './family.ts'

const cpu = 'container_cpu_usage_seconds_total'
const memory = 'container_memory_working_set_bytes'
const limits = 'kube_pod_container_resource_limits'
const throttled = 'container_cpu_cfs_throttled_periods_total'
const periods = 'container_cpu_cfs_periods_total'

/** Of the busiest pod: a mean over many hides the one that is full. */
const busiestCpu = ({ by, in: selector, range }: Scope) =>
  `max by (${by}) (sum by (${by}, pod) (rate(${cpu}${selector()}[${range}])))`

/** What cAdvisor measures of containers, against the limits that kube-state-metrics knows. */
export const containers: Family = {
  name: 'cAdvisor and kube-state-metrics',
  kind: 'resources',
  sign: cpu,
  // The pause container and the sums over a pod carry no name, or this one.
  only: 'container!="",container!="POD"',
  labels: ['container'],
  signals: [
    {
      title: 'CPU of the busiest pod',
      kind: 'cpu',
      unit: 'cores',
      needs: [cpu],
      query: busiestCpu,
      limit: { needs: [limits], query: maxOf(limits, 'resource="cpu"') },
    },
    {
      title: 'Memory of the fullest pod',
      kind: 'memory',
      unit: 'bytes',
      needs: [memory],
      query: maxOf(memory),
      limit: { needs: [limits], query: maxOf(limits, 'resource="memory"') },
    },
    {
      title: 'CPU throttling',
      kind: 'saturation',
      unit: '%',
      needs: [throttled, periods],
      query: (scope) => `100 * ${rateOf(throttled)(scope)} / ${rateOf(periods)(scope)}`,
    },
  ],
}

const unavailable = 'kube_deployment_status_replicas_unavailable'
const replicas = 'kube_deployment_status_replicas'

/** How many pods a deployment has, and how many of them are missing. */
export const deployments: Family = {
  name: 'Deployments',
  kind: 'resources',
  sign: replicas,
  labels: ['deployment'],
  signals: [
    { title: 'Pods', kind: 'other', worse: 'either', unit: 'pods', needs: [replicas], query: maxOf(replicas) },
    { title: 'Missing pods', kind: 'saturation', unit: 'pods', needs: [unavailable], query: maxOf(unavailable) },
  ],
}
