import { AsyncLocalStorage } from 'node:async_hooks'
import { ErrorCode, type FetchFunction, type Logger, LogLevel, WebClient } from '@slack/web-api'
import { type Guard, Permanent, TryLater, Unavailable, unguarded } from '../../incident/errors.ts'

/**
 * Slack answers most calls within a second; beyond this it is better to check whether the call took effect and retry.
 */
const TIMEOUT_MS = 10_000
/** When Slack rate-limits without Retry-After. */
const DEFAULT_PAUSE_MS = 5_000

/** Errors that pass by themselves; every other one that Slack names is for good. */
const PASSING = new Set([
  'ratelimited',
  'rate_limited',
  'too_many_requests',
  'internal_error',
  'fatal_error',
  'service_unavailable',
  'request_timeout',
  'team_added_to_org',
  'canvas_editing_locked',
  'accesslimited',
])

/**
 * Slack rejects the app or the whole workspace, whatever is called (`missing_scope`: whatever needs the scope). Calls
 * succeed once somebody has fixed it, so effects wait for that.
 */
const ACCOUNT_REFUSALS = new Set([
  'invalid_auth',
  'not_authed',
  'token_revoked',
  'token_expired',
  'account_inactive',
  'missing_scope',
  'no_permission',
  'team_access_not_granted',
  'org_login_required',
  'ekm_access_denied',
  'access_denied',
])
/** A policy of the workspace, or a Slack that lacks the method: every incident gets the same answer. */
const POLICY_REFUSALS = new Set([
  'restricted_action',
  'unknown_method',
  'method_deprecated',
  'deprecated_endpoint',
  'not_allowed_token_type',
  'feature_not_enabled',
  'team_not_eligible',
])
/** How often a scope is looked for that was missing, ms. */
const SCOPE_RETRY_MS = 30_000

/** Slack's most frequent errors, explained with what to do. */
const MEANINGS: Record<string, string> = {
  invalid_auth: 'Slack does not accept the bot token; check SLACK_BOT_TOKEN',
  token_revoked: 'the bot token was revoked; install the app again and set SLACK_BOT_TOKEN',
  account_inactive: 'the bot was removed from the workspace; install the app again',
  restricted_action: 'the workspace does not allow apps to do this; ask an admin',
  channel_not_found: 'Slack does not know the channel, or the bot is not in it',
  is_archived: 'the channel is archived; unarchive it first',
  not_in_channel: 'the bot is not in the channel; invite it',
  too_many_pins: 'the channel has as many pins as Slack allows',
  unknown_method: 'this Slack does not know the method',
}

type Refused = { error: string; needed?: string; errors?: unknown; response_metadata?: { messages?: string[] } }

const detailsOf = ({ errors, response_metadata }: Refused): string[] => [
  ...(Array.isArray(errors) ? errors.map((item) => (typeof item === 'string' ? item : JSON.stringify(item))) : []),
  ...(response_metadata?.messages ?? []),
]

const refusalMessage = (method: string, data: Refused): string => {
  const meaning =
    data.error === 'missing_scope'
      ? `the app lacks the scope ${data.needed}; install it again with the scopes of manifest.yml`
      : MEANINGS[data.error]
  const [detail] = detailsOf(data)
  return `${method}: ${data.error.slice(0, 200)}${meaning ? ` (${meaning})` : detail ? ` (${detail})` : ''}`
}

/** What Slack refused by name: `name_taken`, `already_pinned`. Permanent, unless a caller knows better. */
export class SlackRefusal extends Permanent {
  override name = 'SlackRefusal'
  /** Slack's own word for it. */
  readonly error: string
  /** The pointers and messages of `invalid_blocks`. */
  readonly details: string[]

  constructor(method: string, data: Refused) {
    super(refusalMessage(method, data), { everywhere: POLICY_REFUSALS.has(data.error) })
    this.error = data.error
    this.details = detailsOf(data)
  }
}

/** Slack refused the app or the workspace rather than this call. A missing scope concerns only what needs that scope. */
export class SlackAccountRefusal extends Unavailable {
  override name = 'SlackAccountRefusal'
  readonly error: string

  constructor(method: string, data: Refused) {
    const scope = data.error === 'missing_scope'
    super(refusalMessage(method, data), {
      system: scope ? `Slack scope ${data.needed ?? 'unknown'}` : 'Slack',
      ...(scope ? { afterMs: SCOPE_RETRY_MS, partly: true } : {}),
    })
    this.error = data.error
  }
}

export type SlackOptions = {
  token: string
  /** `SLACK_API_URL`; Slack's own when absent. */
  apiUrl?: string | undefined
  /** A clock that only ever moves forward, ms: pauses are counted by it. */
  now: () => number
  /** Told of every call: `ok`, `ratelimited`, `unreachable`, or Slack's error. */
  observe?: (method: string, result: string) => void
  timeoutMs?: number
  /** Goes around every call. */
  guard?: Guard
}

export type SlackAnswer = { ok: boolean; [member: string]: unknown }

/** Slack for effects: no call without a signal, so that one that is out of time leaves no request behind. */
export type BoundedSlack = {
  call<Answer = SlackAnswer>(method: string, args: { [name: string]: unknown }, signal: AbortSignal): Promise<Answer>
}

