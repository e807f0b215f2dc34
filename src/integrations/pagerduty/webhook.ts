import { z } from 'zod'
import { Link, List, Part, Text } from '../../incident/outside.ts'

/** The members of a PagerDuty V3 webhook that we use (PagerDuty: "Webhooks overview"). All but the event type may be missing. */

const Reference = Part({ id: Text, type: Text, summary: Text })

/** Members of every kind of `data`: an incident, a note, a status update, a responder. */
const Data = z.object({
  id: Text,
  type: Text,
  html_url: Link,
  number: Text,
  status: Text,
  incident_key: Text,
  created_at: Text,
  title: Text,
  incident_type: Part({ name: Text }),
  service: Reference,
  assignees: List(z.object({ id: Text, summary: Text })),
  escalation_policy: Reference,
  teams: List(z.object({ id: Text, summary: Text })),
  priority: Reference,
  urgency: Text,
  conference_bridge: Part({ conference_url: Link }),
  resolve_reason: Part({ type: Text, incident: Reference }),
  /** The incident a note, a status update or a responder belongs to. */
  incident: Reference,
  content: Text,
  message: Text,
  trimmed: z.boolean().optional().catch(undefined),
  user: Reference,
  state: Text,
})
export type PagerDutyIncident = z.infer<typeof Data>

const Event = z.object({
  id: Text,
  event_type: z.string().min(1),
  occurred_at: Text,
  /** A user, a service or an integration; null for automation. */
  agent: Reference,
  data: Data.optional().catch(undefined),
})
export type Event = z.infer<typeof Event>

export const Envelope = z.object({ event: Event })
