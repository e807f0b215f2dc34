import type { Alert } from './alert.ts'
import { withAlert } from './alert-tally.ts'
import type { IncidentEvent } from './event.ts'
import { importedMilestones } from './imported.ts'
import type { Incident } from './incident.ts'
import { FIRST_ALERT, type Milestone, type Milestones, reach, unreach } from './milestones.ts'
import { isPerson, sourceName } from './phrase.ts'
import { isActive, isOver, type Status } from './status.ts'

/** The state after the first event, with the milestones supplied by an alert or a person. */
export const declared = (incident: Incident, event: Extract<IncidentEvent, { type: 'declared' }>): Incident => {
  const { alert, imported } = event
  const base: Incident = {
    ...incident,
    title: event.title,
    severity: event.severity,
    status: event.status,
    service: event.service,
    private: event.private,
    drill: event.drill,
    ...(event.inviteOnCall ? { inviteOnCall: true } : {}),
    storm: event.storm ?? false,
    declaredBy: event.by,
    // A split is made by a person, though the new incident begins with an alert.
    origin: alert && !isPerson(event.by) && !imported ? 'alert' : 'person',
    declaredAt: event.at,
    statusSince: event.at,
    people: isPerson(event.by) ? [event.by] : [],
    ...(imported ? { imported: { from: imported.from, ...(imported.url ? { url: imported.url } : {}) } } : {}),
    // Nothing is opened or set up for an incident that is over.
    ...(event.status === 'triage' || imported ? { steps: {} } : opened(incident)),
  }
  return {
    ...(alert ? withAlert(base, { alert, reason: 'opened this incident', service: event.service }) : base),
    milestones: imported ? withAlertStart(importedMilestones(imported, event.at), alert) : firstMilestones(event),
  }
}

const firstMilestones = ({ alert, at }: Extract<IncidentEvent, { type: 'declared' }>): Milestones => {
  const declared = reach(
    {},
    'declared',
    at,
    alert ? `opened by an alert from ${sourceName(alert.source)}` : 'declared by a person',
  )
  return alert
    ? reach(withAlertStart(declared, alert), 'detected', at, `reported by ${sourceName(alert.source)}`)
    : reach(declared, 'detected', at, 'declared by a person')
}

const withAlertStart = (milestones: Milestones, alert: Alert | undefined): Milestones =>
  alert ? reach(milestones, 'impact_started', alert.startsAt, FIRST_ALERT) : milestones

/** From here on there is a channel to open. */
const opened = (incident: Incident): Pick<Incident, 'openedBy' | 'steps'> => ({
  openedBy: incident.version,
  steps: { ...incident.steps, channel: { state: 'pending' } },
})

/** The effect of a new status on the outcome, the milestones, and whether there is something to open. */
export const statusChanged = (
  incident: Incident,
  event: Extract<IncidentEvent, { type: 'status_changed' }>,
): Incident => {
  const { status } = event
  const working = isActive(status) && status !== 'triage'
  const next: Incident = {
    ...incident,
    status,
    statusSince: event.at,
    // Also when an incident dismissed in triage is reopened. If it was cancelled before it had a channel, its queued
    // effects were dropped, and the set-up starts over.
    ...(working && (incident.openedBy === undefined || (isOver(incident) && !incident.channel))
      ? opened(incident)
      : {}),
    ...(status === 'merged' ? { mergedInto: event.into } : {}),
    ...(event.text && ['resolved', 'cancelled', 'merged'].includes(status) ? { outcome: event.text } : {}),
  }
  const source = 'status change'
  if (status === 'mitigated') return { ...next, milestones: reach(next.milestones, 'mitigated', event.at, source) }
  if (status === 'resolved')
    return {
      ...next,
      milestones: reach(
        reach(next.milestones, 'mitigated', event.at, 'resolved without a separate mitigation'),
        'resolved',
        event.at,
        source,
      ),
    }
  if (status === 'investigating' || status === 'identified') {
    const milestones = unreach(next.milestones, ...disproved(incident.status, status))
    return {
      ...next,
      outcome: undefined,
      mergedInto: undefined,
      milestones: status === 'identified' ? reach(milestones, 'identified', event.at, source) : milestones,
    }
  }
  return next
}

/**
 * What a return to an earlier status resets. A person's entries about a resolution that did not hold are reset, too;
 * those made ahead of the status are kept.
 */
const disproved = (before: Status, now: 'investigating' | 'identified'): Milestone[] => {
  if (before === 'mitigated' || !isActive(before)) return ['mitigated', 'resolved']
  return before === 'identified' && now === 'investigating' ? ['identified'] : []
}

/** Somebody is responding; only the first time counts. */
export const acknowledged = (incident: Incident, at: number, source: string): Incident => ({
  ...incident,
  milestones: reach(incident.milestones, 'acknowledged', at, source),
})
