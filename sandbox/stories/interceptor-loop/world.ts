import { megabytes } from '../robot-shop.ts'
import { combine, minutes, noisy, steady, through } from '../signals.ts'
import type { LogLine, Meter, World } from '../world.ts'

/** P90 is high for six minutes: from the bad image at 08:06 to the rollback at 08:12. */
const p90 = through([0, 0.18], [0.7, 4.2], [2, 7.8], [5, 8.4], [6, 0.22], [8, 0.18])
const memory = through([0, 310], [5, 1_900], [5.5, 320], [8, 310])

/** 5,000 log lines per request reach Loki, and stay in its memory after the rollback. */
const lines = through([0, 410], [0.7, 190_000], [5, 260_000], [5.7, 900], [8, 420])
const nodeFree = through([0, 41], [5, 9], [10, 4], [30, 2.2], [33, 0.4], [64, 46])

const node = { service: 'monitoring', job: 'node-exporter', instance: 'node-3' }

const meters: Meter[] = [
  {
    name: 'loki_distributor_lines_received_total',
    labels: { service: 'loki', job: 'loki', tenant: 'fake' },
    kind: 'counter',
    value: noisy(lines, 'lines', 0.04),
    help: 'The total number of lines received per tenant.',
  },
  {
    name: 'node_memory_MemAvailable_bytes',
    labels: node,
    kind: 'gauge',
    value: combine((percent) => Math.round((percent / 100) * megabytes(32_000)), noisy(nodeFree, 'free', 0.02)),
    help: 'Memory information field MemAvailable_bytes.',
  },
  {
    name: 'node_memory_MemTotal_bytes',
    labels: node,
    kind: 'gauge',
    value: steady(megabytes(32_000)),
    help: 'Memory information field MemTotal_bytes.',
  },
]

export const world: World = {
  workloads: [
    {
      service: 'api',
      namespace: 'backend',
      rate: noisy(steady(52), 'api/rate', 0.05),
      errors: noisy(through([0, 0.001], [2, 0.03], [5, 0.05], [6, 0.001]), 'api/errors', 0.2),
      p90: noisy(p90, 'api/p90', 0.04),
      cpu: noisy(through([0, 0.3], [1, 1.9], [5, 1.95], [6, 0.3]), 'api/cpu', 0.03),
      cpuLimit: steady(2),
      memory: combine((count) => Math.round(megabytes(count)), noisy(memory, 'api/memory', 0.02)),
      memoryLimit: steady(megabytes(2048)),
    },
    {
      service: 'loki',
      namespace: 'monitoring',
      cpu: noisy(through([0, 0.2], [2, 3.4], [8, 3.2], [33, 3.3], [64, 0.2]), 'loki/cpu', 0.05),
      cpuLimit: steady(4),
      memory: combine(
        (count) => Math.round(megabytes(count)),
        noisy(through([0, 2_100], [5, 14_000], [30, 21_000], [33, 23_800], [64, 1_900]), 'loki/memory', 0.01),
      ),
    },
  ],
  edges: [
    {
      client: 'ingress-nginx',
      clientNamespace: 'ingress',
      server: 'api',
      serverNamespace: 'backend',
      rate: steady(52),
      p90,
    },
  ],
  meters,
  rules: [],
  // Prometheus ran on the crashed node: alerting is down for about 40 minutes, until the Helm releases are updated.
  blind: [minutes(33), minutes(74)],
}

export const logs: LogLine[] = [
  {
    atMs: minutes(0, 20),
    untilMs: minutes(5),
    everyMs: 1_000,
    service: 'api',
    level: 'info',
    text: 'LoggingInterceptor: step 4999 of 5000 {"handler":"orders.list","headers":{...}}',
  },
  {
    atMs: minutes(-60),
    untilMs: minutes(33),
    everyMs: 20_000,
    service: 'api',
    level: 'info',
    text: 'GET /orders 200',
  },
]
