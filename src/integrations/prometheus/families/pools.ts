import { type Family, maxOf, rateOf, SCRAPED, sumOf } from './family.ts'

/** Connection pools, as the service that waits for a connection sees them: HikariCP under Micrometer. */
export const hikariCp: Family = {
  name: 'HikariCP',
  kind: 'resources',
  sign: 'hikaricp_connections_pending',
  labels: ['application', ...SCRAPED],
  signals: [
    {
      title: 'Threads waiting for a connection',
      kind: 'saturation',
      unit: 'threads',
      needs: ['hikaricp_connections_pending'],
      query: sumOf('hikaricp_connections_pending'),
    },
    {
      title: 'Pooled connections in use',
      kind: 'saturation',
      unit: 'connections',
      needs: ['hikaricp_connections_active'],
      query: sumOf('hikaricp_connections_active'),
      limit: { needs: ['hikaricp_connections_max'], query: sumOf('hikaricp_connections_max') },
    },
    {
      title: 'Waits for a connection that timed out',
      kind: 'errors',
      unit: '/s',
      needs: ['hikaricp_connections_timeout_total'],
      query: rateOf('hikaricp_connections_timeout_total'),
    },
  ],
}

/** A Node.js process under prom-client's default metrics. */
export const nodeProcess: Family = {
  name: 'Node.js processes',
  kind: 'resources',
  sign: 'nodejs_eventloop_lag_p99_seconds',
  labels: SCRAPED,
  signals: [
    {
      title: 'Event loop lag',
      kind: 'saturation',
      unit: 's',
      needs: ['nodejs_eventloop_lag_p99_seconds'],
      query: maxOf('nodejs_eventloop_lag_p99_seconds'),
    },
  ],
}

/** The heap of a JVM under Micrometer. */
export const jvm: Family = {
  name: 'JVM',
  kind: 'resources',
  sign: 'jvm_memory_used_bytes',
  labels: ['application', ...SCRAPED],
  signals: [
    {
      title: 'Heap in use',
      kind: 'memory',
      unit: 'bytes',
      needs: ['jvm_memory_used_bytes'],
      query: sumOf('jvm_memory_used_bytes', 'area="heap"'),
      limit: { needs: ['jvm_memory_max_bytes'], query: sumOf('jvm_memory_max_bytes', 'area="heap"') },
    },
  ],
}
