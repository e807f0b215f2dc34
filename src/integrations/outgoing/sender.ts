import { type Guard, Permanent, TryLater, Unavailable } from '../../incident/errors.ts'
import { createHttpClient, HttpError, type HttpRequest, type HttpResponse } from '../../platform/http-client.ts'
import { expectOk, retryAfterMs } from '../../platform/http-status.ts'
import { signed } from './signature.ts'

/** Limits for one delivery: a receiver acknowledges, and works afterwards. */
const TIMEOUT_MS = 10_000
const MAX_RESPONSE_BYTES = 256 * 1024
const MAX_BODY_BYTES = 256 * 1024

export type SenderOptions = {
  /** As error messages write it: `Webhook hub`, `Statuspage`. */
  name: string
  /** Where it goes; the paths of requests are appended. */
  url: string
  /** Sent with every request. */
  headers?: Record<string, string>
  guard: Guard
}

/**
 * Requests to one receiver, with limits on time and size and without redirects: a signed body must not be sent to an
 * address that nobody configured. Errors are for the outbox: `Unavailable` when it does not respond, `Permanent` when
 * it rejects, `TryLater` when it names a time.
 */
export const createSender = ({ name, url, headers = {}, guard }: SenderOptions) => {
  const http = createHttpClient({ name, url, headers, timeoutMs: TIMEOUT_MS, maxBytes: MAX_RESPONSE_BYTES })

  return (path: string, request: HttpRequest): Promise<HttpResponse> =>
    guard(async () => {
      const response = await http.request(path, request).catch((error: unknown) => {
        if (!(error instanceof HttpError) || error.kind === 'aborted') throw error
        if (error.kind === 'redirect') throw new Permanent(`${error.message} Set the final address.`)
        if (error.kind === 'too_large') throw new Permanent(error.message)
        throw new Unavailable(error.message, { system: name, cause: error })
      })
      const { status } = response
      // Statuspage: 420 is its older 429.
      if (status === 420)
        throw new TryLater(`${name} is rate limiting requests (420).`, retryAfterMs(response.headers) ?? 60_000)
      if (status >= 500 || status === 408)
        throw new Unavailable(`${name} answered ${status}.`, {
          system: name,
          ...present(retryAfterMs(response.headers)),
        })
      return { ...expectOk(response, { name }), json: () => parsed(response, name) }
    })
}

export type Send = ReturnType<typeof createSender>

/** A proxy's page in place of an answer is no refusal: it waits like an outage. */
const parsed = (response: HttpResponse, name: string): unknown => {
  try {
    return response.json()
  } catch (cause) {
    throw new Unavailable(cause instanceof Error ? cause.message : `${name} answered no JSON.`, { system: name, cause })
  }
}

const present = (afterMs: number | undefined) => (afterMs === undefined ? {} : { afterMs })

/**
 * Posts a signed body to a receiver's own address.
 * @param id the same on every attempt, so that a receiver can tell a repeated delivery.
 * @param at the real time, epoch ms: receivers compare it with their clock.
 */
export const postSigned = async (
  send: Send,
  delivery: { id: string; event: string; body: object; at: number; signal: AbortSignal },
  secrets: readonly string[],
): Promise<void> => {
  const { id, event, at, signal } = delivery
  const body = JSON.stringify(delivery.body)
  if (Buffer.byteLength(body) > MAX_BODY_BYTES)
    throw new Permanent(`The body of ${id} is larger than ${MAX_BODY_BYTES / 1024} KiB.`)
  await send('', {
    method: 'POST',
    body: Buffer.from(body),
    headers: {
      'content-type': 'application/json',
      'user-agent': 'Muster',
      'muster-event': event,
      ...signed({ id, body, at }, secrets),
    },
    signal,
  })
}
