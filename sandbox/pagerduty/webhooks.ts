import { createHmac } from 'node:crypto'
import type { NewId } from './ids.ts'

export type Subscription = {
  id: string
  url: string
  secret: string
  events: string[]
  filter: { type: string; id?: string }
  description: string
  /** After three deliveries in a row that were dropped; nothing is sent until somebody enables it. */
  disabled: boolean
  droppedInARow: number
}

/** One webhook that was tried, for tests. `status` 0: no answer. */
export type Attempt = { subscription: string; webhookId: string; eventType: string; status: number }

/** What is sent: its type, whose queue it waits in, and the body. */
export type Outgoing = { type: string; resource: string; service?: string; body: unknown }

type Options = {
  newId: NewId
  fetch: typeof globalThis.fetch
  sleep: (ms: number) => Promise<void>
  /** Real ms before each new attempt after a time-out, a 429 or a 5xx; when they are used up the webhook is given up. */
  retryDelaysMs: readonly number[]
}

export type Webhooks = ReturnType<typeof createWebhooks>

/** PagerDuty drops three in a row, then stops. */
const dropsUntilDisabled = 3

/**
 * V3 webhooks as PagerDuty sends them: signed, in order for one subscription and incident, again after a 5xx, a 429 or
 * silence, dropped after any other 4xx.
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
      // No answer, or none in time: tried again like a 5xx.
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
        subscription.droppedInARow = 0
        return
      }
      if (status >= 300 && status < 500 && status !== 429) {
        subscription.droppedInARow += 1
        subscription.disabled = subscription.droppedInARow >= dropsUntilDisabled
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
    ...{ subscriptions, attempts, send },
    /** Sends to one subscription whatever it listens to: the ping. */
    sendTo: (subscription: Subscription, outgoing: Outgoing) => {
      queues.set(`${subscription.id}/ping`, deliver(subscription, outgoing))
    },
    /** Resolves when nothing is on its way any more. */
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
