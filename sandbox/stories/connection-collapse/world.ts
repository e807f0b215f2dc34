import { shopEdges, shopWorkloads } from '../robot-shop.ts'
import { combine, minutes, noisy, steady, through, times } from '../signals.ts'
import type { Meter, World } from '../world.ts'

/** `max_connections` of the RDS instance: at this limit new connections are refused. */
const maxConnections = 648

/**
 * Demand for connections. Idle ones pile up past the limit; killing them helps for a few minutes, the new pool settings
 * for good.
 */
const wanted = through(
  [-10, 217],
  [-6, 380],
  [-3, 585],
  [-1.5, 700],
  [16, 900],
  [16.5, 150],
  [20, 390],
  [23, 700],
  [25.5, 800],
  [26.5, 130],
  [60, 120],
)
const connections = combine((count) => Math.min(maxConnections, Math.round(count)), noisy(wanted, 'connections', 0.004))

/** P90 in seconds: about 1 s, 9.28 s at the page, 4.39 min at the peak. */
const shippingP90 = through(
  [-6, 1],
  [-5, 1.05],
  [-2, 8.9],
  [-1, 9.28],
  [0.5, 9.28],
  [3, 38],
  [5, 120],
  [7, 263.4],
  [15.5, 263.4],
  [17, 3],
  [18, 1.3],
  [21, 1.2],
  [23, 9],
  [25.5, 30],
  [27, 1.1],
  [28, 1],
)

const shippingErrors = through(
  [0, 0.002],
  [2, 0.02],
  [5, 0.17],
  [7, 0.3],
  [15.5, 0.3],
  [17, 0.01],
  [22, 0.01],
  [24, 0.08],
  [25.5, 0.1],
  [27, 0.004],
  [28, 0.002],
)

const ratingsErrors = through(
  [-1, 0.002],
  [1, 0.1],
  [5, 0.5],
  [7, 0.84],
  [15.5, 0.84],
  [17, 0.02],
  [22, 0.02],
  [25, 0.3],
  [26.5, 0.01],
  [28, 0.002],
)

const isFull = (open: number) => open >= maxConnections

const mysql = { service: 'mysql', job: 'mysqld-exporter', instance: 'shop-mysql.rds.example:3306' }
const pool = { service: 'shipping', job: 'shipping', pool: 'HikariPool-1' }

const meters: Meter[] = [
  {
    name: 'mysql_global_status_threads_connected',
    labels: mysql,
    kind: 'gauge',
    value: connections,
    help: 'The number of currently open connections.',
  },
  {
    name: 'mysql_global_variables_max_connections',
    labels: mysql,
    kind: 'gauge',
    value: steady(maxConnections),
    help: 'The number of connections the server permits.',
  },
  {
    name: 'mysql_global_status_threads_running',
    labels: mysql,
    kind: 'gauge',
    value: combine(Math.round, noisy(steady(9), 'running', 0.3)),
    help: 'The number of threads that are not sleeping.',
  },
  {
    name: 'mysql_info_schema_processlist_processes_by_user',
    labels: { ...mysql, mysql_user: 'shipping' },
    kind: 'gauge',
    value: combine((open) => Math.round(open * 0.88), connections),
    help: 'The number of processes by user.',
  },
  {
    name: 'mysql_info_schema_processlist_processes_by_user',
    labels: { ...mysql, mysql_user: 'ratings' },
    kind: 'gauge',
    value: combine((open) => Math.round(open * 0.09), connections),
    help: 'The number of processes by user.',
  },
  {
    name: 'mysql_global_status_connection_errors_total',
    labels: { ...mysql, error: 'max_connection' },
    kind: 'counter',
    value: combine((open) => (isFull(open) ? 21 : 0), connections),
    help: 'Connections refused, by the reason.',
  },
  {
    name: 'hikaricp_connections_pending',
    labels: pool,
    kind: 'gauge',
    value: combine((open, p90) => (isFull(open) ? Math.round(6 * Math.log2(1 + p90)) : 0), connections, shippingP90),
    help: 'Threads waiting for a connection.',
  },
  {
    name: 'hikaricp_connections_timeout_total',
    labels: pool,
    kind: 'counter',
    value: combine((failed) => (failed > 0.01 ? failed * 11 : 0), shippingErrors),
    help: 'Threads that timed out waiting for a connection.',
  },
]

export const p90Query =
  'histogram_quantile(0.9, sum by (service, le) (rate(http_request_duration_seconds_bucket{service="shipping"}[1m])))'

export const errorRatioQuery =
  'sum by (service) (rate(http_requests_total{code=~"5.."}[1m])) / sum by (service) (rate(http_requests_total[1m]))'

export const world: World = {
  workloads: shopWorkloads({
    shipping: {
      p90: noisy(shippingP90, 'shipping/p90', 0.02),
      errors: noisy(shippingErrors, 'shipping/errors', 0.04),
      errorCode: '504',
    },
    ratings: { errors: noisy(ratingsErrors, 'ratings/errors', 0.03) },
    web: {
      // One in ten requests needs shipping costs, and waits until the front-end timeout.
      p90: combine(
        (own, shipping) => own + Math.min(60, shipping) * 0.2,
        noisy(steady(0.22), 'web/p90', 0.06),
        noisy(shippingP90, 'web/shipping', 0.05),
      ),
      errors: noisy(times(0.2, ratingsErrors), 'web/errors', 0.05),
      errorCode: '504',
    },
  }),
  edges: shopEdges({
    'web>shipping': { p90: noisy(shippingP90, 'web>shipping/p90', 0.02), errors: shippingErrors },
    'web>ratings': { errors: ratingsErrors },
    'shipping>PassthroughCluster': { p90: times(0.95, shippingP90), errors: shippingErrors },
    'ratings>PassthroughCluster': { errors: ratingsErrors },
  }),
  meters,
  rules: [
    {
      group: 'shipping',
      alert: 'ShippingHighP90Latency',
      query: `${p90Query} > 2`,
      forMs: minutes(1),
      labels: { severity: 'critical' },
      annotations: {
        summary: 'High P90 latency on Shipping',
        runbook_url: 'https://runbooks.shop.example/high-latency',
      },
    },
    {
      group: 'shop',
      alert: 'HighErrorRate',
      query: `${errorRatioQuery} > 0.2`,
      forMs: minutes(1),
      labels: { severity: 'critical' },
      annotations: { summary: '5xx ratio above 20 %', runbook_url: 'https://runbooks.shop.example/high-error-rate' },
    },
  ],
}
