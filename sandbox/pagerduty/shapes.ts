import type { User } from './account.ts'
import type { Note, PagerDutyAlert, PagerDutyIncident } from './incident.ts'
import type { IncidentChange } from './incidents.ts'
import { incidentReference, policyReference, priority, seconds, serviceReference, userReference } from './references.ts'

/** The incident object of `GET /incidents/{id}`; webhooks use a different one. */
export const restIncident = (incident: PagerDutyIncident) => ({
  ...incidentReference(incident),
  type: 'incident',
  summary: `[#${incident.number}] ${incident.title}`,
  incident_number: incident.number,
  title: incident.title,
  description: incident.title,
  created_at: seconds(incident.createdAt),
  updated_at: seconds(incident.updatedAt),
  status: incident.status,
  incident_key: incident.key,
  service: serviceReference(incident.service),
  assigned_via: 'escalation_policy',
  assignments: incident.assignees.map((each) => ({ at: seconds(incident.createdAt), assignee: userReference(each) })),
  acknowledgements: incident.acknowledgements.map(({ at, by }) => ({
    at: seconds(at),
    acknowledger: userReference(by),
  })),
  last_status_change_at: seconds(incident.updatedAt),
  last_status_change_by: agentOf(incident.lastChangedBy, incident),
  resolved_at: incident.resolvedAt ? seconds(incident.resolvedAt) : null,
  first_trigger_log_entry: {
    id: `R${incident.id.slice(1)}`,
    type: 'trigger_log_entry_reference',
    summary: incident.alerts.length ? 'Triggered through the API.' : 'Triggered by a person.',
    self: `https://api.pagerduty.com/log_entries/R${incident.id.slice(1)}`,
    html_url: `${incidentReference(incident).html_url}/log_entries/R${incident.id.slice(1)}`,
  },
  alert_counts: {
    all: incident.alerts.length,
    triggered: incident.alerts.filter(({ status }) => status === 'triggered').length,
    resolved: incident.alerts.filter(({ status }) => status === 'resolved').length,
  },
  is_mergeable: true,
  incident_type: { name: 'incident_default' },
  escalation_policy: policyReference(incident.service),
  teams: [],
  pending_actions: [],
  responder_requests: incident.responderRequests.map(({ at, by, message }) => ({
    requested_at: seconds(at),
    requester: by ? userReference(by) : null,
    message,
  })),
  incidents_responders: incident.responderRequests.flatMap(({ users, at, message, answers }) =>
    users.map((user) => ({
      state: ({ accepted: 'joined', declined: 'declined' } as const)[answers.get(user.id) as 'accepted'] ?? 'pending',
      user: userReference(user),
      incident: incidentReference(incident),
      requested_at: seconds(at),
      message,
    })),
  ),
  priority: incident.priority ? priority(incident.priority) : null,
  urgency: incident.urgency,
  conference_bridge: bridge(incident),
  ...(incident.body !== undefined && { body: { type: 'incident_body', details: incident.body } }),
})

const bridge = ({ conference }: PagerDutyIncident) =>
  conference ? { conference_number: conference.number ?? null, conference_url: conference.url ?? null } : null

const agentOf = (by: User | undefined, incident: PagerDutyIncident) =>
  by ? userReference(by) : serviceReference(incident.service)

export const restNote = ({ id, by, content, at }: Note) => ({
  id,
  user: by ? userReference(by) : null,
  channel: { summary: 'The PagerDuty website or APIs' },
  content,
  created_at: seconds(at),
  updated_at: seconds(at),
})

export const restAlert = (alert: PagerDutyAlert, incident: PagerDutyIncident) => ({
  id: alert.id,
  type: 'alert',
  summary: alert.summary,
  self: `https://api.pagerduty.com/incidents/${incident.id}/alerts/${alert.id}`,
  html_url: `https://shop.pagerduty.com/alerts/${alert.id}`,
  created_at: seconds(alert.at),
  status: alert.status,
  alert_key: alert.key,
  service: serviceReference(incident.service),
  body: { type: 'alert_body', contexts: [], details: alert.details },
  incident: { id: incident.id, type: 'incident_reference' },
  suppressed: false,
  severity: alert.severity,
})

/** Body of a V3 webhook. */
export const webhookBody = ({ type, incident, by, data }: IncidentChange, eventId: string, at: number) => ({
  event: {
    id: eventId,
    event_type: type,
    resource_type: 'incident',
    occurred_at: new Date(at).toISOString(),
    agent: type === 'incident.escalated' && !by ? null : agentOf(by, incident),
    client: by ? { name: 'PagerDuty' } : null,
    data: data ? { incident: incidentReference(incident), ...data } : webhookIncident(incident),
  },
})

const webhookIncident = (incident: PagerDutyIncident) => {
  const { id, self, html_url } = incidentReference(incident)
  return {
    id,
    type: 'incident',
    self,
    html_url,
    number: incident.number,
    status: incident.status,
    incident_key: incident.key,
    created_at: seconds(incident.createdAt),
    title: incident.title,
    incident_type: { name: 'incident_default' },
    service: serviceReference(incident.service),
    assignees: incident.assignees.map(userReference),
    escalation_policy: policyReference(incident.service),
    teams: [],
    priority: incident.priority ? { ...priority(incident.priority), type: 'priority_reference' } : null,
    urgency: incident.urgency,
    conference_bridge: bridge(incident),
    resolve_reason: incident.mergedInto
      ? { type: 'merge_resolve_reason', incident: incidentReference(incident.mergedInto) }
      : null,
    ...(incident.reopenedAt && { reopened_at: seconds(incident.reopenedAt) }),
  }
}
