import { api } from '@pagerduty/pdjs'
import { z } from 'zod'
import { type Guard, TryLater, Unavailable, unguarded } from '../../incident/errors.ts'
import { List, Part, Text } from '../../incident/outside.ts'
import { PagerDutyRefused } from './refused.ts'

export type CallOptions = {
  /** A REST API key; never written to a message or a log. */
  token: string
  /** `https://api.pagerduty.com`, or `https://api.eu.pagerduty.com` for accounts in the European service region. */
  url?: string | undefined
  /** The e-mail address of a PagerDuty user, in whose name incidents are changed; PagerDuty demands it on writes. */
  from?: string | undefined
  /** How long one call may take, ms. */
  timeoutMs?: number | undefined
  /** Epoch ms. */
  now?: (() => number) | undefined
  /** Goes around every call. */
  guard?: Guard | undefined
}

export type Query = Record<string, string | string[]>

/** The REST API with every failure as an error that says whether trying again can help. */
export type Call = {
  get(path: string, query?: Query, signal?: AbortSignal): Promise<unknown>
  send(method: 'POST' | 'PUT', path: string, body: object, signal?: AbortSignal): Promise<unknown>
  /** Every entry of a list, page by page, up to PagerDuty's own limit of 10,000. */
  pages(path: string, member: string, query?: Query, signal?: AbortSignal): Promise<unknown[]>
}

const PAGE = 100
const DEEPEST_OFFSET = 10_000 - PAGE
/** A 429 without a `ratelimit-reset`: the limits are per minute. */
const USUAL_WAIT_S = 30

/**
 * Wraps pdjs, once. Left to itself it never times out, takes a refusal for an answer, throws a response instead of an
 * error when the body is no JSON, and pages only under its own host name; all of that is put right here.
 */
export const pagerdutyCall = (options: CallOptions): Call => {
  const { token, from, timeoutMs = 10_000, now = Date.now, guard = unguarded } = options
  const base = (options.url ?? 'https://api.pagerduty.com').replace(/\/+$/, '')
  /** Until when the account is over its rate limit, epoch ms: asking before only prolongs it. */
  let busyUntil = 0

  const call = async (method: string, path: string, { query, body, signal }: Asked): Promise<unknown> => {
    const what = `${method} ${path}`
    if (now() < busyUntil) throw new TryLater(`PagerDuty's rate limit is used up; ${what} waits`, busyUntil - now())
    const limit = AbortSignal.timeout(timeoutMs)
    const response = await api({
      method,
      url: base + path,
      token,
      ...(query && { queryParameters: query }),
      ...(body && { data: body }),
      headers: from && method !== 'GET' ? { From: from } : {},
      signal: signal ? AbortSignal.any([signal, limit]) : limit,
      redirect: 'error',
      // Its time-out aborts nothing and keeps the process alive; ours is the signal above.
      requestTimeout: 0,
      // It asks three more times after a 429, and that cannot be turned off, only made quick: waiting is the outbox's job.
      retryTimeout: 0,
    }).catch((thrown: unknown) => answerOrError(thrown, what, { limit, signal, timeoutMs }))
    if (response.ok) return response.data
    if (response.status === 429) {
      const afterMs = waitOf(response) * 1000
      busyUntil = now() + afterMs
      throw new TryLater(`PagerDuty's rate limit is used up (${what})`, afterMs)
    }
    throw failureOf(response, what)
  }

  const guarded: typeof call = (method, path, asked) => guard(() => call(method, path, asked))

  return {
    get: (path, query, signal) => guarded('GET', path, { query, signal }),
    send: (method, path, body, signal) => guarded(method, path, { body, signal }),
    async pages(path, member, query = {}, signal) {
      const entries: unknown[] = []
      for (let offset = 0; offset <= DEEPEST_OFFSET; offset += PAGE) {
        const asked = { ...query, limit: String(PAGE), offset: String(offset) }
        const page = z
          .looseObject({ more: z.boolean().catch(false) })
          .parse(await guarded('GET', path, { query: asked, signal }))
        const list = page[member]
        if (Array.isArray(list)) entries.push(...list)
        if (!page.more) break
      }
      return entries
    },
  }
}

/** What pdjs resolves with; `data` is the parsed body, where there was one. */
type Answer = Response & { data?: unknown }

type Asked = { query?: Query | undefined; body?: object | undefined; signal?: AbortSignal | undefined }
type Limits = { limit: AbortSignal; signal: AbortSignal | undefined; timeoutMs: number }

/** pdjs throws the response itself when its body is no JSON: an empty 202, a proxy's page. */
const answerOrError = (thrown: unknown, what: string, { limit, signal, timeoutMs }: Limits): Answer => {
  if (typeof thrown === 'object' && thrown !== null && 'status' in thrown) return thrown as Answer
  if (signal?.aborted) throw signal.reason
  const outage = { system: 'PagerDuty', cause: thrown }
  if (limit.aborted) throw new Unavailable(`PagerDuty did not answer ${what} within ${timeoutMs} ms`, outage)
  throw new Unavailable(`PagerDuty could not be reached for ${what}`, outage)
}

/** Seconds until the limit is lifted. */
const waitOf = ({ headers }: Answer): number => {
  const told = Number(headers.get('ratelimit-reset') ?? headers.get('retry-after'))
  return Number.isFinite(told) && told > 0 ? told : USUAL_WAIT_S
}

const ErrorBody = z.object({
  error: Part({ message: Text, code: z.number().optional().catch(undefined), errors: List(z.string()) }),
})

const failureOf = (response: Answer, what: string): Error => {
  const { status } = response
  // Their trouble, not our mistake: worth another attempt.
  if (status >= 500 || status === 408)
    return new Unavailable(`PagerDuty answered ${status} to ${what}`, { system: 'PagerDuty' })
  const told = ErrorBody.safeParse(response.data).data?.error
  const refused = { status, code: told?.code, message: told?.message, reasons: told?.errors ?? [] }
  const refusal = new PagerDutyRefused(what, refused)
  // A token that is not accepted is refused whatever is called: effects wait until somebody has put it right.
  return status === 401 ? new Unavailable(refusal.message, { system: 'PagerDuty', cause: refusal }) : refusal
}

/** Checks an answer at the door; one of another shape says so in a line. */
export const readAnswer = <Schema extends z.ZodType>(
  schema: Schema,
  answer: unknown,
  what: string,
): z.infer<Schema> => {
  const read = schema.safeParse(answer)
  if (read.success) return read.data
  throw new Error(`PagerDuty told ${what} in an unknown shape: ${z.prettifyError(read.error).replaceAll('\n', ' ')}`)
}
