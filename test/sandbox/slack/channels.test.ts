import { expect, test } from 'vitest'
import { fixture, manifestWith, refusal, startSlack } from './start.ts'

const robin = 'U0ROBIN001'
const bot = 'U0MUSTER01'

test("a new channel contains the bot and matches Slack's format", async () => {
  const { client } = await startSlack()
  const { channel } = await client.conversations.create({ name: 'inc-1-checkout' })
  const expected = fixture('api_conversations.create.ok').channel as Record<string, unknown>
  expect(channel).toMatchObject({ name: 'inc-1-checkout', is_member: true, is_private: false, creator: bot })
  const unused = [
    'pending_shared',
    'parent_conversation',
    'pending_connected_team_ids',
    'last_read',
    'priority',
    'is_pending_ext_shared',
  ]
  expect(Object.keys(channel!)).toEqual(
    expect.arrayContaining(Object.keys(expected).filter((key) => !unused.includes(key))),
  )
})

test.each([
  ['', 'invalid_name_required'],
  ['x'.repeat(81), 'invalid_name_maxlength'],
  ['Checkout', 'invalid_name_specials'],
  ['check out', 'invalid_name_specials'],
  ['---', 'invalid_name_punctuation'],
  ['general', 'name_taken'],
])('refuses the channel name %j', async (name, error) => {
  const { client } = await startSlack()
  expect(await refusal(client.conversations.create({ name }))).toEqual(expect.objectContaining({ ok: false, error }))
})

test('an archived channel keeps its name and is read-only', async () => {
  const { client } = await startSlack()
  const { channel } = await client.conversations.create({ name: 'inc-1' })
  const id = channel!.id!
  await client.conversations.archive({ channel: id })
  expect(await refusal(client.conversations.create({ name: 'inc-1' }))).toMatchObject({ error: 'name_taken' })
  expect(await refusal(client.conversations.archive({ channel: id }))).toMatchObject({ error: 'already_archived' })
  expect(await refusal(client.conversations.setTopic({ channel: id, topic: 'x' }))).toMatchObject({
    error: 'is_archived',
  })
  expect(await refusal(client.chat.postMessage({ channel: id, text: 'x' }))).toMatchObject({ error: 'is_archived' })
  expect(await refusal(client.conversations.invite({ channel: id, users: robin }))).toMatchObject({
    error: 'is_archived',
  })
})

test('renaming records the old name and frees it', async () => {
  const { client } = await startSlack()
  const { channel } = await client.conversations.create({ name: 'inc-1' })
  await client.conversations.rename({ channel: channel!.id!, name: 'inc-1-checkout' })
  const info = await client.conversations.info({ channel: channel!.id! })
  expect(info.channel).toMatchObject({ name: 'inc-1-checkout', previous_names: ['inc-1'] })
  expect(await client.conversations.create({ name: 'inc-1' })).toMatchObject({ ok: true })
})

test('reports everybody who cannot be invited, and invites the others with force', async () => {
  const { client } = await startSlack()
  const { channel } = await client.conversations.create({ name: 'inc-1' })
  const id = channel!.id!
  const users = `U0GONE0001,${bot},${robin}`
  const refused = await refusal(client.conversations.invite({ channel: id, users }))
  expect(refused).toMatchObject({
    error: 'user_not_found',
    errors: [
      { user: 'U0GONE0001', ok: false, error: 'user_not_found' },
      { user: bot, ok: false, error: 'cant_invite_self' },
    ],
  })
  expect((await client.conversations.members({ channel: id })).members).toEqual([bot])
  await client.conversations.invite({ channel: id, users, force: true })
  expect((await client.conversations.members({ channel: id })).members).toEqual([bot, robin])
  expect(await refusal(client.conversations.invite({ channel: id, users: robin }))).toMatchObject({
    error: 'already_in_channel',
  })
  expect(await refusal(client.conversations.invite({ channel: id, users: 'U0LEFT0001' }))).toMatchObject({
    error: 'user_not_found',
  })
})

