import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import { App, HTTPReceiver } from '@slack/bolt'
import { expect, onTestFinished, test } from 'vitest'
import { signature } from '../../../sandbox/slack/http-delivery.ts'
import type { FakeSlackOptions } from '../../../sandbox/slack/server.ts'
import { silent, startSlack, tokens } from './start.ts'

const dana = 'U0DANA0001'

/** A real Bolt app over HTTP, and a fake Slack that sends to it. */
const startApp = async (options: Partial<FakeSlackOptions> = {}) => {
  const receiver = new HTTPReceiver({ signingSecret: tokens.signingSecret, port: 0, logger: silent })
  const server = await receiver.start(0)
  onTestFinished(async () => {
    await receiver.stop()
  })
  const requestUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/slack/events`
  const { slack, client } = await startSlack({ mode: { kind: 'http', requestUrl }, ...options })
  const clientOptions = { slackApiUrl: slack.apiUrl, logger: silent }
  const app = new App({ receiver, token: tokens.botToken, clientOptions, logger: silent })
  return { slack, app, client }
}

/** A request URL that records requests and responds as configured. */
const startListener = async (
  answer: (count: number) => { status: number; headers?: Record<string, string> } | undefined,
) => {
  const received: { headers: IncomingHttpHeaders; body: string }[] = []
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk)
    received.push({ headers: request.headers, body: Buffer.concat(chunks).toString() })
    const reply = answer(received.length)
    if (reply) response.writeHead(reply.status, reply.headers).end()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return { received, requestUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/slack/events` }
}

test('signs as Slack does', () => {
  const body = 'token=gIkuvaNzQIHg97ATvDxqgjtO&team_id=T0001&command=%2Fincident&text=declare+sev1'
  expect(signature('8f742231b10e8888abcd99yyyzzz85a5', '1700000000', body)).toBe(
    'v0=fb1abe2ad76b98be5d1233789bad1e50b543c3cc2d898dd3e191d22e1115934a',
  )
})

test('a real app handles URL verification, commands and clicks', async () => {
  const { slack, app, client } = await startApp()
  app.command('/incident', async ({ ack, command }) =>
    ack({ response_type: 'in_channel', text: `Heard: ${command.text}` }),
  )
  app.action('retry', async ({ ack, respond }) => {
    await ack()
    await respond({ replace_original: true, text: 'Tried again.' })
  })
  expect(await slack.verifyUrl()).toBe(true)

  const channel = slack.workspace.findChannel('incidents')!
  await slack.act({ type: 'command', as: dana, channel: channel.id, command: '/incident', text: 'list' })
  expect(channel.messages).toMatchObject([{ text: 'Heard: list', user: 'U0MUSTER01' }])

  await client.conversations.join({ channel: channel.id })
  const { ts } = await client.chat.postMessage({
    channel: channel.id,
    text: 'It failed.',
    blocks: [
      {
        type: 'actions',
        block_id: 'row',
        elements: [{ type: 'button', action_id: 'retry', text: { type: 'plain_text', text: 'Retry' } }],
      },
    ],
  })
  const action = { type: 'button', action_id: 'retry', block_id: 'row' }
  expect(await slack.act({ type: 'block_action', as: dana, in: { channel: channel.id, ts: ts! }, action })).toEqual({
    ok: true,
  })
  await expect.poll(() => channel.messages.at(-1)?.text).toBe('Tried again.')
})

test('a real app receives events', async () => {
  const { slack, app, client } = await startApp()
  const texts: string[] = []
  app.message(async ({ message }) => {
    texts.push((message as { text: string }).text)
  })
  const channel = slack.workspace.findChannel('incidents')!.id
  await client.conversations.join({ channel })
  await slack.act({ type: 'message', as: dana, channel, text: 'rolled back' })
  await expect.poll(() => texts).toEqual(['rolled back'])
})

test('an unhandled command times out for the person', async () => {
  const { slack } = await startApp({ ackTimeoutMs: 50 })
  const channel = slack.workspace.findChannel('incidents')!.id
  const result = await slack.act({ type: 'command', as: dana, channel, command: '/incident', text: 'list' })
  expect(result).toEqual({ ok: false, error: 'operation_timeout' })
})

test('an event is retried with number and reason until acknowledged', async () => {
  const { received, requestUrl } = await startListener((count) => ({ status: count < 3 ? 500 : 200 }))
  const { slack, client } = await startSlack({ mode: { kind: 'http', requestUrl } })
  await client.conversations.create({ name: 'inc-1' })
  await slack.settled()
  const joined = received.filter(({ body }) => body.includes('member_joined_channel'))
  const others = received.filter(({ body }) => !body.includes('member_joined_channel'))
  const retries = [...joined, ...others].map(({ headers }) => headers['x-slack-retry-num'] ?? 'first')
  expect(retries.filter((retry) => retry === 'first')).toHaveLength(2)
  expect(received.find(({ headers }) => headers['x-slack-retry-num'] === '1')!.headers).toMatchObject({
    'x-slack-retry-reason': 'http_error',
    'content-type': 'application/json',
  })
})

test('X-Slack-No-Retry stops the retries', async () => {
  const { received, requestUrl } = await startListener(() => ({ status: 500, headers: { 'X-Slack-No-Retry': '1' } }))
  const { slack, client } = await startSlack({ mode: { kind: 'http', requestUrl } })
  const channel = slack.workspace.findChannel('incidents')!.id
  await client.conversations.join({ channel })
  await slack.settled()
  expect(received.map(({ headers }) => headers['x-slack-retry-num'])).toEqual([undefined, undefined])
})

test('no response counts as a timeout', async () => {
  const { received, requestUrl } = await startListener(() => undefined)
  const { slack } = await startSlack({ mode: { kind: 'http', requestUrl }, ackTimeoutMs: 1_000, retryDelaysMs: [0] })
  await slack.act({ type: 'open_home', as: dana })
  await slack.settled()
  expect(received.map(({ headers }) => headers['x-slack-retry-reason'])).toEqual([undefined, 'http_timeout'])
})
