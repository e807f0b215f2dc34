import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { expect, onTestFinished, test } from 'vitest'
import type { MessageView, WorkspaceEvent, WorkspaceView } from '../../../sandbox/slack/client-api.ts'
import { blocksOf, clientOf, startSlack } from './start.ts'

const [dana, robin] = ['U0DANA0001', 'U0ROBIN001']

const json = async <Value>(address: string): Promise<Value> => (await fetch(address)).json() as Promise<Value>
const act = async (url: string, action: object) => {
  const answer = await fetch(`${url}/sandbox/act`, { method: 'POST', body: JSON.stringify(action) })
  return { status: answer.status, body: await answer.json() }
}

/** Events of a person's stream, as they arrive. */
const watch = async (url: string, person: string): Promise<WorkspaceEvent[]> => {
  const control = new AbortController()
  onTestFinished(() => control.abort())
  const response = await fetch(`${url}/sandbox/events?as=${person}`, { signal: control.signal })
  const events: WorkspaceEvent[] = []
  const read = async () => {
    for await (const chunk of response.body!.pipeThrough(new TextDecoderStream()))
      for (const line of chunk.split('\n')) if (line.startsWith('data: ')) events.push(JSON.parse(line.slice(6)))
  }
  read().catch(() => {})
  return events
}

test('the workspace view has channels, people, commands and shortcuts', async () => {
  const { slack } = await startSlack()
  slack.workspace.addChannel('board', 'private', robin, [robin])
  const view = await json<WorkspaceView>(`${slack.url}/sandbox/workspace?as=${dana}`)
  expect(view.me).toMatchObject({ name: 'dana', timezone: 'Europe/Berlin' })
  expect(view.people.map(({ name }) => name)).not.toContain('kim')
  expect(view.people).toContainEqual(expect.objectContaining({ realName: 'incident-commander', isBot: true }))
  expect(view.conversations.map(({ name }) => name)).toEqual(['general', 'incidents', 'engineering', 'triage'])
  expect(view.commands).toEqual([
    { command: '/incident', description: 'Declare or manage an incident', usageHint: 'declare | status | resolve' },
  ])
  expect(view.shortcuts.map(({ type, callbackId }) => [type, callbackId])).toEqual([
    ['global', 'declare_incident_shortcut'],
    ['message', 'add_to_timeline'],
  ])
})

test('an event stream has only what the person can see', async () => {
  const { slack, client } = await startSlack()
  const [danas, robins] = [await watch(slack.url, dana), await watch(slack.url, robin)]
  const { channel } = await client.conversations.create({ name: 'inc-1' })
  await client.conversations.invite({ channel: channel!.id!, users: dana })
  await client.chat.postEphemeral({ channel: channel!.id!, user: dana, text: 'Only you' })
  const { ts } = await client.chat.postMessage({ channel: channel!.id!, text: 'Summary' })
  await client.chat.update({ channel: channel!.id!, ts: ts!, text: 'Resolved' })
  await client.views.publish({ user_id: dana, view: { type: 'home', blocks: blocksOf({ type: 'divider' }) } })

  await expect.poll(() => danas.at(-1)?.type).toBe('home')
  const outline = (events: WorkspaceEvent[]) =>
    events.flatMap((event) => ('message' in event ? [`${event.type}: ${event.message.text}`] : []))
  expect(outline(danas).slice(2)).toEqual(['message: Only you', 'message: Summary', 'message_changed: Resolved'])
  expect(outline(robins).slice(2)).toEqual(['message: Summary', 'message_changed: Resolved'])
  expect(robins.map(({ type }) => type)).not.toContain('home')
})