/**
 * Slack's Web API with our policies: no retries and no queue of its own (the outbox has both), a time limit, and every
 * failure an error that determines the reaction. A 429 blocks its method (for posts: its channel) until Slack's time is
 * over; everything else continues.
 */
export const createSlack = (options: SlackOptions) => {
  const { token, apiUrl, now, observe = () => {}, timeoutMs = TIMEOUT_MS, guard = unguarded } = options
  const client = new WebClient(token, {
    ...(apiUrl ? { slackApiUrl: apiUrl.endsWith('/') ? apiUrl : `${apiUrl}/` } : {}),
    timeout: timeoutMs,
    retryConfig: { retries: 0 },
    // Without a queue a request starts within its call, which is how it finds the call's signal. The guard bounds them.
    maxRequestConcurrency: Number.POSITIVE_INFINITY,
    rejectRateLimitedCalls: true,
    logger: SILENT,
    fetch: abortable,
  })
  const closedUntil = new Map<string, number>()
  const limitKeyOf = (method: string, args: { channel?: unknown }) =>
    method.startsWith('chat.') && typeof args.channel === 'string' ? `${method} ${args.channel}` : method

  /**
   * Calls one method.
   * @param signal aborts the request, which Slack may have carried out all the same.
   * @throws SlackRefusal, SlackAccountRefusal, TryLater, Unavailable, or the signal's reason.
   */
  const call = async <Answer = SlackAnswer>(
    method: string,
    args: { [name: string]: unknown } = {},
    signal?: AbortSignal,
  ): Promise<Answer> => {
    signal?.throwIfAborted()
    const key = limitKeyOf(method, args)
    const closed = closedUntil.get(key)
    if (closed !== undefined) {
      if (closed > now()) throw new TryLater(`Slack asked to wait with ${method}.`, closed - now())
      closedUntil.delete(key)
    }
    const work = async () => {
      // It may have waited for its turn until it was out of time.
      signal?.throwIfAborted()
      try {
        const answer = await signals.run(signal, () => client.apiCall(method, args))
        observe(method, 'ok')
        return answer as Answer
      } catch (error) {
        throw translated(error, method, (pauseMs) => closedUntil.set(key, now() + pauseMs), observe)
      }
    }
    return signal ? unlessAborted(guard(work), signal) : guard(work)
  }

  return {
    call,
    /** For tokens in upload requests and Bolt. */
    client,
  }
}

export type Slack = ReturnType<typeof createSlack>

/** What the client reports is in the errors it throws, which are logged once, redacted, by whoever handles them. */
const SILENT: Logger = {
  debug: () => {},
  info: () => {},
  warn: () => {},
  error: () => {},
  setLevel: () => {},
  getLevel: () => LogLevel.ERROR,
  setName: () => {},
}

/** The signal of the call that a request belongs to: the client passes none on to `fetch`. */
const signals = new AsyncLocalStorage<AbortSignal | undefined>()

const abortable: FetchFunction = (url, init) => {
  const limits = [init?.signal, signals.getStore()].filter((signal) => signal !== undefined)
  return fetch(url, { ...init, ...(limits.length > 0 ? { signal: AbortSignal.any(limits) } : {}) })
}

/** The work's outcome, or the signal's reason when that comes first. */
const unlessAborted = <Value>(work: Promise<Value>, signal: AbortSignal): Promise<Value> =>
  new Promise((resolve, reject) => {
    const giveUp = () => reject(signal.reason as Error)
    signal.addEventListener('abort', giveUp, { once: true })
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', giveUp))
  })

const translated = (
  error: unknown,
  method: string,
  closeFor: (ms: number) => void,
  observe: (method: string, result: string) => void,
): unknown => {
  const { code, data, retryAfter, statusCode } = error as {
    code?: string
    data?: { error: string; needed?: string }
    retryAfter?: number
    statusCode?: number
  }
  if (code === ErrorCode.RateLimitedError || (data && /rate_?limited/.test(data.error))) {
    observe(method, 'ratelimited')
    const pauseMs = retryAfter === undefined ? DEFAULT_PAUSE_MS : retryAfter * 1000
    closeFor(pauseMs)
    return new TryLater(`Slack asked to wait ${Math.ceil(pauseMs / 1000)} s with ${method}.`, pauseMs, { cause: error })
  }
  // A proxy's page in place of Slack's answer is no refusal.
  if (data?.error && /^[a-z][a-z0-9_]{0,60}$/.test(data.error)) {
    observe(method, data.error)
    if (PASSING.has(data.error))
      return new Unavailable(`${method}: Slack has trouble (${data.error}).`, { system: 'Slack', cause: error })
    return ACCOUNT_REFUSALS.has(data.error) ? new SlackAccountRefusal(method, data) : new SlackRefusal(method, data)
  }
  observe(method, statusCode ? `http_${statusCode}` : 'unreachable')
  // Not Slack's own: an emulator or proxy that has no such method.
  if (statusCode === 404 || statusCode === 501) return new SlackRefusal(method, { error: 'unknown_method' })
  return new Unavailable(`${method}: Slack could not be reached.`, { system: 'Slack', cause: error })
}

/** Did Slack refuse with one of these? */
export const refusedWith = (error: unknown, ...errors: string[]): boolean =>
  (error instanceof SlackRefusal || error instanceof SlackAccountRefusal) && errors.includes(error.error)
