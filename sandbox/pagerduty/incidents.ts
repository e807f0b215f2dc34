import type { Account, User } from './account.ts'
import { ApiError, invalid, notFound } from './api-error.ts'
import type { NewId } from './ids.ts'
import type { Note, PagerDutyIncident } from './incident.ts'
import { userReference } from './references.ts'

/** A change of an incident, sent as a webhook. `by` is undefined when PagerDuty made the change. */
export type IncidentChange = {
  type: string
  incident: PagerDutyIncident
  by: User | undefined
  /** `event.data` when it is not the incident itself. */
  data?: Record<string, unknown>
}

type NewIncident = {
  title: string
  service: Account['services'][number]
  key?: string
  urgency?: 'high' | 'low'
  priority?: PagerDutyIncident['priority']
  conference?: PagerDutyIncident['conference']
  body?: string
  assignees?: User[]
  by?: User
}

type Options = { account: Account; now: () => number; newId: NewId; onChange: (change: IncidentChange) => void }

export type Incidents = ReturnType<typeof createIncidents>

/** The account's incidents and the operations on them. */
export const createIncidents = ({ account, now, newId, onChange }: Options) => {
  const all: PagerDutyIncident[] = []
  const touch = (incident: PagerDutyIncident, by: User | undefined) => {
    incident.updatedAt = now()
    incident.lastChangedBy = by
  }
  const onCallFor = (service: Account['services'][number]) =>
    account.users.filter(({ handle }) => handle === service.onCall[0])

  const find = (id: string): PagerDutyIncident => {
    const found = all.find((incident) => incident.id === id || String(incident.number) === id)
    if (!found) throw notFound()
    return found
  }
  const openWithKey = (service: string, key: string) =>
    all.find((each) => each.service.id === service && each.key === key && each.status !== 'resolved')

  const open = ({ by, body, priority, conference, ...wanted }: NewIncident): PagerDutyIncident => {
    const key = wanted.key ?? newId('K', 32).toLowerCase()
    if (openWithKey(wanted.service.id, key))
      throw invalid(`Open incident with matching dedup key already exists on this service`)
    const incident: PagerDutyIncident = {
      id: newId('Q'),
      number: all.length + 1,
      title: wanted.title,
      status: 'triggered',
      key,
      service: wanted.service,
      createdAt: now(),
      updatedAt: now(),
      assignees: wanted.assignees?.length ? wanted.assignees : onCallFor(wanted.service),
      acknowledgements: [],
      lastChangedBy: by,
      urgency: wanted.urgency ?? 'high',
      ...(body !== undefined && { body }),
      ...(priority && { priority }),
      ...(conference && { conference }),
      notes: [],
      alerts: [],
      statusUpdates: [],
      responderRequests: [],
    }
    all.push(incident)
    onChange({ type: 'incident.triggered', incident, by })
    return incident
  }

  const acknowledge = (incident: PagerDutyIncident, by: User | undefined) => {
    if (incident.status === 'resolved') throw invalid('Incident Already Resolved')
    if (incident.status === 'acknowledged') return
    incident.status = 'acknowledged'
    touch(incident, by)
    if (by) incident.acknowledgements.push({ at: now(), by })
    onChange({ type: 'incident.acknowledged', incident, by })
  }

  const resolve = (incident: PagerDutyIncident, by: User | undefined) => {
    if (incident.status === 'resolved') throw invalid('Incident Already Resolved')
    incident.status = 'resolved'
    incident.resolvedAt = now()
    incident.assignees = []
    for (const alert of incident.alerts) alert.status = 'resolved'
    touch(incident, by)
    onChange({ type: 'incident.resolved', incident, by })
  }

  /** Returns an incident to triggered: reopens a resolved one, unacknowledges an acknowledged one. */
  const trigger = (incident: PagerDutyIncident, by: User | undefined) => {
    if (incident.status === 'triggered') return
    const reopened = incident.status === 'resolved'
    incident.status = 'triggered'
    incident.acknowledgements = []
    if (reopened) {
      incident.reopenedAt = now()
      incident.assignees = onCallFor(incident.service)
      delete incident.resolvedAt
    }
    touch(incident, by)
    onChange({ type: reopened ? 'incident.reopened' : 'incident.unacknowledged', incident, by })
  }

  const reassign = (incident: PagerDutyIncident, to: User[], by: User | undefined, type = 'incident.reassigned') => {
    if (!to.length) throw new ApiError(400, 1015, 'Escalation policy has no user on call')
    incident.assignees = to
    touch(incident, by)
    onChange({ type, incident, by })
  }

  const prioritize = (
    incident: PagerDutyIncident,
    priority: Account['priorities'][number] | undefined,
    by: User | undefined,
  ) => {
    if (priority) incident.priority = priority
    else delete incident.priority
    touch(incident, by)
    onChange({ type: 'incident.priority_updated', incident, by })
  }

  const annotate = (incident: PagerDutyIncident, content: string, by: User | undefined): Note => {
    const note = { id: newId('PN', 13), by, content, at: now() }
    incident.notes.push(note)
    const data = { id: note.id, content, trimmed: false, type: 'incident_note' }
    onChange({ type: 'incident.annotated', incident, by, data })
    return note
  }

  const publish = (incident: PagerDutyIncident, message: string, by: User | undefined) => {
    const update = { id: newId('PU', 13), message, by, at: now() }
    incident.statusUpdates.push(update)
    const data = { id: update.id, message, trimmed: false, type: 'incident_status_update' }
    onChange({ type: 'incident.status_update_published', incident, by, data })
    return update
  }

  const request = (incident: PagerDutyIncident, users: User[], message: string, by: User | undefined) => {
    incident.responderRequests.push({ users, message, by, at: now(), answers: new Map() })
    for (const user of users) {
      const data = { user: userReference(user), escalation_policy: null, message, state: 'pending' }
      onChange({ type: 'incident.responder.added', incident, by, data: { ...data, type: 'incident_responder' } })
    }
  }

  /** Somebody who was called answers. */
  const reply = (incident: PagerDutyIncident, user: User, answer: 'accepted' | 'declined') => {
    const request = incident.responderRequests.findLast(({ users }) => users.includes(user))
    if (!request) throw invalid('The user was not requested')
    request.answers.set(user.id, answer)
    const data = { user: userReference(user), escalation_policy: null, message: request.message, state: answer }
    onChange({ type: 'incident.responder.replied', incident, by: user, data: { ...data, type: 'incident_responder' } })
  }

  const merge = (target: PagerDutyIncident, sources: PagerDutyIncident[], by: User | undefined) => {
    for (const source of sources.filter((each) => each !== target && each.status !== 'resolved')) {
      source.mergedInto = target
      target.alerts.push(...source.alerts.splice(0))
      resolve(source, by)
    }
  }

  return {
    all,
    find,
    openWithKey,
    open,
    acknowledge,
    resolve,
    trigger,
    reassign,
    prioritize,
    annotate,
    publish,
    request,
    reply,
    merge,
    touch,
  }
}
