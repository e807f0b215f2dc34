import { expect, test } from 'vitest'
import { fixture, manifestWith, refusal, startSlack } from './start.ts'

const dana = 'U0DANA0001'
const metadata = { event_type: 'incident_effect', event_payload: { effect: 'INC-1/2/0', tries: 1 } }

const startChannel = async () => {
  const { client, slack } = await startSlack()
  const { channel } = await client.conversations.create({ name: 'inc-1' })
  await client.conversations.invite({ channel: channel!.id!, users: dana })
  return { client, slack, channel: channel!.id! }
}

test("a posted message matches Slack's format", async () => {
  const { client, channel } = await startChannel()
  const request = fixture('request_chat_postMessage_incident') as { blocks: []; text: string }
  const answer = await client.chat.postMessage({ ...request, channel })
  const { message } = fixture('api_chat.postMessage.ok') as { message: { blocks: unknown } }
  expect(answer.message!.blocks).toEqual(message.blocks)
  expect(Object.keys(answer.message!)).toEqual(
    expect.arrayContaining(['type', 'user', 'ts', 'bot_id', 'app_id', 'text', 'team']),
  )
  expect(answer.ts).toMatch(/^\d{10}\.\d{6}$/)
})

test('timestamps are unique and increasing', async () => {
  const { client, channel } = await startChannel()
  const answers = await Promise.all(
    Array.from({ length: 30 }, (_, n) => client.chat.postMessage({ channel, text: `${n}` })),
  )
  const timestamps = answers.map(({ ts }) => ts!)
  expect(new Set(timestamps).size).toBe(30)
  const history = await client.conversations.history({ channel, limit: 30 })
  expect(history.messages!.map(({ ts }) => ts)).toEqual([...timestamps].sort().reverse())
})

test('metadata is returned on request and survives an update without it', async () => {
  const { client, channel } = await startChannel()
  const { ts } = await client.chat.postMessage({ channel, text: 'Declared', metadata })
  await client.chat.update({ channel, ts: ts!, text: 'Resolved' })
  const plain = await client.conversations.history({ channel, limit: 1 })
  expect(plain.messages![0]).not.toHaveProperty('metadata')
  const history = await client.conversations.history({ channel, limit: 1, include_all_metadata: true })
  expect(history.messages![0]).toMatchObject({ text: 'Resolved', metadata, edited: { user: 'U0MUSTER01' } })
})

test.each([
  ['text instead of an object', 'x', 'invalid_metadata_format'],
  ['a name with spaces', { ...metadata, event_type: 'an effect' }, 'invalid_metadata_schema'],
  ['no payload', { event_type: 'effect' }, 'invalid_metadata_schema'],
  ['deep objects', { ...metadata, event_payload: { a: { b: { c: 1 } } } }, 'invalid_metadata_schema'],
  ['a large payload', { ...metadata, event_payload: { text: 'x'.repeat(9000) } }, 'metadata_too_large'],
])('refuses metadata with %s', async (_what, value, error) => {
  const { client, channel } = await startChannel()
  expect(
    await refusal(client.apiCall('chat.postMessage', { channel, text: 'x', metadata: JSON.stringify(value) })),
  ).toMatchObject({ error })
})

test.each([
  [{ text: '' }, 'no_text'],
  [{ text: 'x', markdown_text: '*x*' }, 'markdown_text_conflict'],
  [{ text: 'x', blocks: '{"type"' }, 'invalid_blocks_format'],
  [{ text: 'x', thread_ts: '1763700000.000100' }, 'cannot_reply_to_message'],
  [{ text: 'x', channel: 'C0NOWHERE1' }, 'channel_not_found'],
])('refuses to post %j', async (post, error) => {
  const { client, channel } = await startChannel()
  expect(await refusal(client.apiCall('chat.postMessage', { channel, ...post }))).toMatchObject({ error })
})

test('truncates text at 40000 characters with a warning; rejects such an update', async () => {
  const { client, channel } = await startChannel()
  const answer = await client.chat.postMessage({ channel, text: 'x'.repeat(40_001) })
  expect(answer).toMatchObject({ warning: 'message_truncated' })
  expect(answer.message!.text).toHaveLength(40_000)
  expect(await refusal(client.chat.update({ channel, ts: answer.ts!, text: 'x'.repeat(4001) }))).toMatchObject({
    error: 'msg_too_long',
  })
})

