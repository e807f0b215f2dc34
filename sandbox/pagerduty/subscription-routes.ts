import { type Request, Router } from 'express'
import { notFound } from './api-error.ts'
import { NewSubscription, read } from './bodies.ts'
import type { NewId } from './ids.ts'
import { page } from './listing.ts'
import type { Subscription, Webhooks } from './webhooks.ts'

type Options = { webhooks: Webhooks; newId: NewId; now: () => number }

/** Routes under `/webhook_subscriptions`. The secret is returned only once, on creation. */
export const subscriptionRoutes = ({ webhooks, newId, now }: Options): Router => {
  const routes = Router()
  const subscriptionIn = (request: Request) => {
    const found = webhooks.subscriptions.find(({ id }) => id === request.params.id)
    if (!found) throw notFound()
    return found
  }
  routes.get('/webhook_subscriptions', (request, response) => {
    response.json(
      page(
        request,
        'webhook_subscriptions',
        webhooks.subscriptions.map((each) => shape(each, null)),
      ),
    )
  })
  routes.post('/webhook_subscriptions', (request, response) => {
    const wanted = read(NewSubscription, request.body).webhook_subscription
    const subscription: Subscription = {
      id: newId('PWH', 13),
      url: wanted.delivery_method.url,
      secret: newId('whsec', 64).toLowerCase(),
      events: wanted.events,
      filter: { type: wanted.filter.type, ...(wanted.filter.id && { id: wanted.filter.id }) },
      description: wanted.description ?? '',
      disabled: false,
      consecutiveDrops: 0,
    }
    webhooks.subscriptions.push(subscription)
    response.json({ webhook_subscription: shape(subscription, subscription.secret) })
  })
  routes.get('/webhook_subscriptions/:id', (request, response) => {
    response.json({ webhook_subscription: shape(subscriptionIn(request), null) })
  })
  routes.delete('/webhook_subscriptions/:id', (request, response) => {
    webhooks.subscriptions.splice(webhooks.subscriptions.indexOf(subscriptionIn(request)), 1)
    response.status(204).end()
  })
  routes.post('/webhook_subscriptions/:id/enable', (request, response) => {
    const subscription = subscriptionIn(request)
    subscription.disabled = false
    subscription.consecutiveDrops = 0
    response.json({ webhook_subscription: shape(subscription, null) })
  })
  routes.post('/webhook_subscriptions/:id/ping', (request, response) => {
    const event = {
      id: newId('01', 26),
      event_type: 'pagey.ping',
      resource_type: 'pagey',
      occurred_at: new Date(now()).toISOString(),
      agent: null,
      client: null,
      data: { message: 'Hello from your friend Pagey!', type: 'ping' },
    }
    webhooks.sendTo(subscriptionIn(request), { type: 'pagey.ping', resource: 'ping', body: { event } })
    response.status(202).end()
  })
  return routes
}

const shape = ({ id, url, events, filter, description, disabled }: Subscription, secret: string | null) => ({
  id,
  type: 'webhook_subscription',
  active: true,
  delivery_method: {
    type: 'http_delivery_method',
    url,
    secret,
    temporarily_disabled: disabled,
    custom_headers: [],
  },
  description,
  events,
  filter,
})
