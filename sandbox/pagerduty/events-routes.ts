import { type Response, Router } from 'express'
import { z } from 'zod'
import type { Account } from './account.ts'
import type { ChangeEvent } from './directory-routes.ts'
import type { NewId } from './ids.ts'
import type { Incidents } from './incidents.ts'

const RoutingKey = z.string().length(32, "Length of 'routing_key' is incorrect (should be 32 characters)")
const Links = z.array(z.object({ href: z.string(), text: z.string().optional() })).optional()
const Details = z.unknown().optional()

const Event = z.object({
  routing_key: RoutingKey,
  event_action: z.enum(['trigger', 'acknowledge', 'resolve']),
  dedup_key: z.string().max(255).optional(),
  payload: z
    .object({
      summary: z.string().min(1).max(1024),
      source: z.string().min(1),
      severity: z.enum(['critical', 'error', 'warning', 'info']),
      custom_details: Details,
    })
    .optional(),
})

const Change = z.object({
  routing_key: RoutingKey,
  payload: z.object({
    summary: z.string().min(1),
    timestamp: z.string().optional(),
    source: z.string().optional(),
    custom_details: Details,
  }),
  links: Links,
})

type Options = { account: Account; incidents: Incidents; changes: ChangeEvent[]; newId: NewId; now: () => number }

/** The Events API v2, used by monitoring: authenticated by a routing key per service. */
export const eventsRoutes = ({ account, incidents, changes, newId, now }: Options): Router => {
  const routes = Router()
  const serviceFor = (key: string) => account.services.find(({ routingKey }) => routingKey === key)

  routes.post('/v2/enqueue', (request, response) => {
    const event = Event.safeParse(request.body)
    if (!event.success) return refuse(response, event.error)
    const { routing_key, event_action, payload, dedup_key = newId('D', 32).toLowerCase() } = event.data
    const service = serviceFor(routing_key)
    if (!service) return refuse(response, 'Invalid routing key')
    const open = incidents.openWithKey(service.id, dedup_key)
    if (event_action === 'trigger') {
      if (!payload) return refuse(response, "'payload' is missing or blank")
      // PagerDuty: an event with the dedup key of an open alert updates that alert.
      if (!open) {
        const incident = incidents.open({
          title: payload.summary,
          service,
          key: dedup_key,
          urgency: urgencyOf(payload),
        })
        incident.alerts.push({
          id: newId('QA'),
          key: dedup_key,
          summary: payload.summary,
          severity: payload.severity,
          status: 'triggered',
          details: payload.custom_details ?? {},
          at: now(),
        })
      }
    } else if (open) {
      if (event_action === 'acknowledge') incidents.acknowledge(open, undefined)
      else incidents.resolve(open, undefined)
    }
    return response.status(202).json({ status: 'success', message: 'Event processed', dedup_key })
  })

  routes.post('/v2/change/enqueue', (request, response) => {
    const change = Change.safeParse(request.body)
    if (!change.success) return refuse(response, change.error)
    const { routing_key, payload, links = [] } = change.data
    const service = serviceFor(routing_key)
    if (!service) return refuse(response, 'Invalid routing key')
    const reportedAt = Date.parse(payload.timestamp ?? '')
    changes.push({
      id: newId('01C', 26),
      summary: payload.summary,
      at: Number.isNaN(reportedAt) ? now() : reportedAt,
      source: payload.source ?? '',
      service,
      details: payload.custom_details ?? {},
      links,
    })
    return response.status(202).json({ status: 'success', message: 'Change event processed' })
  })
  return routes
}

const urgencyOf = ({ severity }: { severity: string }) =>
  severity === 'info' || severity === 'warning' ? 'low' : 'high'

const refuse = (response: Response, problem: z.ZodError | string) =>
  response.status(400).json({
    status: 'invalid event',
    message: 'Event object is invalid',
    errors: typeof problem === 'string' ? [problem] : problem.issues.map(({ message }) => message),
  })
