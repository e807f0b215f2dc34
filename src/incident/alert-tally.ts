import type { Alert } from './alert.ts'
import type { Incident } from './incident.ts'

const LATEST_ALERTS = 5
/** Of the services and rules of a storm so many are enough to recognise the next alert by. */
const ALERTING = 40

/** Counts an alert in; `again` for one that is known and fires once more. The lists stay short however many come. */
export const withAlert = (
  incident: Incident,
  alert: Alert,
  reason: string,
  service: string | undefined,
  again = false,
): Incident => ({
  ...incident,
  alert: incident.alert ?? alert,
  alerts: {
    total: incident.alerts.total + (again ? 0 : 1),
    firing: incident.alerts.firing + (alert.state === 'firing' ? 1 : 0),
    flaps:
      incident.alerts.flaps +
      (incident.alerts.total > 0 && incident.alerts.firing === 0 && alert.state === 'firing' ? 1 : 0),
    services: union(incident.alerts.services, service === undefined ? [] : [service]).slice(0, ALERTING),
    rules: union(incident.alerts.rules, alert.rule === undefined ? [] : [`${alert.rule} @ ${service ?? ''}`]).slice(
      0,
      ALERTING,
    ),
    latest: [
      { key: alert.key, title: alert.title, reason },
      ...incident.alerts.latest.filter(({ key }) => key !== alert.key),
    ].slice(0, LATEST_ALERTS),
  },
})

/** Both lists, each thing once. */
export const union = (list: string[], more: string[]): string[] => [...new Set([...list, ...more])]