test("updates and deletes only the app's own messages", async () => {
  const { client, slack, channel } = await startChannel()
  await slack.act({ type: 'message', as: dana, channel, text: 'rolled back' })
  const theirs = slack.dump().messages.at(-1)!.ts
  expect(await refusal(client.chat.update({ channel, ts: theirs, text: 'x' }))).toMatchObject({
    error: 'cant_update_message',
  })
  expect(await refusal(client.chat.delete({ channel, ts: theirs }))).toMatchObject({ error: 'cant_delete_message' })
  expect(await refusal(client.chat.update({ channel, ts: '1.000001', text: 'x' }))).toMatchObject({
    error: 'message_not_found',
  })
  const { ts } = await client.chat.postMessage({ channel, text: 'mine' })
  await client.chat.delete({ channel, ts: ts! })
  expect(await refusal(client.chat.update({ channel, ts: ts!, text: 'x' }))).toMatchObject({
    error: 'message_not_found',
  })
})

test('an ephemeral message is visible to one person and returned by no method', async () => {
  const { client, slack, channel } = await startChannel()
  const { message_ts } = await client.chat.postEphemeral({ channel, user: dana, text: 'Only you' })
  expect(await refusal(client.chat.update({ channel, ts: message_ts!, text: 'x' }))).toMatchObject({
    error: 'message_not_found',
  })
  const history = await client.conversations.history({ channel })
  expect(history.messages!.map(({ text }) => text)).not.toContain('Only you')
  expect(slack.dump().messages.at(-1)).toMatchObject({ text: 'Only you', onlyFor: dana })
  expect(await refusal(client.chat.postEphemeral({ channel, user: 'U0ROBIN001', text: 'x' }))).toMatchObject({
    error: 'user_not_in_channel',
  })
})

test('replies are not in the history; a thread returns them oldest first', async () => {
  const { client, channel } = await startChannel()
  const root = await client.chat.postMessage({ channel, text: 'Summary' })
  const first = await client.chat.postMessage({ channel, text: 'one', thread_ts: root.ts! })
  await client.chat.postMessage({ channel, text: 'two', thread_ts: first.ts!, reply_broadcast: true })
  const replies = await client.conversations.replies({ channel, ts: root.ts! })
  expect(replies.messages!.map(({ text }) => text)).toEqual(['Summary', 'one', 'two'])
  expect(replies.messages![0]).toMatchObject({ reply_count: 2, thread_ts: root.ts })
  const history = await client.conversations.history({ channel, limit: 2 })
  expect(history.messages!.map(({ text }) => text)).toEqual(['two', 'Summary'])
  expect(history.has_more).toBe(true)
})

test('history can be read from a timestamp', async () => {
  const { client, channel } = await startChannel()
  const first = await client.chat.postMessage({ channel, text: 'one' })
  await client.chat.postMessage({ channel, text: 'two' })
  const texts = async (args: object) =>
    (await client.conversations.history({ channel, ...args })).messages!.map(({ text }) => text)
  expect(await texts({ oldest: first.ts! })).toEqual(['two'])
  expect(await texts({ oldest: first.ts!, inclusive: true })).toEqual(['two', 'one'])
})

test('posts to public channels without membership only with the scope for it', async () => {
  const { slack, client } = await startSlack()
  const channel = slack.workspace.findChannel('engineering')!.id
  expect(await client.chat.postMessage({ channel: '#engineering', text: 'x' })).toMatchObject({ channel })
  const strict = await startSlack({ manifest: manifestWith({}) })
  expect(await refusal(strict.client.chat.postMessage({ channel: '#engineering', text: 'x' }))).toMatchObject({
    error: 'not_in_channel',
  })
})

test('a permalink includes the message and its thread', async () => {
  const { client, channel } = await startChannel()
  const root = await client.chat.postMessage({ channel, text: 'Summary' })
  const reply = await client.chat.postMessage({ channel, text: 'one', thread_ts: root.ts! })
  const link = await client.chat.getPermalink({ channel, message_ts: reply.ts! })
  const ts = reply.ts!.replace('.', '')
  expect(link.permalink).toBe(
    `https://shop-sandbox.slack.com/archives/${channel}/p${ts}?thread_ts=${root.ts}&cid=${channel}`,
  )
})

test('accepts JSON and form arguments', async () => {
  const { slack, channel } = await startChannel()
  const answer = await fetch(`${slack.apiUrl}chat.postMessage`, {
    method: 'POST',
    body: JSON.stringify({ channel, text: 'x', metadata }),
    headers: { Authorization: 'Bearer xoxb-sandbox', 'Content-Type': 'application/json; charset=utf-8' },
  })
  expect(await answer.json()).toMatchObject({ ok: true, message: { metadata } })
})
