import type { Service } from '../../src/incident/service.ts'

type Entry = Pick<Service, 'id' | 'name'> & Partial<Service>

/** Completes a catalogue entry with empty defaults. */
export const service = (entry: Entry): Service => ({
  pageOnDeclare: false,
  dashboards: [],
  queries: [],
  dependsOn: [],
  match: [],
  aliases: [],
  ...entry,
})

/** Latency, error rate and traffic of a service that exposes HTTP metrics. */
export const goldenQueries = (id: string, { latencyS, errorPercent }: { latencyS: number; errorPercent: number }) => [
  {
    title: 'P90 latency',
    query: `histogram_quantile(0.9, sum by (le) (rate(http_request_duration_seconds_bucket{service="${id}"}[1m])))`,
    unit: 's',
    threshold: latencyS,
  },
  {
    title: 'Failed requests',
    query: `100 * sum(rate(http_requests_total{service="${id}",code=~"5.."}[1m])) / sum(rate(http_requests_total{service="${id}"}[1m]))`,
    unit: '%',
    threshold: errorPercent,
  },
  { title: 'Requests', query: `sum(rate(http_requests_total{service="${id}"}[1m]))`, unit: 'req/s' },
]
