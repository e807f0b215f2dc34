import type { Alert, AlertActivity } from './alert.ts'
import type { Change, ChangeRelation } from './change.ts'
import type { Decision } from './decide.ts'
import { Refusal } from './errors.ts'

/** Where an alert goes that is split off. */
export const OF_ITS_OWN = 'an incident of its own'

/** An alert belongs to this incident; `reason` says why, for people; `service` is our id for what it is of. */
export const joinAlert: Decision<{
  alert: Alert
  reason: string
  service?: string | undefined
  /** It is on this incident already, and went quiet. */
  again?: boolean | undefined
  /** The occurrences of it that this one takes the place of. */
  instead?: string[] | undefined
}> = (_incident, { alert, reason, service, again, instead = [] }, act) => [
  {
    ...act,
    type: 'alert_joined',
    alert,
    reason,
    ...(service ? { service } : {}),
    ...(again ? { again } : {}),
    ...(instead.length > 0 ? { instead } : {}),
  },
]

/**
 * An alert that would open an incident joins one that is only held: held no longer, and as severe as the alert says when
 * that is worse. Otherwise a warning that nobody looked at would swallow the alarm after it.
 */
export const joinAndOpen: Decision<{
  alert: Alert
  reason: string
  service?: string | undefined
  again?: boolean | undefined
  instead?: string[] | undefined
  /** Set when the alert says worse than the incident does. */
  severity?: string | undefined
  /** When it is opened, epoch ms; the alert itself may be older. */
  at: number
}> = (incident, { severity, at, ...joining }, act) => [
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

/** An alert goes somewhere else. */
export const moveAlert: Decision<{ alert: Alert; state: Alert['state']; to: string }> = (
  _incident,
  { alert, state, to },
  act,
) => [{ ...act, type: 'alert_left', alertKey: alert.key, title: alert.title, state, to }]

/** An alert that does not belong here gets an incident of its own. */
export const splitAlert: Decision<{ alert: Alert; state: Alert['state'] }> = (incident, { alert, state }, act) => {
  if (incident.alerts.total <= 1)
    throw new Refusal(`${alert.title} is the only alert of ${incident.id}; there is nothing to split it from.`)
  return moveAlert(incident, { alert, state, to: OF_ITS_OWN }, act)
}

/** An alert of this incident is quiet. Whether it was firing is the caller's knowledge: the log would be too long to ask. */
export const resolveAlert: Decision<{ alert: Pick<Alert, 'key' | 'title'> }> = (incident, { alert }, act) =>
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
export const seeChange: Decision<{ change: Change; relation?: ChangeRelation | undefined }> = (
  incident,
  { change, relation },
  act,
) =>
  incident.changes.some(({ key }) => key === change.key)
    ? []
    : [{ ...act, type: 'change_seen', change, ...(relation ? { relation } : {}) }]
