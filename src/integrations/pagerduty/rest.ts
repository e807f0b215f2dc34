import { api } from '@pagerduty/pdjs'
import { z } from 'zod'
import { type Guard, TryLater, Unavailable, unguarded } from '../../incident/errors.ts'
import { List, Part, Text } from '../../incident/outside.ts'
import { PagerDutyRejection } from './rejection.ts'

export type RestOptions = {
  /** A REST API key; never written to a message or a log. */
  token: string
  /** `https://api.pagerduty.com`, or `https://api.eu.pagerduty.com` for accounts in the European service region. */
  url?: string | undefined
  /** The e-mail address of the PagerDuty user who makes the changes; PagerDuty requires it on writes. */
  from?: string | undefined
  /** Time limit of one request, ms. */
  timeoutMs?: number | undefined
  /** Size limit of one response, bytes. */
  maxBytes?: number | undefined
  /** Epoch ms. */
  now?: (() => number) | undefined
  /** Wraps every request, for example in a circuit breaker. */
  guard?: Guard | undefined
}

export type Query = Record<string, string | string[]>

/** PagerDuty's REST API. Every failure is an error that says whether a retry can help. */
export type Rest = {
  get(path: string, query?: Query, signal?: AbortSignal): Promise<unknown>
  send(method: 'POST' | 'PUT', path: string, body: object, signal?: AbortSignal): Promise<unknown>
  /** Every entry of a list, page by page, up to PagerDuty's own limit of 10,000. */
  pages(path: string, member: string, query?: Query, signal?: AbortSignal): Promise<unknown[]>
}

const PAGE = 100
const DEEPEST_OFFSET = 10_000 - PAGE
/** For a 429 without `ratelimit-reset`: PagerDuty's limits are per minute. */
const DEFAULT_WAIT_S = 30
/** A page of 100 incidents is some 500 KiB. */
const DEFAULT_MAX_BYTES = 4 * 1024 * 1024

/**
 * Wraps pdjs, once. On its own pdjs has no time or size limit, resolves with 4xx responses, rejects with a Response
 * instead of an Error when the body is not JSON, and pages only on its own host name.
 */
export const pagerdutyRest = (options: RestOptions): Rest => {
  const { token, from, timeoutMs = 10_000, maxBytes = DEFAULT_MAX_BYTES, now = Date.now, guard = unguarded } = options
  const base = (options.url ?? 'https://api.pagerduty.com').replace(/\/+$/, '')
  /** The account is over its rate limit until then, epoch ms; more requests would only prolong that. */
  let limitedUntil = 0

  /** For node-fetch, to which pdjs passes on what its own types do not name. */
  const bounded = { size: maxBytes }

  const request = async (method: string, path: string, { query, body, signal }: RequestOptions): Promise<unknown> => {
    const name = `${method} ${path}`
    if (now() < limitedUntil)
      throw new TryLater(`PagerDuty's rate limit is used up; ${name} waits`, limitedUntil - now())
    const deadline = AbortSignal.timeout(timeoutMs)
    const done = new AbortController()
    try {
      const response = await api({
        method,
        url: base + path,
        ...(query && { queryParameters: query }),
        ...(body && { data: body }),
        headers: headersOf({ token, from, hasBody: body !== undefined }),
        signal: AbortSignal.any([deadline, done.signal, ...(signal ? [signal] : [])]),
        redirect: 'error',
        // pdjs's own timeout aborts nothing and keeps the process alive.
        requestTimeout: 0,
        // pdjs repeats a 429 three times whatever happens; at least it does so at once. The outbox does the waiting.
        retryTimeout: 0,
        ...bounded,
      }).catch((thrown: unknown) => responseOrError(thrown, name, { deadline, signal, timeoutMs }))
      if (response.ok) return bodyOf(response, name, maxBytes)
      if (response.status === 429) {
        const afterMs = waitSeconds(response) * 1000
        limitedUntil = now() + afterMs
        throw new TryLater(`PagerDuty's rate limit is used up (${name})`, afterMs)
      }
      throw errorOf(response, name)
    } finally {
      // Ends the download of a body that was too large to be read.
      done.abort()
    }
  }

  const guarded: typeof request = (method, path, given) => guard(() => request(method, path, given))

  return {
    get: (path, query, signal) => guarded('GET', path, { query, signal }),
    send: (method, path, body, signal) => guarded(method, path, { body, signal }),
    async pages(path, member, query = {}, signal) {
      const entries: unknown[] = []
      for (let offset = 0; offset <= DEEPEST_OFFSET; offset += PAGE) {
        const window = { ...query, limit: String(PAGE), offset: String(offset) }
        const page = z
          .looseObject({ more: z.boolean().catch(false) })
          .parse(await guarded('GET', path, { query: window, signal }))
        const list = page[member]
        if (Array.isArray(list)) entries.push(...list)
        if (!page.more) break
      }
      return entries
    },
  }
}

