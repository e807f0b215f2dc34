import type { WebClient } from '@slack/web-api'
import { onTestFinished } from 'vitest'
import { WebSocket } from 'ws'
import type { FakeSlack, FakeSlackOptions } from '../../../sandbox/slack/server.ts'
import { clientOf, fixture, startSlack, tokens } from './start.ts'

export const dana = 'U0DANA0001'

// biome-ignore lint/suspicious/noExplicitAny: payloads differ by type, and each test knows which one it looks at
export type Payload = Record<string, any>
export type Answer = (payload: Payload) => object | undefined | Promise<object | undefined>

/** A minimal Socket Mode app: responds as configured and records payloads. */
export const startApp = async (answer: Answer = () => undefined, options: Partial<FakeSlackOptions> = {}) => {
  const { slack, client } = await startSlack(options)
  const { url } = await clientOf(slack.apiUrl, tokens.appToken).apps.connections.open()
  const socket = new WebSocket(url!)
  onTestFinished(() => socket.terminate())
  const received: Payload[] = []
  socket.on('message', async (data) => {
    const { envelope_id, type, payload } = JSON.parse(String(data))
    if (envelope_id === undefined) return
    if (type !== 'events_api') received.push(payload)
    socket.send(JSON.stringify({ envelope_id, payload: type === 'events_api' ? undefined : await answer(payload) }))
  })
  await new Promise((resolve) => socket.once('message', resolve))
  const channel = slack.workspace.findChannel('incidents')!.id
  await client.conversations.join({ channel })
  await slack.settled()
  return { slack, client, received, channel }
}

export const button = (action_id: string) => ({
  type: 'button',
  action_id,
  value: 'INC-1',
  text: { type: 'plain_text', text: 'Go' },
})
export const row = (...elements: object[]) => ({ type: 'actions', block_id: 'row', elements })
export const modal = (more: object = {}) => ({
  ...(
    fixture('request_views_open') as {
      view: { type: 'modal'; title: { type: 'plain_text'; text: string }; blocks: [] }
    }
  ).view,
  ...more,
})
export const click = (slack: FakeSlack, channel: string, ts: string, action_id = 'go') =>
  slack.act({
    type: 'block_action',
    as: dana,
    in: { channel, ts },
    action: { type: 'button', action_id, block_id: 'row' },
  })
export const shapeOf = (value: unknown): string[] => Object.keys(value as object).sort()

/** Opens the recorded form for dana with a command. */
export const openForm = async (
  slack: FakeSlack,
  client: WebClient,
  received: Payload[],
  channel: string,
  view: object = modal(),
) => {
  await slack.act({ type: 'command', as: dana, channel, command: '/incident', text: 'declare' })
  const opened = await client.views.open({ trigger_id: received.at(-1)!.trigger_id, view: view as never })
  return opened.view!.id!
}

export const filled = {
  title: { v: { type: 'plain_text_input', value: 'checkout 5xx spike' } },
  severity: {
    v: { type: 'static_select', selected_option: { text: { type: 'plain_text', text: 'SEV1' }, value: 'sev1' } },
  },
}
