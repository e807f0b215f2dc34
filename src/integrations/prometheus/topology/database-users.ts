import { groupingOf, peersOf } from '../service-labels.ts'
import type { Convention } from './convention.ts'

/** Gauges of open connections by user, as the exporters name them, and the labels that may name the caller. */
const BY_USER = [
  { metric: 'mysql_info_schema_processlist_processes_by_user', users: ['mysql_user', 'user'] },
  { metric: 'pg_stat_activity_count', users: ['application_name', 'usename'] },
]

/**
 * Who has connections open at a database, by the user they log in as: the only trace of a call where neither mesh nor
 * traces reach the database. A user counts as a caller where other metrics know a service of that name.
 */
export const databaseUsers = (databaseLabels: readonly string[]): Convention[] =>
  BY_USER.map(({ metric, users }) => ({
    name: 'connections by user',
    callOf: (labels) => {
      const server = peersOf(labels, databaseLabels)[0]
      const user = users.map((label) => labels[label]).find((value) => value)
      if (!server || !user) return undefined
      return { client: { name: user }, server, side: 'server', serverKind: 'database', tentative: true }
    },
    queries: ({ names }) =>
      names.has(metric)
        ? // Open connections are not requests: they only show who calls whom.
          [
            {
              measure: 'presence',
              query: `sum by (${groupingOf(databaseLabels)}, ${users.join(', ')}) (${metric})`,
            },
          ]
        : undefined,
  }))
