import type { Service } from '../../../src/incident/service.ts'
import { goldenQueries, service } from '../catalogue.ts'

export const storeServices: Service[] = [
  service({
    id: 'storefront',
    name: 'Storefront',
    owner: 'Storefront',
    tier: 1,
    description: 'The web pods of the second shop, behind the load balancer.',
    pagerdutyService: 'PSVCSTORE',
    dependsOn: ['checkout', 'product', 'cache'],
    queries: [
      ...goldenQueries('storefront', { latencyS: 3, errorPercent: 5 }),
      {
        title: 'CPU of a pod',
        query: 'max(rate(container_cpu_usage_seconds_total{service="storefront"}[1m]))',
        unit: 'cores',
        threshold: 1.8,
      },
    ],
  }),
  service({
    id: 'checkout',
    name: 'Checkout',
    owner: 'Storefront',
    tier: 1,
    pagerdutyService: 'PSVCCHK',
    dependsOn: ['cache', 'store-db'],
    queries: goldenQueries('checkout', { latencyS: 3, errorPercent: 5 }),
  }),
  service({ id: 'product', name: 'Product', owner: 'Storefront', tier: 2, dependsOn: ['cache', 'store-db'] }),
  service({
    id: 'cache',
    name: 'Cache',
    owner: 'Platform',
    tier: 1,
    description: 'Redis, a pod on each of four nodes.',
    queries: [
      {
        title: 'Cache hits',
        query:
          '100 * sum(rate(redis_keyspace_hits_total{service="cache"}[1m])) / (sum(rate(redis_keyspace_hits_total{service="cache"}[1m])) + sum(rate(redis_keyspace_misses_total{service="cache"}[1m])))',
        unit: '%',
      },
      {
        title: 'Dropped packets',
        query: 'sum by (instance) (rate(node_network_receive_drop_total{service="cache"}[1m]))',
        unit: '/s',
      },
    ],
  }),
  service({
    id: 'store-db',
    name: 'Store database',
    owner: 'Platform',
    tier: 1,
    queries: [
      {
        title: 'Transactions',
        query: 'sum(rate(pg_stat_database_xact_commit{service="store-db"}[1m]))',
        unit: '/s',
      },
    ],
  }),
]
