import { z } from 'zod'
import { invalid } from './api-error.ts'

/** Request bodies of the REST API. Like PagerDuty, unknown members are ignored. */

const Ref = z.object({ id: z.string(), type: z.string().optional() })
const Conference = z.object({ conference_number: z.string().nullish(), conference_url: z.string().nullish() })

export const CreateIncident = z.object({
  incident: z.object({
    type: z.string(),
    title: z.string().min(1),
    service: Ref,
    priority: Ref.nullish(),
    urgency: z.enum(['high', 'low']).nullish(),
    body: z.object({ details: z.string() }).nullish(),
    incident_key: z.string().max(255).nullish(),
    assignments: z.array(z.object({ assignee: Ref })).nullish(),
    conference_bridge: Conference.nullish(),
  }),
})

export const IncidentChange = z.object({
  id: z.string().optional(),
  type: z.string(),
  status: z.enum(['triggered', 'acknowledged', 'resolved']).optional(),
  resolution: z.string().nullish(),
  title: z.string().optional(),
  priority: Ref.nullable().optional(),
  urgency: z.enum(['high', 'low']).optional(),
  escalation_level: z.number().int().positive().optional(),
  assignments: z.array(z.object({ assignee: Ref })).optional(),
  conference_bridge: Conference.optional(),
})
export type IncidentChange = z.infer<typeof IncidentChange>

export const UpdateIncident = z.object({ incident: IncidentChange })
export const UpdateIncidents = z.object({ incidents: z.array(IncidentChange).max(250) })
export const MergeIncidents = z.object({ source_incidents: z.array(Ref).max(100) })
export const NewNote = z.object({ note: z.object({ content: z.string().min(1) }) })
export const StatusUpdate = z.object({ message: z.string().min(1), subject: z.string().nullish() })
export const Snooze = z.object({ duration: z.number().int().min(1).max(604_800) })
export const ResponderRequest = z.object({
  requester_id: z.string(),
  message: z.string(),
  responder_request_targets: z.array(z.object({ responder_request_target: Ref })).min(1),
})

export const NewSubscription = z.object({
  webhook_subscription: z.object({
    type: z.literal('webhook_subscription'),
    delivery_method: z.object({ type: z.literal('http_delivery_method'), url: z.string().url() }),
    description: z.string().nullish(),
    events: z.array(z.string()).min(1),
    filter: z.object({
      type: z.enum(['account_reference', 'service_reference', 'team_reference']),
      id: z.string().optional(),
    }),
  }),
})

/** Parses a body. @throws ApiError 400 with what is wrong. */
export const read = <T>(schema: z.ZodType<T>, body: unknown): T => {
  const result = schema.safeParse(body)
  if (result.success) return result.data
  throw invalid(...result.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`))
}
