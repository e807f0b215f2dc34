import type { Alert, AlertActivity } from './alert.ts'
import type { Change } from './change.ts'
import type { Decision } from './decide.ts'

/** An alert belongs to this incident; `reason` says why, for people. */
export const joinAlert: Decision<{ alert: Alert; reason: string }> = (_incident, { alert, reason }, act) => [
  { ...act, type: 'alert_joined', alert, reason },
]

/** An alert of this incident is quiet. Whether it was firing is the caller's knowledge: the log would be too long to ask. */
export const resolveAlert: Decision<{ alert: Alert }> = (incident, { alert }, act) =>
  incident.alerts.firing > 0 ? [{ ...act, type: 'alert_resolved', alertKey: alert.key, title: alert.title }] : []

/** Something was done to an alert at its source. */
export const recordActivity: Decision<{
  alertKey: string
  activity: AlertActivity
  text: string
  priority?: string | undefined
}> = (incident, { alertKey, activity, text, priority }, act) => [
  { ...act, type: 'alert_activity', alertKey, activity, text, ...(priority ? { priority } : {}) },
  ...(activity === 'reopened' && incident.status === 'resolved'
    ? [{ ...act, type: 'status_changed' as const, status: 'investigating' as const, text: 'reopened at the source' }]
    : []),
]

/** A change that may have to do with it. Known changes are not told twice. */
export const seeChange: Decision<{ change: Change }> = (incident, { change }, act) =>
  incident.changes.some(({ key }) => key === change.key) ? [] : [{ ...act, type: 'change_seen', change }]
