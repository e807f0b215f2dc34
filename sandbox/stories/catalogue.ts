import type { Service } from '../../src/incident/service.ts'

/** What a story says about a service; the rest is empty. */
type Entry = Pick<Service, 'id' | 'name'> & Partial<Service>

/** A whole catalogue entry from the members a story cares about. */
export const service = (entry: Entry): Service => ({
  pageOnDeclare: false,
  dashboards: [],
  queries: [],
  dependsOn: [],
  match: [],
  aliases: [],
  ...entry,
})

/** The three graphs that every service with requests of its own is judged by. */
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
