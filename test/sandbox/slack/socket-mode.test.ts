import { App, LogLevel, SocketModeReceiver } from '@slack/bolt'
import { expect, onTestFinished, test } from 'vitest'
import type { FakeSlack } from '../../../sandbox/slack/server.ts'
import { silent, startSlack, tokens } from './start.ts'

const dana = 'U0DANA0001'

const startApp = async (slack: FakeSlack): Promise<App> => {
  const clientOptions = { slackApiUrl: slack.apiUrl, retryConfig: { retries: 0 } }
  const app = new App({
    socketMode: true,
    appToken: tokens.appToken,
    token: tokens.botToken,
    logLevel: LogLevel.ERROR,
    clientOptions,
    installerOptions: { clientOptions, port: 0 },
  })
  onTestFinished(async () => {
    await app.stop()
  })
  return app
}

test('a command has names with ids, and its response is ephemeral', async () => {
  const { slack } = await startSlack()
  const app = await startApp(slack)
  const texts: string[] = []
  app.command('/incident', async ({ command, ack }) => {
    texts.push(command.text)
    await ack({ text: 'Declared.' })
  })
  await app.start()

  const channel = slack.workspace.findChannel('incidents')!
  const result = await slack.act({
    type: 'command',
    as: dana,
    channel: channel.id,
    command: '/incident',
    text: 'assign commander @robin',
  })

  expect(result).toEqual({ ok: true })
  expect(texts).toEqual(['assign commander <@U0ROBIN001|robin>'])
  expect(channel.messages).toMatchObject([{ text: 'Declared.', onlyFor: dana }])
})

test('a button opens a modal, whose submission is rejected and then accepted', async () => {
  const { slack } = await startSlack()
  const app = await startApp(slack)
  app.action('declare', async ({ ack, body, client }) => {
    await ack()
    await client.views.open({
      trigger_id: (body as { trigger_id: string }).trigger_id,
      view: {
        type: 'modal',
        callback_id: 'declare',
        title: { type: 'plain_text', text: 'Declare' },
        submit: { type: 'plain_text', text: 'Declare' },
        blocks: [
          {
            type: 'input',
            block_id: 'title',
            label: { type: 'plain_text', text: 'Title' },
            element: { type: 'plain_text_input', action_id: 'value' },
          },
        ],
      },
    })
  })
  app.view('declare', async ({ ack, view }) => {
    const title = view.state.values.title?.value?.value ?? ''
    if (title.length < 5) await ack({ response_action: 'errors', errors: { title: 'Say a little more.' } })
    else await ack()
  })
  await app.start()

  const channel = slack.workspace.findChannel('incidents')!
  await app.client.conversations.join({ channel: channel.id })
  const { ts } = await app.client.chat.postMessage({
    channel: channel.id,
    text: 'Declare?',
    blocks: [
      {
        type: 'actions',
        block_id: 'ask',
        elements: [{ type: 'button', action_id: 'declare', text: { type: 'plain_text', text: 'Declare' } }],
      },
    ],
  })
  const action = { type: 'button', action_id: 'declare', block_id: 'ask' }
  expect(await slack.act({ type: 'block_action', as: dana, in: { channel: channel.id, ts: ts! }, action })).toEqual({
    ok: true,
  })
  await expect.poll(() => slack.workspace.modals.get(dana)).toHaveLength(1)
  const modal = slack.workspace.modals.get(dana)![0]!.id
  const state = (value: string) => ({ title: { value: { type: 'plain_text_input', value } } })

  await slack.act({ type: 'submit_modal', as: dana, modal, state: state('5xx') })
  expect(slack.workspace.modals.get(dana)![0]!.errors).toEqual({ title: 'Say a little more.' })
  await slack.act({ type: 'submit_modal', as: dana, modal, state: state('5xx at checkout') })
  expect(slack.workspace.modals.get(dana)).toEqual([])
})

test('a real app reconnects when Slack asks it to, and misses nothing', async () => {
  const { slack, client } = await startSlack({ retryDelaysMs: [0, 60_000, 300_000] })
  const clientOptions = { slackApiUrl: slack.apiUrl, retryConfig: { retries: 0 } }
  const receiver = new SocketModeReceiver({
    appToken: tokens.appToken,
    // The client's delay before it reconnects.
    clientPingTimeout: 50,
    logger: silent,
    installerOptions: { clientOptions, port: 0 },
  })
  const app = new App({ receiver, token: tokens.botToken, logger: silent, clientOptions })
  const texts: string[] = []
  app.message(async ({ message }) => {
    texts.push((message as { text: string }).text)
  })
  await app.start()
  onTestFinished(async () => {
    await app.stop()
  })
  const channel = slack.workspace.findChannel('incidents')!.id
  await client.conversations.join({ channel })
  slack.faults.add({ kind: 'disconnect', reason: 'refresh_requested' })
  await expect.poll(() => slack.connections()).toBe(0)
  await slack.act({ type: 'message', as: dana, channel, text: 'rolled back' })
  await expect.poll(() => texts).toEqual(['rolled back'])
})