type RequestOptions = { query?: Query | undefined; body?: object | undefined; signal?: AbortSignal | undefined }

/** What pdjs resolves with; `data` is the parsed body, where there was one. */
type PdResponse = Response & { data?: unknown }

/**
 * All headers of a request. As a list of pairs they replace those of pdjs, which sends `Content-Type` with a charset, and
 * with GETs too; PagerDuty's API schema allows neither.
 */
const headersOf = ({ token, from, hasBody }: { token: string; from: string | undefined; hasBody: boolean }) => {
  const pairs = [
    ['Accept', 'application/vnd.pagerduty+json;version=2'],
    ['Authorization', `Token token=${token}`],
    ['User-Agent', 'muster'],
    ...(hasBody ? [['Content-Type', 'application/json']] : []),
    ...(hasBody && from ? [['From', from]] : []),
  ]
  return { [Symbol.iterator]: () => pairs[Symbol.iterator]() }
}

type Limits = { deadline: AbortSignal; signal: AbortSignal | undefined; timeoutMs: number }

/** pdjs rejects with the response itself when its body is not JSON: an empty 202, a proxy's page. */
const responseOrError = (thrown: unknown, name: string, { deadline, signal, timeoutMs }: Limits): PdResponse => {
  if (signal?.aborted) throw signal.reason
  const outage = { system: 'PagerDuty', cause: thrown }
  if (deadline.aborted) throw new Unavailable(`PagerDuty did not answer ${name} within ${timeoutMs} ms`, outage)
  if (typeof thrown === 'object' && thrown !== null && 'status' in thrown) return thrown as PdResponse
  throw new Unavailable(`PagerDuty could not be reached for ${name}`, outage)
}

/** The parsed body of a 2xx; undefined where PagerDuty sends none. */
const bodyOf = (response: PdResponse, name: string, maxBytes: number): unknown => {
  if (response.data !== undefined || response.status === 202 || response.status === 204) return response.data
  if (response.headers.get('content-length') === '0') return undefined
  const size = `${Math.round(maxBytes / 1024)} KiB`
  throw new Error(`PagerDuty's response to ${name} is not JSON, or larger than ${size}; check PAGERDUTY_API_URL`)
}

/** Seconds until the rate limit is lifted. */
const waitSeconds = ({ headers }: PdResponse): number => {
  const given = Number(headers.get('ratelimit-reset') ?? headers.get('retry-after'))
  return Number.isFinite(given) && given > 0 ? given : DEFAULT_WAIT_S
}

const ErrorBody = z.object({
  error: Part({ message: Text, code: z.number().optional().catch(undefined), errors: List(z.string()) }),
})

const errorOf = (response: PdResponse, name: string): Error => {
  const { status } = response
  // An outage on their side: retry.
  if (status >= 500 || status === 408)
    return new Unavailable(`PagerDuty answered ${status} to ${name}`, { system: 'PagerDuty' })
  const error = ErrorBody.safeParse(response.data).data?.error
  const { code, message, errors = [] } = error ?? {}
  const rejection = new PagerDutyRejection(name, { status, code, message, reasons: errors })
  // A token that is rejected fails every call: effects wait until somebody has replaced it.
  return status === 401 ? new Unavailable(rejection.message, { system: 'PagerDuty', cause: rejection }) : rejection
}

/** Parses a response body; one of another shape becomes an error of one line. */
export const parseResponse = <Schema extends z.ZodType>(
  schema: Schema,
  body: unknown,
  what: string,
): z.infer<Schema> => {
  const parsed = schema.safeParse(body)
  if (parsed.success) return parsed.data
  throw new Error(`PagerDuty sent ${what} in an unknown shape: ${z.prettifyError(parsed.error).replaceAll('\n', ' ')}`)
}
