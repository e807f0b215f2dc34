import express, { type NextFunction, type Request, type Response } from 'express'
import { type Fault, faultSwitch } from './faults.ts'
import { type Account, type AccountPerson, type AccountService, accountOf } from './pagerduty/account.ts'
import { ApiError } from './pagerduty/api-error.ts'
import { type ChangeEvent, directoryRoutes } from './pagerduty/directory-routes.ts'
import { eventsRoutes } from './pagerduty/events-routes.ts'
import { guard } from './pagerduty/guard.ts'
import { idSource } from './pagerduty/ids.ts'
import type { PagerDutyIncident } from './pagerduty/incident.ts'
import { incidentRoutes } from './pagerduty/incident-routes.ts'
import { createIncidents } from './pagerduty/incidents.ts'
import { webhookBody } from './pagerduty/shapes.ts'
import { subscriptionRoutes } from './pagerduty/subscription-routes.ts'
import { type Attempt, createWebhooks, type Subscription } from './pagerduty/webhooks.ts'
import { type Listening, type ListenOptions, listen } from './server.ts'

/** One request to `url`. */
export type LoggedRequest = { method: string; path: string; status: number; from?: string }

export type FakePagerDuty = Listening & {
  /** The same API for monitoring and people in stories, which faults do not affect. */
  unaffectedUrl: string
  account: Account
  /** Injects a fault into the API at `url`; `{ kind: 'none' }` clears it. */
  setFault(fault: Fault): void
  /** Somebody answers the latest request for their help on an incident (ids of the incident and handles of people). */
  reply(incident: string, handle: string, answer: 'accepted' | 'declined'): void
  /** Resolves when no webhook delivery is in flight. */
  settled(): Promise<void>
  /** The account's state, for tests. */
  state(): {
    incidents: PagerDutyIncident[]
    changes: ChangeEvent[]
    subscriptions: Subscription[]
    attempts: Attempt[]
    requests: LoggedRequest[]
  }
}

type Options = ListenOptions & {
  /** The only API token accepted. */
  token: string
  people: readonly AccountPerson[]
  services: readonly AccountService[]
  /** A webhook subscription from the start; the API can add more. */
  webhook?: { url: string; secret: string }
  /** Epoch ms. */
  now: () => number
  /** Requests per minute before it responds 429. */
  perMinute?: number
  /** Real milliseconds before each retry of a webhook that got no 2xx. */
  retryDelaysMs?: readonly number[]
  fetch?: typeof globalThis.fetch
  /** Real milliseconds. */
  sleep: (ms: number) => Promise<void>
}

/** The REST API v2, the Events API v2 and V3 webhooks of one small PagerDuty account, on one port. */
export const createFakePagerDuty = async (options: Options): Promise<FakePagerDuty> => {
  const { token, now, sleep, webhook, perMinute = 960, fetch = globalThis.fetch } = options
  const { retryDelaysMs = [1_000, 2_000, 5_000, 10_000, 30_000, 60_000] } = options
  const account = accountOf(options.people, options.services)
  const newId = idSource(now())
  const webhooks = createWebhooks({ newId, fetch, sleep, retryDelaysMs })
  if (webhook) webhooks.subscriptions.push({ ...everything, ...webhook, id: newId('PWH', 13) })
  const incidents = createIncidents({
    account,
    now,
    newId,
    onChange: (change) =>
      webhooks.send({
        type: change.type,
        resource: change.incident.id,
        service: change.incident.service.id,
        body: webhookBody(change, newId('01', 26), now()),
      }),
  })
  const changes: ChangeEvent[] = []
  const requests: LoggedRequest[] = []
  const health = faultSwitch()

  const app = express()
  app.set('query parser', 'extended')
  app.use(express.json({ limit: '1mb' }))
  app.use(eventsRoutes({ account, incidents, changes, newId, now }))
  app.use(guard({ token, perMinute, now }))
  app.use(incidentRoutes({ account, incidents }))
  app.use(directoryRoutes({ account, changes, now }))
  app.use(subscriptionRoutes({ webhooks, newId, now }))
  app.use(() => {
    throw new ApiError(404, 2100, 'Not Found')
  })
  app.use((error: unknown, _request: Request, response: Response, _next: NextFunction) => {
    const { status, message, code, errors } = error instanceof ApiError ? error : unreadable
    response.status(status).json({ error: { message, code, ...(errors.length && { errors }) } })
  })
  const affected = express()
  affected.use((request, response, next) => {
    const from = request.get('from')
    response.on('finish', () =>
      requests.push({ method: request.method, path: request.path, status: response.statusCode, ...(from && { from }) }),
    )
    next()
  })
  affected.use(health.middleware, app)
  const server = await listen(affected, options)
  const unaffected = await listen(app, { host: options.host })
  return {
    ...server,
    unaffectedUrl: unaffected.url,
    account,
    setFault: health.set,
    reply: (id, handle, answer) => {
      const user = account.users.find((one) => one.handle === handle)
      if (user) incidents.reply(incidents.find(id), user, answer)
    },
    settled: webhooks.settled,
    state: () => ({
      incidents: incidents.all,
      changes,
      subscriptions: webhooks.subscriptions,
      attempts: webhooks.attempts,
      requests,
    }),
    stop: async () => {
      webhooks.stop()
      await Promise.all([server.stop(), unaffected.stop()])
    },
  }
}

const unreadable = { status: 400, code: 2001, message: 'Invalid Input Provided', errors: ['The body is not JSON'] }

/** A subscription to all events of the account. */
const everything = {
  events: [
    ...['triggered', 'acknowledged', 'unacknowledged', 'resolved', 'reopened', 'escalated', 'reassigned', 'delegated'],
    ...['priority_updated', 'annotated', 'status_update_published', 'responder.added', 'responder.replied'],
    ...['conference_bridge.updated'],
  ].map((name) => `incident.${name}`),
  filter: { type: 'account_reference' },
  description: 'Sandbox',
  disabled: false,
  consecutiveDrops: 0,
}
