import type { Alert } from './alert.ts'
import type { IncidentEvent } from './event.ts'
import type { Incident } from './incident.ts'

const LATEST_ALERTS = 5
/** Services and rules used to match the next alert; in a storm the first ones suffice. */
const ALERTING = 40

type Joining = {
  alert: Alert
  reason: string
  service?: string | undefined
  /** It is already counted, and fires again. */
  again?: boolean | undefined
  /** Its earlier occurrences that were still counted as firing. */
  instead?: readonly string[] | undefined
}

/** Counts an alert. The lists stay bounded however many arrive. */
export const withAlert = (
  incident: Incident,
  { alert, reason, service, again = false, instead = [] }: Joining,
): Incident => ({
  ...incident,
  alert: incident.alert ?? alert,
  alerts: {
    total: incident.alerts.total + (again ? 0 : 1),
    firing: Math.max(0, incident.alerts.firing - instead.length) + (alert.state === 'firing' ? 1 : 0),
    flaps:
      incident.alerts.flaps +
      (incident.alerts.total > 0 && incident.alerts.firing === 0 && alert.state === 'firing' ? 1 : 0),
    refires: (incident.alerts.refires ?? 0) + (again && alert.state === 'firing' ? 1 : 0),
    services: union(incident.alerts.services, service === undefined ? [] : [service]).slice(0, ALERTING),
    rules: union(incident.alerts.rules, alert.rule === undefined ? [] : [`${alert.rule} @ ${service ?? ''}`]).slice(
      0,
      ALERTING,
    ),
    latest: [
      { key: alert.key, title: alert.title, reason, ...(alert.fingerprint ? { fingerprint: alert.fingerprint } : {}) },
      ...incident.alerts.latest.filter(
        ({ key, fingerprint }) => key !== alert.key && (fingerprint === undefined || fingerprint !== alert.fingerprint),
      ),
    ].slice(0, LATEST_ALERTS),
  },
})

/** One alert stopped firing. */
export const withQuiet = ({ alerts }: Incident): Incident['alerts'] => ({
  ...alerts,
  firing: Math.max(0, alerts.firing - 1),
})

/** An alert moved to another incident. */
export const withoutAlert = (
  incident: Incident,
  { alertKey, state }: Extract<IncidentEvent, { type: 'alert_left' }>,
): Incident['alerts'] => {
  const alerts = state === 'resolved' ? incident.alerts : withQuiet(incident)
  const total = Math.max(0, alerts.total - 1)
  return {
    ...alerts,
    total,
    firing: Math.min(total, alerts.firing),
    latest: alerts.latest.filter(({ key }) => key !== alertKey),
  }
}

/** The union of both lists. */
export const union = (list: string[], more: string[]): string[] => [...new Set([...list, ...more])]
