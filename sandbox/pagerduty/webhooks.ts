import { createHmac } from 'node:crypto'
import type { NewId } from './ids.ts'

export type Subscription = {
  id: string
  url: string
  secret: string
  events: string[]
  filter: { type: string; id?: string }
  description: string
  /** Set after three consecutive dropped deliveries; nothing is sent until it is enabled again. */
  disabled: boolean
  consecutiveDrops: number
}

/** One delivery attempt, for tests. `status` 0: no response. */
export type Attempt = { subscription: string; webhookId: string; eventType: string; status: number }

/** A webhook to send. Order is kept per subscription and `resource`. */
export type Outgoing = { type: string; resource: string; service?: string; body: unknown }

type Options = {
  newId: NewId
  fetch: typeof globalThis.fetch
  sleep: (ms: number) => Promise<void>
  /** Real ms before each retry after a timeout, a 429 or a 5xx; afterwards the webhook is given up. */
  retryDelaysMs: readonly number[]
}

export type Webhooks = ReturnType<typeof createWebhooks>

/** PagerDuty: consecutive dropped deliveries before the subscription is disabled. */
const dropsUntilDisabled = 3

/**
 * Sends V3 webhooks like PagerDuty: signed, in order per subscription and incident, retried after a 5xx, a 429 or a
 * timeout, dropped after any other 4xx.
 */
export const createWebhooks = ({ newId, fetch, sleep, retryDelaysMs }: Options) => {
  const subscriptions: Subscription[] = []
  const attempts: Attempt[] = []
  const queues = new Map<string, Promise<void>>()
  let stopped = false

  const post = async (subscription: Subscription, webhookId: string, text: string): Promise<number> => {
    const signature = createHmac('sha256', subscription.secret).update(text).digest('hex')
    try {
      const response = await fetch(subscription.url, {
        method: 'POST',
        body: text,
        headers: {
          'content-type': 'application/json',
          'user-agent': 'PagerDuty-Webhook/V3.0',
          'x-pagerduty-signature': `v1=${signature}`,
          'x-webhook-id': webhookId,
          'x-webhook-subscription': subscription.id,
        },
        signal: AbortSignal.timeout(5_000),
      })
      await response.arrayBuffer()
      return response.status
    } catch {
      // No response, or a timeout: retried like a 5xx.
      return 0
    }
  }

  const deliver = async (subscription: Subscription, { type, body }: Outgoing) => {
    const webhookId = newId('WH', 20)
    const text = JSON.stringify(body)
    for (let attempt = 0; !stopped && !subscription.disabled; attempt++) {
      const status = await post(subscription, webhookId, text)
      attempts.push({ subscription: subscription.id, webhookId, eventType: type, status })
      if (status >= 200 && status < 300) {
        subscription.consecutiveDrops = 0
        return
      }
      if (status >= 300 && status < 500 && status !== 429) {
        subscription.consecutiveDrops += 1
        subscription.disabled = subscription.consecutiveDrops >= dropsUntilDisabled
        return
      }
      const delayMs = retryDelaysMs[attempt]
      if (delayMs === undefined) return
      await sleep(delayMs)
    }
  }

  const send = (outgoing: Outgoing) => {
    for (const subscription of subscriptions.filter((each) => wants(each, outgoing))) {
      const queue = `${subscription.id}/${outgoing.resource}`
      const next = (queues.get(queue) ?? Promise.resolve()).then(() => deliver(subscription, outgoing))
      queues.set(queue, next)
    }
  }

  return {
    subscriptions,
    attempts,
    send,
    /** Sends to one subscription regardless of its events: used for pings. */
    sendTo: (subscription: Subscription, outgoing: Outgoing) => {
      queues.set(`${subscription.id}/ping`, deliver(subscription, outgoing))
    },
    /** Resolves when no delivery is in flight. */
    settled: async () => {
      let waitedFor = -1
      while (waitedFor !== attempts.length) {
        waitedFor = attempts.length
        await Promise.all(queues.values())
      }
    },
    stop: () => {
      stopped = true
    },
  }
}

const wants = ({ disabled, events, filter }: Subscription, { type, service }: Outgoing) =>
  !disabled && events.includes(type) && (filter.type !== 'service_reference' || filter.id === service)
