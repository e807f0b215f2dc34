import { type Request, Router } from 'express'
import type { Account, User } from './account.ts'
import { invalid, notFound } from './api-error.ts'
import {
  CreateIncident,
  type IncidentChange,
  MergeIncidents,
  NewNote,
  ResponderRequest,
  read,
  Snooze,
  StatusUpdate,
  UpdateIncident,
  UpdateIncidents,
} from './bodies.ts'
import { requester } from './guard.ts'
import type { PagerDutyIncident } from './incident.ts'
import type { Incidents } from './incidents.ts'
import { many, one, page, windowIn } from './listing.ts'
import { restAlert, restIncident, restNote } from './shapes.ts'

type Options = { account: Account; incidents: Incidents }

/** Routes under `/incidents`. */
export const incidentRoutes = ({ account, incidents }: Options): Router => {
  const routes = Router()
  const userOf = (id: string): User => {
    const found = account.users.find((each) => each.id === id)
    if (!found) throw invalid(`User ${id} not found`)
    return found
  }
  const priorityOf = (id: string) => {
    const found = account.priorities.find((each) => each.id === id)
    if (!found) throw invalid(`Priority ${id} not found`)
    return found
  }
  const incidentIn = (request: Request) => incidents.find(String(request.params.id))

  const change = (incident: PagerDutyIncident, wanted: IncidentChange, by: User) => {
    if (wanted.title) incident.title = wanted.title
    if (wanted.urgency) incident.urgency = wanted.urgency
    if (wanted.priority !== undefined)
      incidents.prioritize(incident, wanted.priority ? priorityOf(wanted.priority.id) : undefined, by)
    if (wanted.conference_bridge) incident.conference = conferenceOf(wanted.conference_bridge)
    if (wanted.assignments) {
      const to = wanted.assignments.map(({ assignee }) => userOf(assignee.id))
      incidents.reassign(incident, to, by)
    }
    if (wanted.escalation_level) {
      const handle = incident.service.onCall[wanted.escalation_level - 1]
      const to = account.users.filter((each) => each.handle === handle)
      incidents.reassign(incident, to, by, 'incident.escalated')
    }
    if (wanted.status === 'acknowledged') incidents.acknowledge(incident, by)
    if (wanted.status === 'triggered') incidents.trigger(incident, by)
    if (wanted.status === 'resolved') {
      incidents.resolve(incident, by)
      if (wanted.resolution) incidents.annotate(incident, `Resolution Note: ${wanted.resolution}`, by)
    }
    return restIncident(incident)
  }

  routes.get('/incidents', (request, response) => {
    const statuses = many(request, 'statuses')
    const services = many(request, 'service_ids')
    const key = one(request, 'incident_key')
    const { since, until } = windowIn(request)
    const found = incidents.all.filter(
      (each) =>
        (!statuses.length || statuses.includes(each.status)) &&
        (!services.length || services.includes(each.service.id)) &&
        (key === undefined || each.key === key) &&
        each.createdAt >= since &&
        each.createdAt <= until,
    )
    response.json(page(request, 'incidents', found.map(restIncident)))
  })
  routes.post('/incidents', (request, response) => {
    const by = requester(request, account)
    const { incident } = read(CreateIncident, request.body)
    const service = account.services.find(({ id }) => id === incident.service.id)
    if (!service) throw invalid('Service not found')
    const made = incidents.open({
      title: incident.title,
      service,
      by,
      assignees: (incident.assignments ?? []).map(({ assignee }) => userOf(assignee.id)),
      ...(incident.incident_key && { key: incident.incident_key }),
      ...(incident.urgency && { urgency: incident.urgency }),
      ...(incident.priority && { priority: priorityOf(incident.priority.id) }),
      ...(incident.body && { body: incident.body.details }),
      ...(incident.conference_bridge && { conference: conferenceOf(incident.conference_bridge) }),
    })
    response.status(201).json({ incident: restIncident(made) })
  })
  routes.put('/incidents', (request, response) => {
    const by = requester(request, account)
    const changes = read(UpdateIncidents, request.body).incidents
    response.json({ incidents: changes.map((each) => change(incidents.find(each.id ?? ''), each, by)) })
  })
  routes.get('/incidents/:id', (request, response) => {
    response.json({ incident: restIncident(incidentIn(request)) })
  })
  routes.put('/incidents/:id', (request, response) => {
    const by = requester(request, account)
    response.json({ incident: change(incidentIn(request), read(UpdateIncident, request.body).incident, by) })
  })
  routes.put('/incidents/:id/merge', (request, response) => {
    const by = requester(request, account)
    const target = incidentIn(request)
    const sources = read(MergeIncidents, request.body).source_incidents.map(({ id }) => incidents.find(id))
    incidents.merge(target, sources, by)
    response.json({ incident: restIncident(target) })
  })
  routes.get('/incidents/:id/notes', (request, response) => {
    response.json({ notes: incidentIn(request).notes.map(restNote) })
  })
  routes.post('/incidents/:id/notes', (request, response) => {
    const by = requester(request, account)
    const incident = incidentIn(request)
    if (incident.notes.length >= 2000) throw invalid('An incident may have at most 2000 notes')
    const note = incidents.annotate(incident, read(NewNote, request.body).note.content, by)
    response.json({ note: restNote(note) })
  })
  routes.get('/incidents/:id/alerts', (request, response) => {
    const incident = incidentIn(request)
    const alerts = incident.alerts.map((alert) => restAlert(alert, incident))
    response.json(page(request, 'alerts', alerts))
  })
  routes.post('/incidents/:id/status_updates', (request, response) => {
    const by = requester(request, account)
    const { id, message } = incidents.publish(incidentIn(request), read(StatusUpdate, request.body).message, by)
    response.json({ status_update: { id, message, sender: { id: by.id, type: 'user_reference' } } })
  })
  routes.post('/incidents/:id/snooze', (request, response) => {
    const by = requester(request, account)
    const incident = incidentIn(request)
    read(Snooze, request.body)
    incidents.acknowledge(incident, by)
    response.status(201).json({ incident: restIncident(incident) })
  })
  routes.post('/incidents/:id/responder_requests', (request, response) => {
    const incident = incidentIn(request)
    const wanted = read(ResponderRequest, request.body)
    const by = userOf(wanted.requester_id)
    const targets = wanted.responder_request_targets.map(({ responder_request_target: target }) => target)
    const users = targets.flatMap(({ id, type }) => (type?.startsWith('escalation') ? onCallOf(id) : [userOf(id)]))
    incidents.request(incident, users, wanted.message, by)
    response.json({
      responder_request: {
        incident: { id: incident.id, type: 'incident_reference' },
        requester: { id: by.id, type: 'user_reference' },
        message: wanted.message,
        responder_request_targets: wanted.responder_request_targets,
      },
    })
  })
  const onCallOf = (policy: string) => {
    const service = account.services.find((each) => each.policy === policy)
    if (!service) throw notFound()
    return account.users.filter(({ handle }) => handle === service.onCall[0])
  }
  return routes
}

const conferenceOf = (body: {
  conference_number?: string | null | undefined
  conference_url?: string | null | undefined
}) => ({
  ...(body.conference_number && { number: body.conference_number }),
  ...(body.conference_url && { url: body.conference_url }),
})
