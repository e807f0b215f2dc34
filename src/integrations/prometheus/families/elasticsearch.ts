import { type Family, maxOf, rateOf, sumOf } from './family.ts'

const searches = 'elasticsearch_indices_search_query_total'
const searchTime = 'elasticsearch_indices_search_query_time_seconds'
const heap = 'elasticsearch_jvm_memory_used_bytes'
const heapLimit = 'elasticsearch_jvm_memory_max_bytes'
const rejected = 'elasticsearch_thread_pool_rejected_count'
const queued = 'elasticsearch_thread_pool_queue_count'
const cpu = 'elasticsearch_process_cpu_percent'
const shards = 'elasticsearch_cluster_health_unassigned_shards'

/** Elasticsearch and OpenSearch: https://github.com/prometheus-community/elasticsearch_exporter */
export const elasticsearch: Family = {
  name: 'Elasticsearch',
  kind: 'store',
  sign: searches,
  labels: ['service', 'cluster', 'app', 'instance', 'job'],
  hint: /elastic|opensearch|search/i,
  signals: [
    {
      title: 'Time for a search',
      kind: 'latency',
      unit: 's',
      needs: [searches, searchTime],
      query: (scope) => `${rateOf(searchTime)(scope)} / ${rateOf(searches)(scope)}`,
    },
    { title: 'Searches', kind: 'traffic', worse: 'either', unit: '/s', needs: [searches], query: rateOf(searches) },
    { title: 'Rejected requests', kind: 'errors', unit: '/s', needs: [rejected], query: rateOf(rejected) },
    { title: 'Queued requests', kind: 'saturation', unit: 'requests', needs: [queued], query: sumOf(queued) },
    { title: 'CPU of the busiest node', kind: 'cpu', unit: '%', needs: [cpu], query: maxOf(cpu) },
    {
      title: 'Heap of the fullest node',
      kind: 'memory',
      unit: 'bytes',
      needs: [heap],
      query: maxOf(heap, 'area="heap"'),
      limit: { needs: [heapLimit], query: maxOf(heapLimit, 'area="heap"') },
    },
    { title: 'Shards without a node', kind: 'saturation', unit: 'shards', needs: [shards], query: maxOf(shards) },
  ],
}
