import { z } from 'zod'
import { List, Part, Text } from '../../incident/outside.ts'
import { type Call, readAnswer } from './call.ts'

/** A webhook subscription: where PagerDuty sends which events. */
export type Subscription = {
  id: string
  /** PagerDuty switches a subscription off for a day after three deliveries that we refused. */
  active: boolean
  url?: string | undefined
  events: string[]
  /** The service or team whose incidents it tells of; absent for the whole account. */
  only?: string | undefined
  /** What signs the deliveries. PagerDuty tells it once, in the answer to `createSubscription`. */
  secret?: string | undefined
}

/** What Muster wants to hear of. */
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

/** Webhook subscriptions, and what the account can do: for checking a set-up. */
export const subscriptions = (call: Call) => ({
  async subscriptions(signal?: AbortSignal): Promise<Subscription[]> {
    return List(ToSubscription).parse(await call.pages('/webhook_subscriptions', 'webhook_subscriptions', {}, signal))
  },

  /** Has PagerDuty send the wanted events to a URL. Not repeatable: look through `subscriptions()` first. */
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
    const answer = await call.send('POST', '/webhook_subscriptions', { webhook_subscription: subscription }, signal)
    return readAnswer(z.object({ webhook_subscription: ToSubscription }), answer, 'the new webhook subscription')
      .webhook_subscription
  },

  /** Switches a subscription on again that PagerDuty switched off. */
  async enableSubscription(id: string, signal?: AbortSignal): Promise<void> {
    await call.send('POST', `/webhook_subscriptions/${encodeURIComponent(id)}/enable`, {}, signal)
  },

  /** Has PagerDuty send `pagey.ping` to it, within moments. */
  async pingSubscription(id: string, signal?: AbortSignal): Promise<void> {
    await call.send('POST', `/webhook_subscriptions/${encodeURIComponent(id)}/ping`, {}, signal)
  },

  /** Features of the account's plan, by PagerDuty's names: `coordinated_responding`. */
  async abilities(signal?: AbortSignal): Promise<string[]> {
    const answer = await call.get('/abilities', undefined, signal)
    return readAnswer(z.object({ abilities: List(z.string()) }), answer, 'its abilities').abilities
  },
})
