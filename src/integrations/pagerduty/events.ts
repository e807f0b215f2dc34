import { z } from 'zod'
import { Permanent, TryLater } from '../../incident/errors.ts'
import { Text } from '../../incident/outside.ts'

/** An alert for the Events API v2, which needs no REST token: only the service's integration key. */
export type EventV2 = {
  /** 32 characters: the integration key of a service. */
  routingKey: string
  action: 'trigger' | 'acknowledge' | 'resolve'
  /** Ours, the same on every attempt and for every action: it is what makes a repeated trigger harmless. */
  key: string
  title: string
  /** What is affected: a service, a host. */
  source: string
  severity?: 'critical' | 'error' | 'warning' | 'info'
  details?: Record<string, string>
  links?: { href: string; text: string }[]
}

type Options = { url?: string | undefined; fetch?: typeof globalThis.fetch; timeoutMs?: number }

/** PagerDuty's documented limit on a summary. */
const LONGEST_SUMMARY = 1024

/** Sends events. pdjs cannot be told another host for these, nor does it report a refusal, so this is plain fetch. */
export const pagerdutyEvents = (options: Options = {}) => {
  const { url = 'https://events.pagerduty.com', fetch = globalThis.fetch, timeoutMs = 10_000 } = options
  return {
    /** Triggers, acknowledges or resolves the alert with that key. */
    async send(event: EventV2, signal?: AbortSignal): Promise<void> {
      const limit = AbortSignal.timeout(timeoutMs)
      const response = await fetch(`${url.replace(/\/+$/, '')}/v2/enqueue`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify(bodyOf(event)),
        redirect: 'error',
        signal: signal ? AbortSignal.any([signal, limit]) : limit,
      }).catch((cause: unknown) => {
        if (signal?.aborted) throw signal.reason
        throw new Error(`PagerDuty's Events API could not be reached within ${timeoutMs} ms`, { cause })
      })
      if (response.ok) return void (await response.body?.cancel())
      if (response.status === 429) throw new TryLater("PagerDuty's limit on events is used up", 30_000)
      const what = `PagerDuty's Events API answered ${response.status}`
      if (response.status >= 500) throw new Error(what)
      const told = Refusal.safeParse(await response.json().catch(() => undefined)).data
      throw new Permanent([what, told?.message, ...(told?.errors ?? [])].filter(Boolean).join(': '))
    },
  }
}

const Refusal = z.object({ message: Text, errors: z.array(z.string()).optional().catch(undefined) })

const bodyOf = (event: EventV2) => ({
  routing_key: event.routingKey,
  event_action: event.action,
  dedup_key: event.key,
  payload: {
    summary: event.title.slice(0, LONGEST_SUMMARY).toWellFormed(),
    source: event.source,
    severity: event.severity ?? 'critical',
    ...(event.details && { custom_details: event.details }),
  },
  ...(event.links && { links: event.links }),
  client: 'Muster',
})
