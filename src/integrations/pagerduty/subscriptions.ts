import { z } from 'zod'
import { List, Part, Text } from '../../incident/outside.ts'
import { parseResponse, type Rest } from './rest.ts'

/** A webhook subscription: where PagerDuty sends which events. */
export type Subscription = {
  id: string
  /** PagerDuty: a subscription is disabled for a day after three refused deliveries in a row. */
  active: boolean
  url?: string | undefined
  events: string[]
  /** PagerDuty's id of the one service or team it covers; absent for the whole account. */
  only?: string | undefined
  /** Signs the deliveries. PagerDuty reveals it once, in the response to `createSubscription`. */
  secret?: string | undefined
}

/** Events that Muster subscribes to. */
export const wantedEvents = [
  'incident.triggered',
  'incident.acknowledged',
  'incident.unacknowledged',
  'incident.escalated',
  'incident.delegated',
  'incident.reassigned',
  'incident.priority_updated',
  'incident.reopened',
  'incident.resolved',
  'incident.annotated',
  'incident.status_update_published',
  'incident.responder.added',
  'incident.responder.replied',
]

export type SubscriptionFilter = { type: 'account' } | { type: 'service' | 'team'; id: string }

const ToSubscription = z
  .object({
    id: z.string(),
    active: z.boolean().catch(true),
    events: List(z.string()),
    filter: Part({ id: Text }),
    delivery_method: Part({ url: Text, secret: Text, temporarily_disabled: z.boolean().optional().catch(undefined) }),
  })
  .transform(
    ({ id, active, events, filter, delivery_method: delivery }): Subscription => ({
      id,
      active: active && !delivery?.temporarily_disabled,
      url: delivery?.url,
      events,
      only: filter?.id,
      secret: delivery?.secret,
    }),
  )

/** Webhook subscriptions, for setting up and checking an installation. */
export const subscriptions = (rest: Rest) => ({
  async subscriptions(signal?: AbortSignal): Promise<Subscription[]> {
    return List(ToSubscription).parse(await rest.pages('/webhook_subscriptions', 'webhook_subscriptions', {}, signal))
  },

  /** Creates a subscription. Not idempotent: check `subscriptions()` first. */
  async createSubscription(
    { url, filter = { type: 'account' } }: { url: string; filter?: SubscriptionFilter },
    signal?: AbortSignal,
  ): Promise<Subscription> {
    const subscription = {
      type: 'webhook_subscription',
      delivery_method: { type: 'http_delivery_method', url },
      description: 'Muster',
      events: wantedEvents,
      filter: { ...filter, type: `${filter.type}_reference` },
    }
    const body = await rest.send('POST', '/webhook_subscriptions', { webhook_subscription: subscription }, signal)
    return parseResponse(z.object({ webhook_subscription: ToSubscription }), body, 'the new webhook subscription')
      .webhook_subscription
  },

  /** Enables a subscription that PagerDuty disabled. */
  async enableSubscription(id: string, signal?: AbortSignal): Promise<void> {
    await rest.send('POST', `/webhook_subscriptions/${encodeURIComponent(id)}/enable`, {}, signal)
  },

  /** Makes PagerDuty send `pagey.ping` to it. */
  async pingSubscription(id: string, signal?: AbortSignal): Promise<void> {
    await rest.send('POST', `/webhook_subscriptions/${encodeURIComponent(id)}/ping`, {}, signal)
  },
})
