import { megabytes, shopEdges, shopWorkloads } from '../robot-shop.ts'
import { combine, minutes, noisy, steady, through } from '../signals.ts'
import type { LogLine, Meter, World } from '../world.ts'

/**
 * A business day's end: most of the two requests a second at the gateway are payments, so that Web's 15 % are
 * Payment's 18 %.
 */
const QUIET_EVENING = 1 / 72

/** Messages per second: from 154 to 300-350 within half an hour, while the unknown publisher runs. */
const published = through([-30, 154], [-1, 318], [9, 346], [20, 330], [24, 322], [40, 310])
const connections = through([-30, 266], [-22, 390], [-10, 465], [40, 465])

const paymentErrors = through([-20, 0.002], [-6, 0.12], [-1, 0.18], [14, 0.18], [17, 0.01], [20, 0.002])
const webErrors = through([-20, 0.002], [-6, 0.1], [-1, 0.15], [14, 0.15], [17, 0.01], [20, 0.002])

/** Memory per node in MiB: reaches the limit of 200 until it is doubled. */
const nodeMemory = through([-30, 118], [-5, 176], [7, 197], [9, 199], [14, 199], [15, 230], [30, 262])
const nodeLimit = through([14, 200], [14.1, 400])

const rabbit = { service: 'rabbitmq', job: 'rabbitmq', namespace: 'robot-shop' }

const meters: Meter[] = [
  {
    name: 'rabbitmq_global_messages_received_total',
    labels: { ...rabbit, protocol: 'amqp091' },
    kind: 'counter',
    value: noisy(published, 'published', 0.04),
    help: 'Total number of messages received from publishers.',
  },
  {
    name: 'rabbitmq_global_messages_delivered_total',
    labels: { ...rabbit, protocol: 'amqp091' },
    kind: 'counter',
    value: noisy(through([-30, 154], [-1, 230], [40, 290]), 'delivered', 0.04),
    help: 'Total number of messages delivered to consumers.',
  },
  {
    name: 'rabbitmq_connections',
    labels: rabbit,
    kind: 'gauge',
    value: combine(Math.round, noisy(connections, 'amqp', 0.02)),
    help: 'Connections currently open.',
  },
  {
    name: 'rabbitmq_global_publishers',
    labels: { ...rabbit, protocol: 'amqp091' },
    kind: 'gauge',
    value: combine(Math.round, noisy(connections, 'publishers', 0.01)),
    help: 'Publishers currently connected.',
  },
  {
    name: 'rabbitmq_queue_messages_ready',
    labels: { ...rabbit, queue: 'orders' },
    kind: 'gauge',
    value: combine(Math.round, through([-30, 12], [0, 22_000], [14, 66_000], [30, 90_000])),
    help: 'Messages ready to be delivered to consumers.',
  },
]

export const world: World = {
  workloads: [
    ...shopWorkloads(
      {
        web: { errors: noisy(webErrors, 'web/errors', 0.04), errorCode: '502' },
        payment: {
          errors: noisy(paymentErrors, 'payment/errors', 0.05),
          p90: noisy(through([-20, 0.3], [-1, 9.5], [14, 9.8], [17, 0.4]), 'payment/p90', 0.05),
          errorCode: '500',
        },
        // Scaled out by KEDA without effect: consumers were never the bottleneck.
        dispatch: { replicas: through([7, 2], [8, 6], [9, 10], [25, 10], [30, 2]) },
      },
      QUIET_EVENING,
    ),
    {
      service: 'rabbitmq',
      cpu: noisy(through([-30, 0.4], [0, 0.93], [14, 0.95], [16, 0.5]), 'rabbitmq/cpu', 0.04),
      cpuLimit: steady(1),
      memory: combine((count) => Math.round(megabytes(count)), noisy(nodeMemory, 'rabbitmq/memory', 0.005)),
      memoryLimit: combine(megabytes, nodeLimit),
      replicas: through([14, 3], [14.1, 6]),
      oomKills: combine(Math.floor, through([8.5, 0], [9, 1], [11, 2.1], [13, 3.1], [14, 3.1])),
    },
    {
      service: 'pending-orders-recreation',
      namespace: 'pending-orders',
      replicas: through([-29, 0], [-28, 120], [-24, 400]),
      cpu: noisy(steady(0.08), 'recreation/cpu', 0.1),
    },
  ],
  edges: [
    ...shopEdges(
      {
        'web>payment': { errors: paymentErrors },
        'payment>rabbitmq': {
          errors: paymentErrors,
          p90: noisy(through([-30, 0.02], [-1, 0.5], [14, 0.6], [17, 0.02]), 'payment>rabbitmq', 0.1),
          gap: through([-20, 0.002], [-1, 9], [14, 9], [17, 0.002]),
        },
      },
      QUIET_EVENING,
    ),
    {
      client: 'pending-orders-recreation',
      clientNamespace: 'pending-orders',
      server: 'rabbitmq',
      rate: noisy(through([-29, 0], [-1, 165], [9, 192], [40, 160]), 'recreation', 0.04),
      p90: noisy(steady(0.4), 'recreation/p90', 0.1),
    },
  ],
  meters,
  rules: [
    {
      group: 'shop',
      alert: 'HighErrorRate',
      // Critical above 20 %: Web's 15 % and Payment's 18 % stay below.
      query:
        'sum by (service) (rate(http_requests_total{code=~"5.."}[1m])) / sum by (service) (rate(http_requests_total[1m])) > 0.2',
      forMs: minutes(1),
      labels: { severity: 'critical' },
      annotations: { summary: '5xx ratio above 20 %' },
    },
    {
      group: 'rabbitmq',
      alert: 'ContainerOOMKilled',
      query:
        'increase(kube_pod_container_status_restarts_total[10m]) > 0 and on (namespace, pod, container) kube_pod_container_status_last_terminated_reason{reason="OOMKilled"} == 1',
      forMs: 0,
      labels: { severity: 'error' },
      annotations: { summary: 'A container was OOMKilled' },
    },
  ],
}

export const logs: LogLine[] = [
  {
    atMs: minutes(-12),
    untilMs: minutes(16),
    everyMs: 5_000,
    service: 'payment',
    level: 'error',
    text: 'amqp.exceptions.ConnectionError: AMQP handshake timed out after 10 s (rabbitmq:5672)',
  },
  {
    atMs: minutes(-60),
    untilMs: minutes(60),
    everyMs: 30_000,
    service: 'dispatch',
    level: 'info',
    text: 'processed order, acknowledged delivery',
  },
  {
    atMs: minutes(8, 40),
    untilMs: minutes(14),
    everyMs: 60_000,
    service: 'rabbitmq',
    level: 'warn',
    text: 'memory resource limit alarm set on node rabbit@rabbitmq-7d9f8c6b54-x2kqp. Publishers will be blocked',
  },
]
