import { createHmac } from 'node:crypto'
import type { AppRequest, AppResponse, Delivery, DeliveryOptions } from './delivery.ts'
import { createRetries, type Failure, type Retry } from './retries.ts'

export type HttpOptions = DeliveryOptions & {
  requestUrl: string
  signingSecret: string
  now: () => number
}

export type HttpDelivery = Delivery & {
  /** URL verification: true when the app echoes the challenge. */
  verifyUrl: () => Promise<boolean>
}

/** Sends events, commands and interactions as signed requests to the app's request URL. */
export const httpDelivery = (options: HttpOptions): HttpDelivery => {
  const retries = createRetries(options.retryDelaysMs)

  const post = (
    request: AppRequest | { kind: 'url_verification'; payload: Record<string, unknown> },
    retry?: Retry,
  ) => {
    const { body, contentType } = encode(request)
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

  const request = async (request: AppRequest): Promise<AppResponse> => {
    try {
      const response = await post(request)
      const text = await response.text()
      if (!response.ok) return { acked: false, error: 'dispatch_failed' }
      const body = parseAckBody(text)
      return { acked: true, ...(body && { body }) }
    } catch (error) {
      return { acked: false, error: failureOf(error) === 'http_timeout' ? 'operation_timeout' : 'dispatch_failed' }
    }
  }

  const attempt = async (request: AppRequest, retry?: Retry): Promise<Failure | undefined> => {
    try {
      const response = await post(request, retry)
      await response.arrayBuffer()
      if (response.ok) return undefined
      return { reason: 'http_error', final: response.headers.get('X-Slack-No-Retry') === '1' }
    } catch (error) {
      return { reason: failureOf(error) }
    }
  }

  return {
    request,
    sendEvent: (request) => retries.start((retry) => attempt(request, retry)),
    verifyUrl: async () => {
      const challenge = signature(options.signingSecret, String(options.now()), 'challenge')
      const response = await post({ kind: 'url_verification', payload: { type: 'url_verification', challenge } })
      return (await response.text()).includes(challenge)
    },
    settled: retries.settled,
    stop: retries.stop,
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

/** An acknowledgement's body: JSON, plain text, or nothing. */
const parseAckBody = (text: string): Record<string, unknown> | undefined => {
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

const failureOf = (error: unknown): 'http_timeout' | 'connection_failed' =>
  error instanceof Error && error.name === 'TimeoutError' ? 'http_timeout' : 'connection_failed'