test('messages are returned oldest first, with reactions, pins and edits', async () => {
  const { slack, client } = await startSlack()
  const { channel } = await client.conversations.create({ name: 'inc-1' })
  const id = channel!.id!
  await client.conversations.invite({ channel: id, users: dana })
  const { ts } = await client.chat.postMessage({ channel: id, text: 'Summary', blocks: blocksOf({ type: 'divider' }) })
  await client.chat.update({
    channel: id,
    ts: ts!,
    text: 'Summary',
    blocks: blocksOf({ type: 'divider', block_id: 'new' }),
  })
  await act(slack.url, { type: 'message', as: dana, channel: id, text: 'looking & <script>', threadTs: ts })
  await act(slack.url, { type: 'reaction', as: dana, channel: id, ts, name: 'eyes' })
  const messages = await json<MessageView[]>(`${slack.url}/sandbox/messages?as=${dana}&channel=${id}`)
  expect(messages.map(({ subtype }) => subtype)).toEqual(['channel_join', 'channel_join', undefined, undefined])
  expect(messages[2]).toMatchObject({ edited: false, reactions: [{ name: 'eyes', users: [dana] }] })
  expect(messages[3]).toMatchObject({ text: 'looking &amp; &lt;script&gt;', threadTs: ts, user: dana })
})

test('counts unread messages until they are read', async () => {
  const { slack, client } = await startSlack()
  const channel = slack.workspace.findChannel('incidents')!.id
  const unread = async () =>
    (await json<WorkspaceView>(`${slack.url}/sandbox/workspace?as=${dana}`)).conversations.find(
      ({ id }) => id === channel,
    )!.unread
  await client.chat.postMessage({ channel, text: 'INC-1 declared' })
  expect(await unread()).toBe(1)
  await act(slack.url, { type: 'read', as: dana, channel })
  expect(await unread()).toBe(0)
})

test('rejects invalid actions and actions on missing objects', async () => {
  const { slack } = await startSlack()
  expect(await act(slack.url, { type: 'shout', as: dana })).toMatchObject({ status: 400 })
  expect(await act(slack.url, { type: 'read', as: dana, channel: 'C0NOWHERE1' })).toEqual({
    status: 200,
    body: { ok: false, error: 'channel_not_found' },
  })
  expect((await fetch(`${slack.url}/sandbox/act`, { method: 'POST', body: '{' })).status).toBe(400)
  expect((await fetch(`${slack.url}/sandbox/workspace?as=U0NOBODY01`)).status).toBe(404)
  expect((await fetch(`${slack.url}/sandbox/nothing`)).status).toBe(404)
})

test('allows edits of own messages only, and none in archived channels', async () => {
  const { slack, client } = await startSlack()
  const { channel } = await client.conversations.create({ name: 'inc-1' })
  const id = channel!.id!
  const { ts } = await client.chat.postMessage({ channel: id, text: 'Summary' })
  const body = async (action: object) => (await act(slack.url, { as: dana, channel: id, ...action })).body
  expect(await body({ type: 'message', text: 'x' })).toEqual({ ok: false, error: 'not_in_channel' })
  expect(await body({ type: 'join' })).toEqual({ ok: true })
  expect(await body({ type: 'edit_message', ts, text: 'x' })).toEqual({ ok: false, error: 'cant_update_message' })
  await client.conversations.archive({ channel: id })
  expect(await body({ type: 'message', text: 'x' })).toEqual({ ok: false, error: 'is_archived' })
})

test("forwards other requests to the page's handler", async () => {
  const { slack } = await startSlack({ otherwise: (_request, response) => response.end('the page') })
  expect(await (await fetch(slack.url)).text()).toBe('the page')
})

test('runs as a standalone process', async () => {
  const path = (name: string) => fileURLToPath(new URL(name, import.meta.url))
  const script = path('../../../sandbox/slack/standalone.ts')
  const manifest = path('../../fixtures/slack/manifest.example.json')
  const child = spawn(process.execPath, [script, '--manifest', manifest, '--bot-token', 'xoxb-alone'])
  onTestFinished(() => void child.kill('SIGKILL'))
  const [line] = await once(createInterface(child.stdout), 'line')
  const { apiUrl } = JSON.parse(line)
  expect(await clientOf(apiUrl, 'xoxb-alone').auth.test()).toMatchObject({ ok: true })
  child.kill('SIGTERM')
  expect(await once(child, 'exit')).toEqual([0, null])
})
