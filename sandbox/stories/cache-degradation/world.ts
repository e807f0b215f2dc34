import { megabytes } from '../robot-shop.ts'
import { combine, minutes, noisy, type Signal, steady, through, times } from '../signals.ts'
import type { Edge, LogLine, Meter, Workload, World } from '../world.ts'

/** Cache hit ratio, 0..1: falls when the cache nodes' network degrades. */
export const hitRatio = through([-14, 0.97], [-6, 0.62], [0, 0.41], [26, 0.39], [30, 0.9], [34, 0.96])

/** Extra seconds a cache client waits on the degraded network; the cache itself does not see them. */
const networkWait = through([-14, 0.002], [-6, 0.35], [0, 0.8], [26, 0.85], [29, 0.004], [34, 0.002])

/** Recovers with the new load-balancing policy and the fixed network. */
const storefrontCpu = through([-14, 0.9], [-4, 1.7], [0, 1.96], [26, 1.97], [30, 1.2], [36, 0.95])
const storefrontErrors = through([-12, 0.003], [-2, 0.24], [0, 0.38], [4, 0.46], [26, 0.44], [31, 0.02], [35, 0.003])
const checkoutErrors = through([-12, 0.002], [0, 0.5], [4, 0.71], [26, 0.7], [31, 0.03], [35, 0.002])
const storefrontP90 = through([-14, 0.6], [-4, 4.6], [0, 9.5], [6, 14], [26, 14], [31, 1.1], [35, 0.6])
const databaseP90 = through([-14, 0.02], [-4, 0.5], [0, 1.7], [26, 1.9], [30, 0.1], [35, 0.02])

const reads = steady(2100)
const misses = combine((all, hit) => all * (1 - hit), reads, hitRatio)

const workload = (service: string, rate: Signal, p90: Signal, changed: Partial<Workload> = {}): Workload => ({
  service,
  namespace: 'store',
  rate: noisy(rate, `${service}/rate`, 0.05),
  p90: noisy(p90, `${service}/p90`, 0.05),
  errors: noisy(steady(0.002), `${service}/errors`, 0.4),
  cpu: noisy(steady(0.4), `${service}/cpu`, 0.1),
  cpuLimit: steady(2),
  memory: noisy(steady(megabytes(600)), `${service}/memory`, 0.02),
  memoryLimit: steady(megabytes(1024)),
  ...changed,
})

const edge = (client: string, server: string, rate: Signal, p90: Signal, changed: Partial<Edge> = {}): Edge => ({
  client,
  server,
  clientNamespace: 'store',
  serverNamespace: 'store',
  rate: noisy(rate, `${client}>${server}`, 0.05),
  p90: noisy(p90, `${client}>${server}/p90`, 0.05),
  ...changed,
})

const redis = (node: string) => ({ service: 'cache', job: 'redis-exporter', instance: node })
const nodes = ['node-a', 'node-b', 'node-c', 'node-d']
const sickNodes = ['node-b', 'node-c', 'node-d']

const meters: Meter[] = [
  ...nodes.flatMap((node): Meter[] => [
    {
      name: 'redis_keyspace_hits_total',
      labels: redis(node),
      kind: 'counter',
      value: noisy(
        times(
          1 / nodes.length,
          combine((all, missed) => all - missed, reads, misses),
        ),
        `${node}/hits`,
        0.03,
      ),
      help: 'Reads that found their key.',
    },
    {
      name: 'redis_keyspace_misses_total',
      labels: redis(node),
      kind: 'counter',
      value: noisy(times(1 / nodes.length, misses), `${node}/misses`, 0.03),
      help: 'Reads that did not find their key.',
    },
    {
      name: 'node_network_receive_drop_total',
      labels: { service: 'cache', job: 'node-exporter', instance: node, device: 'eth0' },
      kind: 'counter',
      value: sickNodes.includes(node) ? through([-15, 0.02], [-6, 240], [0, 610], [26, 640], [28, 0.02]) : steady(0.02),
      help: 'Packets that were dropped on their way in.',
    },
  ]),
  {
    name: 'pg_stat_database_xact_commit',
    labels: { service: 'store-db', job: 'postgres-exporter', datname: 'store' },
    kind: 'counter',
    value: noisy(
      combine((missed) => 90 + missed, misses),
      'commits',
      0.04,
    ),
    help: 'Transactions that were committed.',
  },
]

export const world: World = {
  workloads: [
    workload('storefront', steady(420), storefrontP90, {
      errors: storefrontErrors,
      errorCode: '503',
      cpu: storefrontCpu,
    }),
    workload('checkout', steady(38), times(1.2, storefrontP90), { errors: checkoutErrors, errorCode: '504' }),
    workload(
      'product',
      steady(390),
      combine((own, database) => own + database, steady(0.08), databaseP90),
    ),
    workload('cache', reads, steady(0.004), { cpu: noisy(steady(0.5), 'cache/cpu', 0.1) }),
    workload(
      'store-db',
      combine((missed) => 90 + missed, misses),
      databaseP90,
      {
        cpu: noisy(through([-14, 0.5], [-4, 1.5], [0, 1.9], [26, 1.93], [31, 0.7], [36, 0.5]), 'store-db/cpu', 0.03),
      },
    ),
  ],
  edges: [
    edge('load-balancer', 'storefront', steady(420), storefrontP90, { errors: storefrontErrors }),
    edge('storefront', 'checkout', steady(38), times(1.2, storefrontP90), { errors: checkoutErrors }),
    edge(
      'storefront',
      'product',
      steady(390),
      combine((own, db) => own + db, steady(0.08), databaseP90),
    ),
    edge('storefront', 'cache', times(0.6, reads), steady(0.004), { gap: networkWait }),
    edge('product', 'cache', times(0.3, reads), steady(0.004), { gap: networkWait }),
    edge('checkout', 'cache', times(0.1, reads), steady(0.004), { gap: networkWait }),
    edge(
      'product',
      'store-db',
      combine((missed) => 60 + 0.7 * missed, misses),
      databaseP90,
    ),
    edge(
      'checkout',
      'store-db',
      combine((missed) => 30 + 0.3 * missed, misses),
      databaseP90,
    ),
  ],
  meters,
  rules: [
    {
      group: 'store',
      alert: 'CheckoutDown',
      query:
        'sum by (service) (rate(http_requests_total{service="checkout",code=~"5.."}[1m])) / sum by (service) (rate(http_requests_total{service="checkout"}[1m])) > 0.4',
      forMs: minutes(1),
      labels: { severity: 'critical' },
      annotations: { summary: 'The checkout page is down' },
    },
  ],
}

export const logs: LogLine[] = [
  {
    atMs: minutes(-10),
    untilMs: minutes(28),
    everyMs: 3_000,
    service: 'storefront',
    level: 'warn',
    text: 'worker pool exhausted, request queued for 8.1 s',
  },
  {
    atMs: minutes(-8),
    untilMs: minutes(28),
    everyMs: 4_000,
    service: 'product',
    level: 'warn',
    text: 'cache read timed out after 800 ms, falling back to the database',
  },
  {
    atMs: minutes(-60),
    untilMs: minutes(60),
    everyMs: 30_000,
    service: 'checkout',
    level: 'info',
    text: 'POST /checkout',
  },
]
