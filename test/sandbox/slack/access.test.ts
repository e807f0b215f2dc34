import { expect, test } from 'vitest'
import { Manifest } from '../../../sandbox/slack/manifest.ts'
import { allMethods } from '../../../sandbox/slack/methods/all.ts'
import { methods, missingScope } from '../../../sandbox/slack/scopes.ts'
import { clientOf, manifestWith, refusal, startSlack, tokens } from './start.ts'

test('every method with scopes is implemented, and vice versa', () => {
  expect(Object.keys(allMethods).sort()).toEqual(Object.keys(methods).sort())
})

test('one scope out of each group is required', () => {
  expect(missingScope('conversations.invite', ['channels:write.invites'])).toBeUndefined()
  expect(missingScope('conversations.invite', ['channels:manage'])).toBeUndefined()
  expect(missingScope('conversations.invite', ['channels:manage'], 'private')).toBe('groups:write.invites')
  expect(missingScope('users.lookupByEmail', ['users:read.email'])).toBe('users:read')
})

test('distinguishes a missing token, a wrong one, and one of the wrong type', async () => {
  const { slack, client } = await startSlack()
  const anonymous = await fetch(`${slack.apiUrl}auth.test`, { method: 'POST' })
  expect(await anonymous.json()).toEqual({ ok: false, error: 'not_authed' })
  expect(await refusal(clientOf(slack.apiUrl, 'xoxb-wrong').auth.test())).toMatchObject({ error: 'invalid_auth' })
  expect(await refusal(clientOf(slack.apiUrl, tokens.appToken).auth.test())).toMatchObject({
    error: 'not_allowed_token_type',
  })
  expect(await refusal(client.apps.connections.open())).toMatchObject({ error: 'not_allowed_token_type' })
  expect(await refusal(client.apiCall('chat.whisper'))).toMatchObject({ error: 'unknown_method' })
})

test('auth.test identifies the app', async () => {
  const { client } = await startSlack()
  expect(await client.auth.test()).toMatchObject({
    ok: true,
    team: 'Shop',
    team_id: 'T0SANDBOX1',
    user: 'incident-commander',
    user_id: 'U0MUSTER01',
    response_metadata: { scopes: expect.arrayContaining(['chat:write']) },
  })
})

test('a manifest must request the scopes its commands and events need', () => {
  const messages = (manifest: object) => Manifest.safeParse(manifest).error?.issues.map(({ message }) => message) ?? []
  expect(messages(manifestWith({}))).toEqual([])
  expect(messages(manifestWith({ without: ['commands'] }))).toEqual(['commands is needed for slash commands'])
  expect(messages(manifestWith({ events: ['pin_added'] }))).toEqual(['pins:read is needed for pin_added'])
  expect(messages(manifestWith({ without: ['channels:history'] }))).toEqual([
    'channels:history is needed for message.channels',
  ])
})

test('an app without interactivity or Home tab cannot use them', async () => {
  const manifest = structuredClone(manifestWith({}))
  Object.assign(manifest.settings, { interactivity: { is_enabled: false } })
  Object.assign(manifest.features, { app_home: { home_tab_enabled: false } })
  const { slack, client } = await startSlack({ manifest })
  const shortcut = { type: 'shortcut', as: 'U0DANA0001', callbackId: 'declare_incident_shortcut' } as const
  expect(await slack.act(shortcut)).toEqual({ ok: false, error: 'interactivity_disabled' })
  const view = { type: 'home' as const, blocks: [] }
  expect(await refusal(client.views.publish({ user_id: 'U0DANA0001', view }))).toMatchObject({ error: 'not_enabled' })
})
