import { Router } from 'express'
import type { Account } from './account.ts'
import { notFound } from './api-error.ts'
import { many, one, page, windowIn } from './listing.ts'
import {
  policyReference,
  priority,
  scheduleReference,
  seconds,
  serviceReference,
  user,
  userReference,
} from './references.ts'

/** A PagerDuty change event: a deploy or other change. */
export type ChangeEvent = {
  id: string
  summary: string
  at: number
  source: string
  service: Account['services'][number]
  details: unknown
  links: { href: string; text?: string | undefined }[]
}

type Options = { account: Account; changes: ChangeEvent[]; now: () => number }

const week = 7 * 86_400_000

/** Read-only routes: users, services, on-call, priorities, change events, abilities. */
export const directoryRoutes = ({ account, changes, now }: Options): Router => {
  const routes = Router()
  const serviceOf = (id: string) => {
    const found = account.services.find((each) => each.id === id)
    if (!found) throw notFound()
    return found
  }
  const service = (each: Account['services'][number]) => ({
    ...serviceReference(each),
    type: 'service',
    name: each.name,
    description: '',
    status: 'active',
    escalation_policy: policyReference(each),
    teams: [],
    integrations: [],
    alert_creation: 'create_alerts_and_incidents',
  })
  const listed = (found: ChangeEvent[]) =>
    [...found]
      .sort((a, b) => b.at - a.at)
      .map((each) => ({
        id: each.id,
        type: 'change_event',
        summary: each.summary,
        timestamp: seconds(each.at),
        source: each.source,
        services: [serviceReference(each.service)],
        custom_details: each.details,
        links: each.links,
      }))

  routes.get('/users', (request, response) => {
    const query = one(request, 'query')?.toLowerCase()
    const found = account.users.filter(
      ({ name, email }) => !query || name.toLowerCase().includes(query) || email.toLowerCase().includes(query),
    )
    response.json(page(request, 'users', found.map(user)))
  })
  routes.get('/users/:id', (request, response) => {
    const found = account.users.find(({ id }) => id === request.params.id)
    if (!found) throw notFound()
    response.json({ user: user(found) })
  })
  routes.get('/services', (request, response) => {
    const query = one(request, 'query')?.toLowerCase()
    const found = account.services.filter(({ name }) => !query || name.toLowerCase().includes(query))
    response.json(page(request, 'services', found.map(service)))
  })
  routes.get('/services/:id', (request, response) => {
    response.json({ service: service(serviceOf(request.params.id)) })
  })
  routes.get('/oncalls', (request, response) => {
    const policies = many(request, 'escalation_policy_ids')
    const wantedUsers = many(request, 'user_ids')
    const schedules = many(request, 'schedule_ids')
    const include = many(request, 'include')
    const shiftStart = Math.floor(now() / week) * week
    const rows = account.services.flatMap((each) =>
      each.onCall.flatMap((handle, level) => {
        const person = account.users.find((candidate) => candidate.handle === handle)
        if (!person) return []
        // The first level follows a weekly schedule; higher levels are always on call.
        const scheduled = level === 0
        return [
          {
            user: include.includes('users') ? user(person) : userReference(person),
            schedule: scheduled ? scheduleReference(each) : null,
            escalation_policy: policyReference(each),
            escalation_level: level + 1,
            start: scheduled ? seconds(shiftStart) : null,
            end: scheduled ? seconds(shiftStart + week) : null,
          },
        ]
      }),
    )
    const found = rows.filter(
      (row) =>
        (!policies.length || policies.includes(row.escalation_policy.id)) &&
        (!wantedUsers.length || wantedUsers.includes(row.user.id)) &&
        (!schedules.length || (row.schedule !== null && schedules.includes(row.schedule.id))),
    )
    response.json(page(request, 'oncalls', found))
  })
  routes.get('/priorities', (request, response) => {
    response.json(page(request, 'priorities', account.priorities.map(priority)))
  })
  routes.get('/change_events', (request, response) => {
    const { since, until } = windowIn(request)
    response.json(page(request, 'change_events', listed(changes.filter(({ at }) => at >= since && at <= until))))
  })
  routes.get('/services/:id/change_events', (request, response) => {
    const { id } = serviceOf(request.params.id)
    const { since, until } = windowIn(request)
    const found = changes.filter((each) => each.service.id === id && each.at >= since && each.at <= until)
    response.json(page(request, 'change_events', listed(found)))
  })
  routes.get('/abilities', (_request, response) => {
    response.json({ abilities: ['coordinated_responding', 'urgencies', 'event_rules', 'teams'] })
  })
  return routes
}
