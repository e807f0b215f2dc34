import { setTimeout as sleep } from 'node:timers/promises'
import { messageOf } from './incident/errors.ts'
import { refusedWith, type Slack } from './integrations/slack/client.ts'
import type { Log } from './platform/log.ts'
import { within } from './platform/time-limit.ts'
import type { Store } from './store/store.ts'

/** Time for Slack to answer at start; without it Muster starts all the same, because alerts and pages do not need it. */
const TIMEOUT_MS = 10_000
/** The same where Slack has accepted the tokens before, and only has to be waited for. */
const FIRST_LOOK_MS = 3_000
const RETRY_AFTER_MS = 30_000

/** The state of the connection to Slack, and how to stop connecting. */
export type SlackConnection = { state: 'connected' | 'waiting'; stop(): void }

/** Errors with which Slack rejects a token, whatever the method. */
const TOKEN_ERRORS = [
  'invalid_auth',
  'not_authed',
  'account_inactive',
  'token_revoked',
  'token_expired',
  'not_allowed_token_type',
  'team_access_not_granted',
  'no_permission',
  'app_inactive',
]

/** Where a new app-level token comes from. */
const APP_TOKEN_HINT =
  'copy an app-level token with the scope connections:write from "Basic Information" in the app\u2019s settings'
const BOT_TOKEN_HINT = 'copy the "Bot User OAuth Token" from "OAuth & Permissions" in the app\u2019s settings'

/** The sentence for an app-level token that Slack rejects. */
export const appTokenRefused = (error: string): string =>
  `Slack refused SLACK_APP_TOKEN (apps.connections.open: ${error}); ${APP_TOKEN_HINT}.`

const botTokenRefused = (error: string): string =>
  `Slack refused SLACK_BOT_TOKEN (auth.test: ${error}); ${BOT_TOKEN_HINT}.`

/** Slack's own word for a refusal, from Bolt's errors and from ours. */
export const slackErrorOf = (error: unknown): string | undefined => {
  const { data, error: own } = error as { data?: { error?: unknown }; error?: unknown }
  const code = own ?? data?.error
  return typeof code === 'string' ? code : undefined
}

/** Remembered once Slack has accepted both tokens. */
const CONNECTED_BEFORE = 'slack:connected'

export type ConnectSlackOptions = {
  slack: Pick<Slack, 'call'>
  /** Opens the Socket Mode connection; resolves at once in HTTP mode. */
  open(): Promise<void>
  memory: Pick<Store, 'recall' | 'remember'>
  log: Pick<Log, 'info' | 'error'>
  timeoutMs?: number
  /** How long to wait before a rejected token is tried again, ms. */
  retryAfterMs?: number
}

/**
 * Connects to Slack and checks both tokens.
 * @returns whether Slack has answered in time; when not, connecting continues in the background until `stop`.
 * @throws one sentence that names the setting when Slack rejects a token that it has never accepted before: a mistake
 * in
 * the settings. One that it used to accept was revoked, and exiting would take alerts and pages down as well.
 */
export const connectSlack = async (options: ConnectSlackOptions): Promise<SlackConnection> => {
  const { memory, log, timeoutMs = TIMEOUT_MS, retryAfterMs = RETRY_AFTER_MS } = options
  const stopping = new AbortController()
  const stop = () => stopping.abort()
  const workedBefore = (await memory.recall(CONNECTED_BEFORE)) !== undefined

  const connect = async (): Promise<'connected'> => {
    for (;;) {
      try {
        await checkTokens(options)
        // A disk that is full is the store's trouble, and no reason to end.
        if (!workedBefore) await memory.remember(CONNECTED_BEFORE, 'yes').catch(() => {})
        return 'connected'
      } catch (error) {
        if (!workedBefore) throw error
        log.error('Slack rejects a token that it used to accept; alerts and pages go on without it', { error })
        await sleep(retryAfterMs, undefined, { signal: stopping.signal })
      }
    }
  }
  const connecting = connect()
  const state = await within(
    workedBefore ? Math.min(timeoutMs, FIRST_LOOK_MS) : timeoutMs,
    connecting,
    'waiting' as const,
  )
  if (state === 'waiting') {
    log.error('Slack cannot be reached yet; still trying')
    connecting.then(
      () => log.info('Slack is connected'),
      (error: unknown) => {
        if (!stopping.signal.aborted) log.error('Slack refused the connection', { error })
      },
    )
  }
  return { state, stop }
}

/**
 * Opens the connection and fetches the bot's identity. @throws one sentence that names the setting of a rejected token.
 */
const checkTokens = async ({ slack, open }: ConnectSlackOptions): Promise<void> => {
  const opened = open().catch((cause: unknown) => {
    const code = slackErrorOf(cause)
    throw new Error(code ? appTokenRefused(code) : `Slack refused the connection: ${messageOf(cause)}`, { cause })
  })
  const checked = slack.call('auth.test').catch((cause: unknown) => {
    // Slack that is down or busy is no reason to end: the outbox retries and reports.
    if (refusedWith(cause, ...TOKEN_ERRORS)) throw new Error(botTokenRefused(slackErrorOf(cause) ?? ''), { cause })
  })
  await Promise.all([opened, checked])
}
