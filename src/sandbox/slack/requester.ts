import { createHmac } from 'node:crypto'
import type { Delivery, DeliveryOptions, Parcel, Receipt } from './deliver.ts'

export type HttpOptions = DeliveryOptions & {
  requestUrl: string
  signingSecret: string
  now: () => number
}

type Retry = { number: number; reason: string }
type Failure = { reason: 'http_timeout' | 'http_error' | 'connection_failed'; final: boolean }

export type HttpDelivery = Delivery & {
  /** The handshake of the Events API: true when the app sends the challenge back. */
  verifyUrl: () => Promise<boolean>
}

/** Events, commands and interactions as signed requests to the app's address. */
export const httpDelivery = (options: HttpOptions): HttpDelivery => {
  const underWay = new Set<Promise<unknown>>()
  const timers = new Set<NodeJS.Timeout>()
  let stopped = false

  const post = (parcel: Parcel | { kind: 'url_verification'; payload: Record<string, unknown> }, retry?: Retry) => {
    const { body, contentType } = encode(parcel)
    const timestamp = String(Math.floor(options.now() / 1000))
    return fetch(options.requestUrl, {
      method: 'POST',
      body,
      headers: {
        'Content-Type': contentType,
        'User-Agent': 'Slackbot 1.0 (+https://api.slack.com/robots)',
        'X-Slack-Request-Timestamp': timestamp,
        'X-Slack-Signature': signature(options.signingSecret, timestamp, body),
        ...(retry && { 'X-Slack-Retry-Num': String(retry.number), 'X-Slack-Retry-Reason': retry.reason }),
      },
      signal: AbortSignal.timeout(options.ackTimeoutMs),
    })
  }

  const ask = async (parcel: Parcel): Promise<Receipt> => {
    try {
      const response = await post(parcel)
      const text = await response.text()
      if (!response.ok)
        return { acked: false, error: response.status === 404 ? 'operation_timeout' : 'dispatch_failed' }
      const body = answered(text)
      return { acked: true, ...(body && { body }) }
    } catch (error) {
      return { acked: false, error: failureOf(error) === 'http_timeout' ? 'operation_timeout' : 'dispatch_failed' }
    }
  }

  const attempt = async (parcel: Parcel, retry?: Retry): Promise<Failure | undefined> => {
    try {
      const response = await post(parcel, retry)
      await response.arrayBuffer()
      if (response.ok) return undefined
      return { reason: 'http_error', final: response.headers.get('X-Slack-No-Retry') === '1' }
    } catch (error) {
      return { reason: failureOf(error), final: false }
    }
  }

  const persist = async (parcel: Parcel): Promise<void> => {
    let failure = await attempt(parcel)
    for (const [index, delay] of options.retryDelaysMs.entries()) {
      if (!failure || failure.final || stopped) return
      await new Promise<void>((resolve) => timers.add(setTimeout(resolve, delay)))
      if (!stopped) failure = await attempt(parcel, { number: index + 1, reason: failure.reason })
    }
  }

  const track = <Value>(work: Promise<Value>): Promise<Value> => {
    underWay.add(work)
    return work.finally(() => underWay.delete(work))
  }

  return {
    ask: (parcel) => track(ask(parcel)),
    tell: (parcel) => {
      track(persist(parcel))
    },
    verifyUrl: async () => {
      const challenge = signature(options.signingSecret, String(options.now()), 'challenge')
      const response = await post({ kind: 'url_verification', payload: { type: 'url_verification', challenge } })
      return (await response.text()).includes(challenge)
    },
    settled: async () => {
      while (underWay.size > 0) await Promise.allSettled(underWay)
    },
    stop: () => {
      stopped = true
      for (const timer of timers) clearTimeout(timer)
    },
  }
}

/** https://docs.slack.dev/authentication/verifying-requests-from-slack */
export const signature = (secret: string, timestamp: string, body: string): string =>
  `v0=${createHmac('sha256', secret).update(`v0:${timestamp}:${body}`).digest('hex')}`

const encode = ({ kind, payload }: { kind: string; payload: Record<string, unknown> }) => {
  if (kind === 'slash_commands') return form(Object.entries(payload).map(([name, value]) => [name, String(value)]))
  if (kind === 'interactive') return form([['payload', JSON.stringify(payload)]])
  return { contentType: 'application/json', body: JSON.stringify(payload) }
}

const form = (members: [string, string][]) => ({
  contentType: 'application/x-www-form-urlencoded',
  body: new URLSearchParams(members).toString(),
})

/** The body of an acknowledgement: JSON, plain text for a command, or nothing. */
const answered = (text: string): Record<string, unknown> | undefined => {
  if (text.trim() === '') return undefined
  try {
    const parsed: unknown = JSON.parse(text)
    return typeof parsed === 'object' && parsed !== null
      ? (parsed as Record<string, unknown>)
      : { text: String(parsed) }
  } catch {
    return { text }
  }
}

const failureOf = (error: unknown): Failure['reason'] =>
  error instanceof Error && error.name === 'TimeoutError' ? 'http_timeout' : 'connection_failed'
