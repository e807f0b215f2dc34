import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { SCOPES } from './slack-scopes.ts'

const folder = new URL('../src/integrations/slack/', import.meta.url)
const source = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts'))
  .map((file) => readFileSync(new URL(file, folder), 'utf8'))
  .join('\n')
const manifest = parse(readFileSync(new URL('../manifest.yml', import.meta.url), 'utf8')) as {
  features: { slash_commands: { command: string }[]; shortcuts: { callback_id: string }[] }
  oauth_config: { scopes: { bot: string[] } }
  settings: { event_subscriptions: { bot_events: string[] } }
}
const found = (pattern: RegExp) => [...new Set([...source.matchAll(pattern)].map((match) => match[1] as string))].sort()

/** Scopes that only events need: https://docs.slack.dev/reference/events */
const EVENT_SCOPES = ['reactions:read', 'pins:read']
/** Slack: one event type, subscribed to for each kind of conversation. */
const SUBSCRIPTIONS: Record<string, string[]> = { message: ['message.channels', 'message.groups'] }

describe('manifest.yml requests exactly what the code uses', () => {
  test('scopes', () => {
    const methods = found(
      /['"]((?:auth|bookmarks|canvases|chat|conversations|files|pins|reactions|usergroups|users|views)\.[a-zA-Z.]+)['"]/g,
    )
    expect(methods).toContain('conversations.create')
    const unknown = methods.filter((method) => !(method in SCOPES))
    expect(unknown, 'methods without a line in test/slack-scopes.ts').toEqual([])
    const needed = new Set([...methods.flatMap((method) => SCOPES[method] ?? []), 'commands', ...EVENT_SCOPES])
    expect([...needed].sort()).toEqual([...manifest.oauth_config.scopes.bot].sort())
  })

  test('commands', () => {
    expect(found(/['"](\/inc[a-z]*)['"]/g)).toEqual(
      manifest.features.slash_commands.map(({ command }) => command).sort(),
    )
  })

  test('shortcuts', () => {
    const used = [
      ...found(/app\.shortcut\('([a-z_]+)'/g),
      ...found(/app\.shortcut\(\{ callback_id: '([a-z_]+)'/g),
    ].sort()
    expect(used).toEqual(manifest.features.shortcuts.map(({ callback_id }) => callback_id).sort())
  })

  test('events', () => {
    const used = found(/app\.event\('([a-z_]+)'/g).flatMap((event) => SUBSCRIPTIONS[event] ?? [event])
    expect(used.sort()).toEqual([...manifest.settings.event_subscriptions.bot_events].sort())
  })
})
