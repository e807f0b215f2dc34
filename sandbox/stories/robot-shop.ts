import type { Service } from '../../src/incident/service.ts'
import { goldenQueries, service } from './catalogue.ts'
import { noisy, type Signal, steady, through } from './signals.ts'
import type { Edge, Workload } from './world.ts'

/**
 * The shop of two stories: a web gateway in front of small services with different data stores. The managed MySQL behind
 * Ratings and Shipping is not declared.
 */
export const shopServices: Service[] = [
  service({
    id: 'web',
    name: 'Web',
    owner: 'Storefront',
    tier: 1,
    description: 'The gateway: every customer request passes through it.',
    pagerdutyService: 'PSVCWEB',
    dependsOn: ['user', 'catalogue', 'ratings', 'cart', 'shipping', 'payment'],
    queries: goldenQueries('web', { latencyS: 2, errorPercent: 5 }),
  }),
  service({ id: 'user', name: 'User', owner: 'Storefront', tier: 2, dependsOn: ['mongodb', 'redis'] }),
  service({ id: 'catalogue', name: 'Catalogue', owner: 'Storefront', tier: 2, dependsOn: ['mongodb'] }),
  service({
    id: 'ratings',
    name: 'Ratings',
    owner: 'Storefront',
    tier: 3,
    pagerdutyService: 'PSVCRAT',
    dependsOn: ['catalogue'],
    queries: goldenQueries('ratings', { latencyS: 1, errorPercent: 10 }),
  }),
  service({ id: 'cart', name: 'Cart', owner: 'Storefront', tier: 1, dependsOn: ['redis', 'catalogue'] }),
  service({
    id: 'shipping',
    name: 'Shipping',
    owner: 'Storefront',
    tier: 1,
    description: 'Calculates shipping costs on every checkout.',
    pagerdutyService: 'PSVCSHIP',
    dependsOn: ['cart'],
    queries: goldenQueries('shipping', { latencyS: 2, errorPercent: 5 }),
  }),
  service({
    id: 'payment',
    name: 'Payment',
    owner: 'Payments',
    tier: 1,
    pagerdutyService: 'PSVCPAY',
    dependsOn: ['rabbitmq', 'user', 'cart'],
    queries: goldenQueries('payment', { latencyS: 2, errorPercent: 20 }),
  }),
  service({
    id: 'rabbitmq',
    name: 'RabbitMQ',
    owner: 'Platform',
    tier: 1,
    pagerdutyService: 'PSVCRMQ',
    queries: [
      {
        title: 'Messages published',
        query: 'sum(rate(rabbitmq_global_messages_received_total{service="rabbitmq"}[1m]))',
        unit: '/s',
      },
      { title: 'Connections', query: 'sum(rabbitmq_connections{service="rabbitmq"})', unit: 'connections' },
      {
        title: 'Memory per node',
        query:
          '100 * max(container_memory_working_set_bytes{service="rabbitmq"}) / max(kube_pod_container_resource_limits{service="rabbitmq",resource="memory"})',
        unit: '%',
        threshold: 90,
      },
    ],
  }),
  service({
    id: 'dispatch',
    name: 'Dispatch',
    owner: 'Payments',
    tier: 2,
    description: 'Consumes paid orders from RabbitMQ.',
    dependsOn: ['rabbitmq'],
  }),
  service({ id: 'mongodb', name: 'MongoDB', owner: 'Platform', tier: 1 }),
  service({ id: 'redis', name: 'Redis', owner: 'Platform', tier: 2 }),
]

/** MiB in bytes. */
export const megabytes = (count: number) => count * 1024 * 1024

const workload = (id: string, rate: Signal, p90: number, changed: Partial<Workload> = {}): Workload => ({
  service: id,
  rate: noisy(rate, `${id}/rate`, 0.06),
  errors: noisy(steady(0.002), `${id}/errors`, 0.5),
  p90: noisy(steady(p90), `${id}/p90`, 0.06),
  cpu: noisy(steady(0.22), `${id}/cpu`, 0.12),
  cpuLimit: steady(1),
  memory: noisy(steady(megabytes(210)), `${id}/memory`, 0.02),
  memoryLimit: steady(megabytes(512)),
  ...changed,
})

/** Night-time traffic at the gateway: about 140 operations a second, rising slowly; `volume` is a share of that. */
const trafficOf =
  (volume: number): Signal =>
  (storyMs) =>
    volume * NIGHT(storyMs)
const NIGHT = through([-360, 118], [-60, 133], [0, 140], [60, 148])
const sharesOf = (volume: number) => ({ traffic: trafficOf(volume), share: (part: number) => trafficOf(part * volume) })

/**
 * The shop's services as they are on a good night, with what a story changes about some of them. Payments are as many
 * at any `volume`.
 */
export const shopWorkloads = (changes: Record<string, Partial<Workload>> = {}, volume = 1): Workload[] => {
  const { traffic, share } = sharesOf(volume)
  return [
    workload('web', traffic, 0.42),
    workload('user', share(0.2), 0.06),
    workload('catalogue', share(0.44), 0.09),
    workload('ratings', share(0.17), 0.11),
    workload('cart', share(0.24), 0.05),
    workload('shipping', share(0.08), 1),
    workload('payment', steady(1.6), 0.3, { replicas: steady(3) }),
    workload('dispatch', steady(1.5), 0.2),
  ].map((each) => ({ ...each, ...changes[each.service] }))
}

const edge = (client: string, server: string, rate: Signal, p90: number): Edge => ({
  client,
  server,
  rate: noisy(rate, `${client}>${server}`, 0.06),
  p90: noisy(steady(p90), `${client}>${server}/p90`, 0.06),
})

/** The calls between services under normal conditions; `changes` overrides edges, by `client>server`. */
export const shopEdges = (changes: Record<string, Partial<Edge>> = {}, volume = 1): Edge[] => {
  const { traffic, share } = sharesOf(volume)
  return [
    edge('istio-ingressgateway', 'web', traffic, 0.42),
    edge('web', 'user', share(0.2), 0.06),
    edge('web', 'catalogue', share(0.44), 0.09),
    edge('web', 'ratings', share(0.17), 0.11),
    edge('web', 'cart', share(0.24), 0.05),
    edge('web', 'shipping', share(0.08), 1),
    edge('web', 'payment', steady(1.6), 0.3),
    edge('user', 'mongodb', share(0.2), 0.01),
    edge('user', 'redis', share(0.1), 0.003),
    edge('catalogue', 'mongodb', share(0.5), 0.012),
    edge('ratings', 'catalogue', share(0.1), 0.05),
    { ...edge('ratings', 'PassthroughCluster', share(0.17), 0.02), external: true },
    { ...edge('shipping', 'PassthroughCluster', share(0.16), 0.05), external: true },
    edge('shipping', 'cart', share(0.02), 0.05),
    edge('cart', 'redis', share(0.48), 0.004),
    edge('cart', 'catalogue', share(0.1), 0.05),
    edge('payment', 'user', steady(1.6), 0.05),
    edge('payment', 'cart', steady(1.6), 0.05),
    edge('payment', 'rabbitmq', steady(1.6), 0.02),
    edge('dispatch', 'rabbitmq', steady(1.5), 0.02),
  ].map((each) => ({ ...each, ...changes[`${each.client}>${each.server}`] }))
}
