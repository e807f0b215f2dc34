import { expect, onTestFinished, test } from 'vitest'
import { WebSocket } from 'ws'
import type { FakeSlack, FakeSlackOptions } from '../../../sandbox/slack/server.ts'
import { clientOf, fixture, manifestWith, startSlack, tokens } from './start.ts'

const dana = 'U0DANA0001'
const robin = 'U0ROBIN001'

type Envelope = {
  envelope_id: string
  type: string
  reason?: string
  retry_attempt?: number
  payload: { event_id: string; event: Record<string, unknown> }
}

/** A Socket Mode connection that records envelopes and acknowledges them by default. */
const connect = async (slack: FakeSlack, { ack = true } = {}) => {
  const { url } = await clientOf(slack.apiUrl, tokens.appToken).apps.connections.open()
  const socket = new WebSocket(url!)
  onTestFinished(() => socket.terminate())
  const received: Envelope[] = []
  const frames: Envelope[] = []
  socket.on('message', (data) => {
    const frame = JSON.parse(String(data)) as Envelope
    frames.push(frame)
    if (frame.envelope_id === undefined) return
    received.push(frame)
    if (ack) socket.send(JSON.stringify({ envelope_id: frame.envelope_id }))
  })
  await expect.poll(() => frames[0]?.type, { interval: 5 }).toBe('hello')
  return { socket, received, frames, events: () => received.map(({ payload }) => payload.event) }
}

const startChannel = async (options: Partial<FakeSlackOptions> = {}) => {
  const { client, slack } = await startSlack(options)
  const { channel } = await client.conversations.create({ name: 'inc-1' })
  await client.conversations.invite({ channel: channel!.id!, users: dana })
  await slack.settled()
  return { client, slack, channel: channel!.id! }
}

const shapeOf = (value: unknown): string[] => Object.keys(value as object).sort()

test("messages, edits and deletions reach the app in Slack's format", async () => {
  const { slack, channel } = await startChannel()
  const { received, events } = await connect(slack)
  await slack.act({ type: 'message', as: dana, channel, text: 'rolled back' })
  const { ts } = slack.dump().messages.at(-1)!
  await slack.act({ type: 'edit_message', as: dana, channel, ts, text: 'rolled back (done)' })
  await slack.act({ type: 'delete_message', as: dana, channel, ts })
  await slack.settled()

  expect(events()).toMatchObject([
    { type: 'message', user: dana, text: 'rolled back', ts, channel, channel_type: 'channel' },
    { subtype: 'message_changed', message: { text: 'rolled back (done)' }, previous_message: { text: 'rolled back' } },
    { subtype: 'message_deleted', deleted_ts: ts, channel },
  ])
  const [written, changed] = [fixture('event_message_channels'), fixture('event_message_changed')] as {
    event: object
  }[]
  expect(shapeOf(received[0]!.payload)).toEqual(shapeOf(written))
  expect(shapeOf(events()[0])).toEqual(shapeOf(written!.event))
  expect(shapeOf(events()[1])).toEqual(shapeOf(changed!.event))
})

test('joining, reacting and opening the Home tab send only subscribed events', async () => {
  const { slack, channel } = await startChannel()
  const { events } = await connect(slack)
  await slack.act({ type: 'join', as: robin, channel })
  await slack.act({ type: 'message', as: robin, channel, text: 'here, @incident-commander' })
  const { ts } = slack.dump().messages.at(-1)!
  await slack.act({ type: 'reaction', as: dana, channel, ts, name: 'pushpin' })
  await slack.act({ type: 'reaction', as: dana, channel, ts, name: 'pushpin', remove: true })
  await slack.act({ type: 'pin', as: dana, channel, ts })
  await slack.act({ type: 'open_home', as: dana })
  await slack.settled()

  const types = events().map(({ type, subtype }) => (subtype ? `${type}/${subtype}` : type))
  expect(types).toEqual([
    'message/channel_join',
    'member_joined_channel',
    'message',
    'app_mention',
    'reaction_added',
    'app_home_opened',
  ])
  const shapes = { member_joined_channel: 1, app_mention: 3, reaction_added: 4, app_home_opened: 5 }
  for (const [name, index] of Object.entries(shapes)) {
    const { event } = fixture(`event_${name}`) as { event: object }
    expect(shapeOf(events()[index])).toEqual(
      expect.arrayContaining(shapeOf(event).filter((key) => key !== 'blocks' && key !== 'inviter')),
    )
  }
})

test('sends no events from channels the bot is not in', async () => {
  const { slack } = await startChannel()
  const { received } = await connect(slack)
  const channel = slack.workspace.findChannel('engineering')!.id
  await slack.act({ type: 'message', as: dana, channel, text: 'lunch?' })
  await slack.settled()
  expect(received).toEqual([])
})

