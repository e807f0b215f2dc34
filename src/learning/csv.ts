import type { IncidentFacts } from '../incident/index-entry.ts'
import { SPANS } from '../incident/milestones.ts'

/**
 * One cell. A spreadsheet runs what begins like a formula, whatever the quotes say, so an apostrophe goes before it
 * (OWASP, CSV injection).
 */
const cell = (value: string | number | undefined): string => {
  const text = value === undefined ? '' : String(value)
  const safe = typeof value === 'string' && /^\s*[=+\-@\t\r\n\uFF1D\uFF0B\uFF0D\uFF20]/.test(text) ? `'${text}` : text
  return `"${safe.replaceAll('"', '""')}"`
}

const COLUMNS = ['id', 'title', 'status', 'severity', 'service', 'drill', 'imported_from', 'declared_at'] as const

/** Incidents as CSV (RFC 4180): times in UTC, durations in seconds; unknown values are empty. */
export const csvOf = (incidents: readonly IncidentFacts[]): string => {
  const spanNames = SPANS.map(({ name }) => `${name.toLowerCase().replaceAll(' ', '_')}_seconds`)
  const head = [
    ...COLUMNS,
    ...spanNames,
    'impact_start_assumed',
    'alerts',
    'suspect',
    'cause',
    'fix',
    'actions_open',
    'actions_done',
    'updates_due',
    'updates_on_time',
  ]
  const rows = incidents.map((one) => [
    one.id,
    one.title,
    one.status,
    one.severity,
    one.service,
    one.drill ? 'yes' : 'no',
    one.imported?.from,
    new Date(one.declaredAt).toISOString(),
    ...SPANS.map(({ name }) => (one.spans[name] === undefined ? undefined : Math.round(one.spans[name] / 1000))),
    one.assumedStart ? 'yes' : 'no',
    one.alerts,
    one.suspect?.service,
    one.cause,
    one.fix?.text,
    one.openActions.length,
    one.doneActions,
    one.updates?.due,
    one.updates?.onTime,
  ])
  return `${[head, ...rows].map((row) => row.map(cell).join(',')).join('\r\n')}\r\n`
}
