import { megabytes } from '../robot-shop.ts'
import { combine, minutes, noisy, steady, through } from '../signals.ts'
import type { LogLine, Meter, World } from '../world.ts'

/** Seconds: over 60 s first, then minutes, as the workers wait for the database. */
const oldestMessage = through([3, 2], [4.5, 64], [7, 190], [12, 520], [20, 900], [25, 610], [30, 40], [34, 3])

/** Cluster CPU in percent: 70, 90, 100, as the new query scans the whole table. */
const clusterCpu = through(
  [2, 31],
  [5, 64],
  [6, 76],
  [8, 93],
  [10, 100],
  [22, 100],
  [23.5, 4],
  [25, 62],
  [30, 38],
  [34, 31],
)

const queryP90 = through([2, 0.03], [5, 1.1], [8, 9], [10, 24], [22, 28], [24, 2], [27, 0.06], [34, 0.03])
const failures = through([5, 0.002], [10, 0.22], [14, 0.61], [22, 0.66], [25, 0.1], [30, 0.004], [34, 0.002])
const deadLetters = through([13, 0], [22, 8_400], [27, 8_900], [31, 200], [33, 0])

const queue = { service: 'order-events', job: 'cloudwatch-exporter', queue_name: 'order-events' }
const cluster = { service: 'orders-db', job: 'cloudwatch-exporter', dbcluster_identifier: 'orders' }

const meters: Meter[] = [
  {
    name: 'aws_sqs_approximate_age_of_oldest_message_maximum',
    labels: queue,
    kind: 'gauge',
    value: combine(Math.round, noisy(oldestMessage, 'age', 0.03)),
    help: 'CloudWatch metric AWS/SQS ApproximateAgeOfOldestMessage, in seconds.',
  },
  {
    name: 'aws_sqs_approximate_number_of_messages_visible_average',
    labels: { ...queue, queue_name: 'order-events-dlq' },
    kind: 'gauge',
    value: combine(Math.round, deadLetters),
    help: 'CloudWatch metric AWS/SQS ApproximateNumberOfMessagesVisible.',
  },
  {
    name: 'aws_rds_cpuutilization_average',
    labels: cluster,
    kind: 'gauge',
    value: combine((percent) => Math.min(100, percent), noisy(clusterCpu, 'cluster', 0.02)),
    help: 'CloudWatch metric AWS/RDS CPUUtilization, in percent.',
  },
  {
    name: 'aws_rds_database_connections_average',
    labels: cluster,
    kind: 'gauge',
    value: combine(Math.round, noisy(through([5, 60], [12, 180], [22, 195], [24, 20], [28, 62]), 'sessions', 0.04)),
    help: 'CloudWatch metric AWS/RDS DatabaseConnections.',
  },
]

export const world: World = {
  workloads: [
    {
      service: 'orders',
      namespace: 'orders',
      // Flat: traffic is not the cause.
      rate: noisy(steady(85), 'orders/rate', 0.05),
      errors: noisy(failures, 'orders/errors', 0.04),
      errorCode: '504',
      p90: noisy(
        combine((own, query) => own + query, steady(0.12), queryP90),
        'orders/p90',
        0.05,
      ),
      cpu: noisy(steady(0.3), 'orders/cpu', 0.1),
      cpuLimit: steady(1),
      memory: noisy(steady(megabytes(420)), 'orders/memory', 0.02),
      memoryLimit: steady(megabytes(1024)),
    },
    {
      service: 'order-events',
      namespace: 'orders',
      rate: noisy(steady(42), 'order-events/rate', 0.05),
      errors: noisy(failures, 'order-events/errors', 0.04),
      p90: noisy(
        combine((own, query) => own + query, steady(0.2), queryP90),
        'order-events/p90',
        0.05,
      ),
      cpu: noisy(steady(0.25), 'order-events/cpu', 0.1),
      cpuLimit: steady(1),
    },
  ],
  edges: [
    {
      client: 'istio-ingressgateway',
      server: 'orders',
      serverNamespace: 'orders',
      rate: steady(85),
      errors: failures,
      p90: combine((own, query) => own + query, steady(0.12), queryP90),
    },
    {
      client: 'orders',
      clientNamespace: 'orders',
      server: 'orders-db',
      rate: steady(170),
      errors: failures,
      p90: queryP90,
      external: true,
    },
    {
      client: 'order-events',
      clientNamespace: 'orders',
      server: 'orders-db',
      rate: steady(126),
      errors: failures,
      p90: queryP90,
      external: true,
    },
  ],
  meters,
  rules: [],
}

export const logs: LogLine[] = [
  {
    atMs: minutes(4),
    untilMs: minutes(22),
    everyMs: 4_000,
    service: 'order-events',
    level: 'warn',
    text: 'slow query: SELECT ... FROM orders WHERE loyalty_ref = $1 took 11.4 s (sequential scan, 41 million rows)',
  },
  {
    atMs: minutes(13),
    untilMs: minutes(24),
    everyMs: 5_000,
    service: 'order-events',
    level: 'error',
    text: 'message failed 5 times, moved to order-events-dlq',
  },
  {
    atMs: minutes(11),
    service: 'orders',
    level: 'error',
    text: 'migration 0187_index_loyalty_ref: pipeline timed out, index not created',
  },
]
