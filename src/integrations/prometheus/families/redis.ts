import { type Family, maxOf, percentOf, rateOf, type Scope, STORED, sumOf } from './family.ts'

const hits = 'redis_keyspace_hits_total'
const misses = 'redis_keyspace_misses_total'
const clients = 'redis_connected_clients'
const used = 'redis_memory_used_bytes'
const evicted = 'redis_evicted_keys_total'
const rejected = 'redis_rejected_connections_total'
const commands = 'redis_commands_processed_total'
const spent = 'redis_commands_duration_seconds_total'
const called = 'redis_commands_total'

const reads = (scope: Scope) => `(${rateOf(hits)(scope)} + ${rateOf(misses)(scope)})`

/** Redis and Valkey: https://github.com/oliver006/redis_exporter */
export const redis: Family = {
  name: 'Redis',
  kind: 'store',
  sign: hits,
  labels: STORED,
  hint: /redis|valkey|cache/i,
  signals: [
    {
      title: 'Cache hits',
      kind: 'saturation',
      worse: 'down',
      unit: '%',
      needs: [hits, misses],
      query: percentOf(rateOf(hits), reads),
    },
    {
      title: 'Connected clients',
      kind: 'saturation',
      unit: 'clients',
      needs: [clients],
      query: sumOf(clients),
      limit: { needs: ['redis_config_maxclients'], query: sumOf('redis_config_maxclients') },
    },
    {
      title: 'Memory in use',
      kind: 'memory',
      unit: 'bytes',
      needs: [used],
      query: maxOf(used),
      // 0 means no limit.
      limit: { needs: ['redis_memory_max_bytes'], query: (scope) => `${maxOf('redis_memory_max_bytes')(scope)} > 0` },
    },
    { title: 'Evicted keys', kind: 'saturation', unit: '/s', needs: [evicted], query: rateOf(evicted) },
    { title: 'Rejected connections', kind: 'errors', unit: '/s', needs: [rejected], query: rateOf(rejected) },
    { title: 'Commands', kind: 'traffic', worse: 'either', unit: '/s', needs: [commands], query: rateOf(commands) },
    {
      title: 'Time for a command',
      kind: 'latency',
      unit: 's',
      needs: [spent, called],
      query: (scope) => `${rateOf(spent)(scope)} / ${rateOf(called)(scope)}`,
    },
  ],
}
