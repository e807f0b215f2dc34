import { type Family, maxOf, rateOf, STORED } from './family.ts'

const connected = 'mysql_global_status_threads_connected'
const maximum = 'mysql_global_variables_max_connections'
const running = 'mysql_global_status_threads_running'
const refused = 'mysql_global_status_connection_errors_total'
const queries = 'mysql_global_status_queries'
const slow = 'mysql_global_status_slow_queries'
const aborted = 'mysql_global_status_aborted_connects'
const waits = 'mysql_global_status_innodb_row_lock_waits'
const lag = 'mysql_slave_status_seconds_behind_master'

/** MySQL and MariaDB: https://github.com/prometheus/mysqld_exporter */
export const mysql: Family = {
  name: 'MySQL',
  kind: 'store',
  sign: connected,
  labels: STORED,
  hint: /mysql|maria/i,
  signals: [
    {
      title: 'Open connections',
      kind: 'saturation',
      unit: 'connections',
      needs: [connected],
      query: maxOf(connected),
      limit: { needs: [maximum], query: maxOf(maximum) },
    },
    { title: 'Running queries', kind: 'saturation', unit: 'threads', needs: [running], query: maxOf(running) },
    { title: 'Refused connections', kind: 'errors', unit: '/s', needs: [refused], query: rateOf(refused) },
    { title: 'Aborted connections', kind: 'errors', unit: '/s', needs: [aborted], query: rateOf(aborted) },
    { title: 'Queries', kind: 'traffic', worse: 'either', unit: '/s', needs: [queries], query: rateOf(queries) },
    { title: 'Slow queries', kind: 'latency', unit: '/s', needs: [slow], query: rateOf(slow) },
    { title: 'Waits for row locks', kind: 'saturation', unit: '/s', needs: [waits], query: rateOf(waits) },
    { title: 'Replication lag', kind: 'latency', unit: 's', needs: [lag], query: maxOf(lag) },
  ],
}