test('a topic has at most 250 characters and posts a system message', async () => {
  const { client, slack } = await startSlack()
  const { channel } = await client.conversations.create({ name: 'inc-1' })
  const id = channel!.id!
  expect(await refusal(client.conversations.setTopic({ channel: id, topic: 'x'.repeat(251) }))).toMatchObject({
    error: 'too_long',
  })
  await client.conversations.setTopic({ channel: id, topic: 'SEV1 | checkout' })
  await client.conversations.setTopic({ channel: id, topic: 'SEV1 | checkout' })
  const lines = slack.dump().messages.filter(({ subtype }) => subtype === 'channel_topic')
  expect(lines).toMatchObject([{ text: 'set the channel topic: SEV1 | checkout', extra: { topic: 'SEV1 | checkout' } }])
})

test('pages through channels, private ones only for members', async () => {
  const { client, slack } = await startSlack()
  slack.workspace.addChannel('board', 'private', robin, [robin])
  await client.conversations.create({ name: 'inc-secret', is_private: true })
  const types = 'public_channel,private_channel'
  const first = await client.conversations.list({ types, limit: 4 })
  const second = await client.conversations.list({ types, limit: 4, cursor: first.response_metadata!.next_cursor! })
  const names = [...first.channels!, ...second.channels!].map(({ name }) => name)
  expect(names).toEqual(['general', 'incidents', 'engineering', 'triage', 'inc-secret'])
  expect(second.response_metadata!.next_cursor).toBe('')
})

test('changes nothing in a channel the bot is not in', async () => {
  const { client, slack } = await startSlack()
  const channel = slack.workspace.findChannel('engineering')!.id
  expect(await refusal(client.conversations.setTopic({ channel, topic: 'x' }))).toMatchObject({
    error: 'not_in_channel',
  })
  expect(await refusal(client.conversations.invite({ channel, users: robin }))).toMatchObject({
    error: 'not_in_channel',
  })
  expect(await refusal(client.conversations.history({ channel }))).toMatchObject({ error: 'not_in_channel' })
  await client.conversations.join({ channel })
  expect(await client.conversations.join({ channel })).toMatchObject({ ok: true, warning: 'already_in_channel' })
  await client.conversations.setTopic({ channel, topic: 'x' })
})

test('opens a direct message once', async () => {
  const { client } = await startSlack()
  const first = await client.conversations.open({ users: robin })
  const second = await client.conversations.open({ users: robin })
  expect(first.channel!.id).toMatch(/^D/)
  expect(second.channel!.id).toBe(first.channel!.id)
  expect(await client.chat.postMessage({ channel: robin, text: 'Hello' })).toMatchObject({ channel: first.channel!.id })
})

test('reports the missing scope for the kind of conversation', async () => {
  const { client } = await startSlack({ manifest: manifestWith({ without: ['channels:manage', 'groups:write'] }) })
  expect(await refusal(client.conversations.create({ name: 'inc-1' }))).toMatchObject({
    error: 'missing_scope',
    needed: 'channels:manage',
    provided: expect.stringContaining('chat:write'),
  })
  expect(await refusal(client.conversations.create({ name: 'inc-1', is_private: true }))).toMatchObject({
    needed: 'groups:write',
  })
})

test('lists the conversations of the bot or of a user, optionally without archived ones', async () => {
  const { client } = await startSlack()
  const names = async (args: object) =>
    (await client.users.conversations({ types: 'public_channel,private_channel', ...args })).channels!.map(
      ({ name }) => name,
    )
  const old = await client.conversations.create({ name: 'inc-1' })
  await client.conversations.archive({ channel: old.channel!.id! })
  await client.conversations.create({ name: 'inc-2', is_private: true })
  expect(await names({})).toEqual(['inc-1', 'inc-2'])
  expect(await names({ exclude_archived: true })).toEqual(['inc-2'])
  expect(await names({ user: robin })).toEqual(['general', 'incidents', 'engineering', 'triage'])
  expect(await refusal(client.users.conversations({ user: 'U0NOBODY01' }))).toMatchObject({ error: 'user_not_found' })
})
