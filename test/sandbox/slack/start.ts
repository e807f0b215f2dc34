import { readFileSync } from 'node:fs'
import { type KnownBlock, LogLevel, WebClient } from '@slack/web-api'
import { onTestFinished } from 'vitest'
import { createFakeSlack, type FakeSlackOptions } from '../../../sandbox/slack/server.ts'

export const tokens = { appToken: 'xapp-1-sandbox', botToken: 'xoxb-sandbox', signingSecret: 'sandbox-signing-secret' }

/** Loads a recorded payload. */
export const fixture = (name: string): Record<string, unknown> =>
  JSON.parse(readFileSync(new URL(`../../fixtures/slack/${name}.json`, import.meta.url), 'utf8'))

export const manifest = fixture('manifest.example') as {
  features: { slash_commands: Record<string, unknown>[] }
  oauth_config: { scopes: { bot: string[] } }
  settings: { event_subscriptions: { bot_events: string[] } }
}

/** The example manifest with scopes added or removed. */
export const manifestWith = ({ scopes = [], without = [], events = [] }: Record<string, string[]>) => ({
  ...manifest,
  oauth_config: {
    scopes: { bot: [...manifest.oauth_config.scopes.bot, ...scopes].filter((scope) => !without.includes(scope)) },
  },
  settings: {
    ...manifest.settings,
    event_subscriptions: { bot_events: [...manifest.settings.event_subscriptions.bot_events, ...events] },
  },
})

/** A fake Slack that stops with the test, and an SDK client for it without retries. */
export const startSlack = async (options: Partial<FakeSlackOptions> = {}) => {
  const slack = await createFakeSlack({
    manifest: manifestWith({ scopes: ['chat:write.public', 'reactions:write', 'bookmarks:read', 'pins:read'] }),
    ...tokens,
    retryDelaysMs: [0, 0, 0],
    fileProcessingMs: 0,
    ...options,
  })
  onTestFinished(() => slack.stop())
  return { slack, client: clientOf(slack.apiUrl) }
}

export const clientOf = (slackApiUrl: string, token = tokens.botToken): WebClient =>
  new WebClient(token, { slackApiUrl, retryConfig: { retries: 0 }, rejectRateLimitedCalls: true, logger: silent })

/** Many tests provoke errors; the SDK must not print each. */
export const silent = {
  debug() {},
  info() {},
  warn() {},
  error() {},
  setLevel() {},
  setName() {},
  getLevel: () => LogLevel.ERROR,
}

/** Blocks that the SDK's types lack or reject. */
export const blocksOf = (...blocks: object[]): KnownBlock[] => blocks as KnownBlock[]

/** The `data` of Slack's error; fails when the call succeeded. */
export const refusal = async (call: Promise<unknown>): Promise<Record<string, unknown>> => {
  try {
    await call
  } catch (error) {
    return (error as { data: Record<string, unknown> }).data
  }
  throw new Error('The call was not refused.')
}
