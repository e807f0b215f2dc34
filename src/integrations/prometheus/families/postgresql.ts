import { type Family, maxOf, percentOf, rateOf, type Scope, STORED, sumOf } from './family.ts'

const backends = 'pg_stat_database_numbackends'
const maximum = 'pg_settings_max_connections'
const commits = 'pg_stat_database_xact_commit'
const rollbacks = 'pg_stat_database_xact_rollback'
const deadlocks = 'pg_stat_database_deadlocks'
const hit = 'pg_stat_database_blks_hit'
const read = 'pg_stat_database_blks_read'
const lag = 'pg_replication_lag_seconds'
const longest = 'pg_stat_activity_max_tx_duration'

const blocks = (scope: Scope) => `(${rateOf(hit)(scope)} + ${rateOf(read)(scope)})`

/** PostgreSQL: https://github.com/prometheus-community/postgres_exporter */
export const postgresql: Family = {
  name: 'PostgreSQL',
  kind: 'store',
  sign: commits,
  labels: STORED,
  hint: /postgres|pg|sql/i,
  signals: [
    {
      title: 'Open connections',
      kind: 'saturation',
      unit: 'connections',
      needs: [backends],
      query: sumOf(backends),
      limit: { needs: [maximum], query: maxOf(maximum) },
    },
    { title: 'Transactions', kind: 'traffic', worse: 'either', unit: '/s', needs: [commits], query: rateOf(commits) },
    { title: 'Rollbacks', kind: 'errors', unit: '/s', needs: [rollbacks], query: rateOf(rollbacks) },
    { title: 'Deadlocks', kind: 'errors', unit: '/s', needs: [deadlocks], query: rateOf(deadlocks) },
    {
      title: 'Reads found in memory',
      kind: 'saturation',
      worse: 'down',
      unit: '%',
      needs: [hit, read],
      query: percentOf(rateOf(hit), blocks),
    },
    { title: 'Longest transaction', kind: 'latency', unit: 's', needs: [longest], query: maxOf(longest) },
    { title: 'Replication lag', kind: 'latency', unit: 's', needs: [lag], query: maxOf(lag) },
  ],
}
