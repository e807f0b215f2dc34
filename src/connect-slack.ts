import { messageOf } from './incident/errors.ts'
import { refusedWith, type Slack } from './integrations/slack/client.ts'
import type { Log } from './platform/log.ts'
import { within } from './platform/time-limit.ts'

/** Time for Slack to answer at start; without it Muster starts all the same, because alerts and pages do not need it. */
const PATIENCE_MS = 10_000

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

export type ConnectSlackOptions = {
  slack: Pick<Slack, 'call'>
  /** Opens the Socket Mode connection; resolves at once in HTTP mode. */
  open(): Promise<void>
  log: Pick<Log, 'info' | 'error'>
  patienceMs?: number
}

/**
 * Connects to Slack and checks both tokens.
 * @returns whether Slack has answered in time; when not, connecting goes on in the background.
 * @throws one sentence that names the setting when Slack rejects a token.
 */
export const connectSlack = async (options: ConnectSlackOptions): Promise<'connected' | 'waiting'> => {
  const { slack, open, log, patienceMs = PATIENCE_MS } = options
  const opened = open().catch((cause: unknown) => {
    const code = slackErrorOf(cause)
    throw new Error(code ? appTokenRefused(code) : `Slack refused the connection: ${messageOf(cause)}`, { cause })
  })
  const checked = slack.call('auth.test').catch((cause: unknown) => {
    // Slack that is down or busy is no reason to end: the outbox retries and reports.
    if (refusedWith(cause, ...TOKEN_ERRORS)) throw new Error(botTokenRefused(slackErrorOf(cause) ?? ''), { cause })
  })
  const state = await within(
    patienceMs,
    Promise.all([opened, checked]).then(() => 'connected' as const),
    'waiting' as const,
  )
  if (state === 'waiting') {
    log.error('Slack cannot be reached yet; still trying')
    Promise.all([opened, checked]).then(
      () => log.info('Slack is connected'),
      (error: unknown) => log.error('Slack refused the connection', { error }),
    )
  }
  return state
}
