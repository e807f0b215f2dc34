import type { Alert, AlertActivity } from './alert.ts'
import type { Change, ChangeRelation } from './change.ts'
import type { Decision } from './decide.ts'
import { Refusal } from './errors.ts'
import type { Incident } from './incident.ts'

/** The destination of an alert that is split off. */
export const OF_ITS_OWN = 'an incident of its own'

/** An alert that joins an incident. */
export type Joining = {
  alert: Alert
  /** For people: `same service web`. */
  reason: string
  /** Our id for the service it is of. */
  service?: string | undefined
  /** The incident already counts it, and it had gone quiet. */
  again?: boolean | undefined
  /** Keys of the earlier occurrences that this one supersedes. */
  instead?: string[] | undefined
  /** It is the page that Muster sent for this incident: followed, but not counted as an alert. */
  page?: boolean | undefined
}

/** Adds an alert to the incident. */
export const joinAlert: Decision<Joining> = (_incident, { alert, reason, service, again, instead = [], page }, act) => [
  {
    ...act,
    type: 'alert_joined',
    alert,
    reason,
    ...(service ? { service } : {}),
    ...(again ? { again } : {}),
    ...(instead.length > 0 ? { instead } : {}),
    ...(page ? { page } : {}),
  },
]

/**
 * A page-worthy alert that joins an incident in triage opens it, at the alert's severity when that is worse. Otherwise
 * a held warning that nobody looked at would hide the alert after it.
 */
export const joinAndOpen: Decision<
  Joining & {
    /** Set when the alert is more severe than the incident. */
    severity?: string | undefined
    /** When the incident opens, epoch ms; the alert itself may be older. */
    at: number
  }
> = (incident, { severity, at, ...joining }, act) => [
  ...joinAlert(incident, joining, act),
  ...(severity ? [{ ...act, at, type: 'severity_changed' as const, severity }] : []),
  ...(incident.status === 'triage'
    ? [
        {
          ...act,
          at,
          type: 'status_changed' as const,
          status: 'investigating' as const,
          text: `opened by ${joining.alert.title}`,
        },
      ]
    : []),
]

/** Moves an alert to another incident. */
export const moveAlert: Decision<{ alert: Alert; state: Alert['state']; to: string }> = (
  incident,
  { alert, state, to },
  act,
) => [
  {
    ...act,
    type: 'alert_left',
    alertKey: alert.key,
    title: alert.title,
    state,
    to,
    ...(isPage(incident, alert.key) ? { page: true } : {}),
  },
]

/** Gives an alert that does not belong here an incident of its own. */
export const splitAlert: Decision<{ alert: Alert; state: Alert['state'] }> = (incident, { alert, state }, act) => {
  if (incident.alerts.total <= 1)
    throw new Refusal(`${alert.title} is the only alert of ${incident.id}; there is nothing to split it from.`)
  return moveAlert(incident, { alert, state, to: OF_ITS_OWN }, act)
}

/** Resolves an alert of this incident. The caller knows whether it was firing: the log is too long to search. */
export const resolveAlert: Decision<{ alert: Pick<Alert, 'key' | 'title'> }> = (incident, { alert }, act) => {
  const resolved = { ...act, type: 'alert_resolved' as const, alertKey: alert.key, title: alert.title }
  if (isPage(incident, alert.key)) return [{ ...resolved, page: true }]
  return incident.alerts.firing > 0 ? [resolved] : []
}

const isPage = ({ pages = [] }: Incident, alertKey: string): boolean => pages.includes(alertKey)

/** Records what somebody did with an alert at its source. */
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

/** Adds a change that may be related, once. */
export const seeChange: Decision<{ change: Change; relation?: ChangeRelation | undefined }> = (
  incident,
  { change, relation },
  act,
) =>
  incident.changes.some(({ key }) => key === change.key)
    ? []
    : [{ ...act, type: 'change_seen', change, ...(relation ? { relation } : {}) }]
