import type { Account, User } from './account.ts'
import type { PagerDutyIncident } from './incident.ts'

const rest = 'https://api.pagerduty.com'
const site = 'https://shop.pagerduty.com'

export type Reference = { id: string; type: string; summary: string; self: string; html_url: string | null }

const reference = (type: string, plural: string, id: string, summary: string): Reference => ({
  id,
  type,
  summary,
  self: `${rest}/${plural}/${id}`,
  html_url: `${site}/${plural}/${id}`,
})

export const userReference = ({ id, name }: User) => reference('user_reference', 'users', id, name)

export const serviceReference = ({ id, name }: { id: string; name: string }) =>
  reference('service_reference', 'services', id, name)

export const policyReference = (service: Account['services'][number]) =>
  reference('escalation_policy_reference', 'escalation_policies', service.policy, `${service.name} escalation`)

export const scheduleReference = (service: Account['services'][number]) =>
  reference('schedule_reference', 'schedules', service.policy.replace(/^PEP/, 'PSCHED'), `${service.name} primary`)

export const incidentReference = ({ id, title }: PagerDutyIncident) =>
  reference('incident_reference', 'incidents', id, title)

/** A full priority object; webhooks carry only a reference. */
export const priority = ({ id, name, description }: Account['priorities'][number]) => ({
  ...reference('priority', 'priorities', id, name),
  html_url: null,
  name,
  description,
})

export const user = (person: User) => ({
  ...userReference(person),
  type: 'user',
  name: person.name,
  email: person.email,
  time_zone: person.timezone,
  color: 'green',
  role: 'user',
  avatar_url: `https://secure.gravatar.com/avatar/${person.id}.png`,
  description: null,
  invitation_sent: false,
  job_title: person.title,
  contact_methods: [],
  notification_rules: [],
  teams: [],
})

/** A timestamp as the REST API formats it: whole seconds. */
export const seconds = (at: number) => new Date(at).toISOString().replace(/\.\d+Z$/, 'Z')