test('events alternate between connections', async () => {
  const { slack, channel } = await startChannel()
  const [first, second] = [await connect(slack), await connect(slack)]
  expect(shapeOf(second.frames[0])).toEqual(shapeOf(fixture('socket_hello')))
  expect(second.frames[0]).toMatchObject({ num_connections: 2, connection_info: { app_id: 'A0MUSTER01' } })
  for (const text of ['one', 'two', 'three', 'four']) await slack.act({ type: 'message', as: dana, channel, text })
  await slack.settled()
  expect([first.received.length, second.received.length]).toEqual([2, 2])
})

test('an event is resent when its connection closes before the acknowledgement', async () => {
  const { slack, channel } = await startChannel()
  const dying = await connect(slack, { ack: false })
  await slack.act({ type: 'message', as: dana, channel, text: 'rolled back' })
  await expect.poll(() => dying.received.length).toBe(1)
  const living = await connect(slack)
  dying.socket.terminate()
  await slack.settled()
  expect(living.received).toMatchObject([{ retry_attempt: 1, retry_reason: 'connection_failed' }])
  expect(shapeOf(living.received[0])).toEqual(shapeOf(fixture('socket_envelope_events_api_retry')))
  expect(living.received[0]!.payload).toEqual(dying.received[0]!.payload)
})

test('an unacknowledged event is retried three times', async () => {
  const { slack, channel } = await startChannel({ ackTimeoutMs: 20 })
  const { received } = await connect(slack, { ack: false })
  await slack.act({ type: 'message', as: dana, channel, text: 'rolled back' })
  await slack.settled()
  expect(received.map(({ retry_attempt }) => retry_attempt)).toEqual([undefined, 1, 2, 3])
  expect(new Set(received.map(({ payload }) => payload.event_id)).size).toBe(1)
})

test('events without a connection are sent when the app reconnects', async () => {
  const { slack } = await startSlack({
    retryDelaysMs: [0, 60_000, 300_000],
    manifest: manifestWith({ events: ['message.im'], scopes: ['im:history'] }),
  })
  const channel = slack.workspace.directWith(dana).id
  await slack.act({ type: 'message', as: dana, channel, text: 'rolled back' })
  await new Promise((resolve) => setTimeout(resolve, 20))
  const { events } = await connect(slack)
  await expect.poll(() => events().map(({ text }) => text)).toContain('rolled back')
})

test('rejects an eleventh connection', async () => {
  const { slack } = await startSlack()
  for (let count = 0; count < 10; count += 1) await connect(slack)
  const { url } = await clientOf(slack.apiUrl, tokens.appToken).apps.connections.open()
  const socket = new WebSocket(url!)
  const frame = await new Promise((resolve) => socket.once('message', (data) => resolve(JSON.parse(String(data)))))
  expect(frame).toMatchObject({ type: 'disconnect', reason: 'too_many_websockets' })
  expect(slack.connections()).toBe(10)
})

test('a ticket is valid for one connection', async () => {
  const { slack } = await startSlack()
  const { socket } = await connect(slack)
  const again = new WebSocket(socket.url)
  await expect(new Promise((_resolve, reject) => again.once('error', reject))).rejects.toThrow('401')
})

test('connections can be closed with and without a disconnect message', async () => {
  const { slack } = await startSlack()
  const { frames, socket } = await connect(slack)
  slack.faults.add({ kind: 'disconnect', reason: 'refresh_requested' })
  await expect.poll(() => socket.readyState).toBe(WebSocket.CLOSED)
  expect(frames.at(-1)).toMatchObject({ type: 'disconnect', reason: 'refresh_requested' })
  const second = await connect(slack)
  slack.faults.add({ kind: 'drop_sockets' })
  await expect.poll(() => second.socket.readyState).toBe(WebSocket.CLOSED)
  expect(second.frames).toHaveLength(1)
})

test('sends pin and archive events when the manifest subscribes to them', async () => {
  const { client, slack, channel } = await startChannel({
    manifest: manifestWith({ events: ['pin_added'], scopes: ['pins:read'] }),
  })
  const { ts } = await client.chat.postMessage({ channel, text: 'Summary' })
  await slack.settled()
  const { events } = await connect(slack)
  await client.pins.add({ channel, timestamp: ts! })
  await client.conversations.archive({ channel })
  await slack.settled()
  const others = events().filter(({ type }) => type !== 'message')
  expect(others).toMatchObject([
    { type: 'pin_added', channel_id: channel, item: { message: { ts } } },
    { type: 'channel_archive', channel },
  ])
})
