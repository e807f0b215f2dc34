import type { WebClient } from '@slack/web-api'
import { expect, onTestFinished, test } from 'vitest'
import { WebSocket } from 'ws'
import type { FakeSlack, FakeSlackOptions } from '../../../sandbox/slack/server.ts'
import { blocksOf, clientOf, fixture, manifestWith, refusal, startSlack, tokens } from './start.ts'

const dana = 'U0DANA0001'

// biome-ignore lint/suspicious/noExplicitAny: payloads differ by type, and each test knows which one it looks at
type Payload = Record<string, any>
type Answer = (payload: Payload) => object | undefined | Promise<object | undefined>

/** A minimal Socket Mode app: responds as configured and records payloads. */
const startApp = async (answer: Answer = () => undefined, options: Partial<FakeSlackOptions> = {}) => {
  const { slack, client } = await startSlack(options)
  const { url } = await clientOf(slack.apiUrl, tokens.appToken).apps.connections.open()
  const socket = new WebSocket(url!)
  onTestFinished(() => socket.terminate())
  const heard: Payload[] = []
  socket.on('message', async (data) => {
    const { envelope_id, type, payload } = JSON.parse(String(data))
    if (envelope_id === undefined) return
    if (type !== 'events_api') heard.push(payload)
    socket.send(JSON.stringify({ envelope_id, payload: type === 'events_api' ? undefined : await answer(payload) }))
  })
  await new Promise((resolve) => socket.once('message', resolve))
  const channel = slack.workspace.findChannel('incidents')!.id
  await client.conversations.join({ channel })
  await slack.settled()
  return { slack, client, heard, channel }
}

const button = (action_id: string) => ({
  type: 'button',
  action_id,
  value: 'INC-1',
  text: { type: 'plain_text', text: 'Go' },
})
const row = (...elements: object[]) => ({ type: 'actions', block_id: 'row', elements })
const modal = (more: object = {}) => ({
  ...(
    fixture('request_views_open') as {
      view: { type: 'modal'; title: { type: 'plain_text'; text: string }; blocks: [] }
    }
  ).view,
  ...more,
})
const click = (slack: FakeSlack, channel: string, ts: string, action_id = 'go') =>
  slack.act({
    type: 'block_action',
    as: dana,
    in: { channel, ts },
    action: { type: 'button', action_id, block_id: 'row' },
  })
const shapeOf = (value: unknown): string[] => Object.keys(value as object).sort()

/** Opens the recorded form for dana with a command. */
const openForm = async (
  slack: FakeSlack,
  client: WebClient,
  heard: Payload[],
  channel: string,
  view: object = modal(),
) => {
  await slack.act({ type: 'command', as: dana, channel, command: '/incident', text: 'declare' })
  const opened = await client.views.open({ trigger_id: heard.at(-1)!.trigger_id, view: view as never })
  return opened.view!.id!
}

const filled = {
  title: { v: { type: 'plain_text_input', value: 'checkout 5xx spike' } },
  severity: {
    v: { type: 'static_select', selected_option: { text: { type: 'plain_text', text: 'SEV1' }, value: 'sev1' } },
  },
}

test("a command payload matches Slack's", async () => {
  const { slack, heard, channel } = await startApp()
  await slack.act({ type: 'command', as: dana, channel, command: '/incident', text: 'declare sev1 in #general' })
  expect(shapeOf(heard[0])).toEqual(shapeOf(fixture('slash_command')))
  const general = slack.workspace.findChannel('general')!.id
  expect(heard[0]).toMatchObject({
    user_name: 'dana',
    channel_name: 'incidents',
    text: `declare sev1 in <#${general}|general>`,
  })
})

test('without should_escape, a command has plain names', async () => {
  const manifest = structuredClone(manifestWith({}))
  manifest.features.slash_commands[0]!.should_escape = false
  const { slack, heard, channel } = await startApp(undefined, { manifest })
  await slack.act({ type: 'command', as: dana, channel, command: '/incident', text: 'assign scribe <@U0MEI00001>' })
  expect(heard[0]).toMatchObject({ text: 'assign scribe @mei' })
})

test('an unknown command and an unavailable app fail for the person', async () => {
  const { slack, channel } = await startApp()
  const send = (command: string) => slack.act({ type: 'command', as: dana, channel, command, text: '' })
  expect(await send('/incidnt')).toEqual({ ok: false, error: 'unknown_command' })
  slack.faults.add({ kind: 'drop_sockets' })
  await expect.poll(() => slack.connections()).toBe(0)
  expect(await send('/incident')).toEqual({ ok: false, error: 'dispatch_failed' })
})

test("a click payload matches Slack's, and its response goes to the person or the channel", async () => {
  const { slack, client, heard, channel } = await startApp()
  const { ts } = await client.chat.postMessage({ channel, text: 'x', blocks: blocksOf(row(button('go'))) })
  expect(await click(slack, channel, ts!)).toEqual({ ok: true })
  const expected = fixture('block_actions_button') as Payload
  expect(shapeOf(heard[0])).toEqual(shapeOf(expected))
  expect(shapeOf(heard[0]!.container)).toEqual(shapeOf(expected.container))
  expect(shapeOf(heard[0]!.actions[0])).toEqual(
    expect.arrayContaining(['action_id', 'block_id', 'text', 'value', 'type', 'action_ts']),
  )

  const respond = async (body: object) =>
    (
      await fetch(heard[0]!.response_url, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify(body),
      })
    ).status
  expect(await respond({ text: 'only dana' })).toBe(200)
  expect(await respond({ text: 'all', response_type: 'in_channel' })).toBe(200)
  expect(await respond({ text: 'replaced', replace_original: true })).toBe(200)
  expect(await respond({ text: '' })).toBe(400)
  expect(await respond({ delete_original: true })).toBe(200)
  expect(await respond({ text: 'fifth' })).toBe(200)
  expect(await respond({ text: 'sixth' })).toBe(404)
  const said = slack.dump().messages.filter(({ channel: place, subtype }) => place === channel && !subtype)
  expect(said.map(({ text, onlyFor }) => [text, onlyFor])).toEqual([
    ['only dana', dana],
    ['all', undefined],
    ['fifth', dana],
  ])
})

test('a response_url is valid for 30 minutes', async () => {
  let now = 1_763_700_000_000
  const { slack, heard, channel } = await startApp(undefined, { scheduleNow: () => now })
  await slack.act({ type: 'command', as: dana, channel, command: '/incident', text: 'list' })
  now += 30 * 60_000 + 1
  const answer = await fetch(heard[0]!.response_url, { method: 'POST', body: JSON.stringify({ text: 'late' }) })
  expect([answer.status, await answer.text()]).toEqual([404, 'expired_url'])
})

test('rejects an action on a missing element', async () => {
  const { slack, client, channel } = await startApp()
  const { ts } = await client.chat.postMessage({ channel, text: 'x', blocks: blocksOf(row(button('go'))) })
  expect(await click(slack, channel, ts!, 'stop')).toEqual({ ok: false, error: 'action_not_found' })
})

test("shortcut payloads match Slack's, global and on a message", async () => {
  const { slack, heard, channel } = await startApp()
  await slack.act({ type: 'message', as: dana, channel, text: 'rolled back' })
  const { ts } = slack.dump().messages.at(-1)!
  await slack.act({ type: 'shortcut', as: dana, callbackId: 'declare_incident_shortcut' })
  await slack.act({ type: 'shortcut', as: dana, callbackId: 'add_to_timeline', message: { channel, ts } })
  expect(shapeOf(heard[0])).toEqual(expect.arrayContaining(shapeOf(fixture('shortcut_global'))))
  expect(shapeOf(heard[1])).toEqual(expect.arrayContaining(shapeOf(fixture('message_action'))))
  const wrong = await slack.act({ type: 'shortcut', as: dana, callbackId: 'add_to_timeline' })
  expect(wrong).toEqual({ ok: false, error: 'shortcut_not_found' })
})

test('a trigger is valid once and for three seconds', async () => {
  let now = 1_763_700_000_000
  const { slack, client, heard, channel } = await startApp(undefined, { scheduleNow: () => now })
  const trigger = async () => {
    await slack.act({ type: 'command', as: dana, channel, command: '/incident', text: '' })
    return heard.at(-1)!.trigger_id as string
  }
  const open = (trigger_id: string, view = modal()) => client.views.open({ trigger_id, view })
  const first = await trigger()
  now += 3000
  const { view } = await open(first)
  expect(shapeOf(view)).toEqual(shapeOf(fixture('api_views.open.ok').view))
  expect(await refusal(open(first))).toMatchObject({ error: 'exchanged_trigger_id' })
  const second = await trigger()
  now += 3001
  expect(await refusal(open(second))).toMatchObject(fixture('api_views.open.expired_trigger_id'))
  expect(await refusal(open('1.2.3'))).toMatchObject({ error: 'invalid_trigger_id' })
  const title = { type: 'plain_text' as const, text: 'x'.repeat(25) }
  expect(await refusal(open(await trigger(), modal({ title })))).toMatchObject(
    fixture('api_views.open.invalid_arguments'),
  )
  const large = modal({
    blocks: Array.from({ length: 90 }, () => ({ type: 'section', text: { type: 'mrkdwn', text: 'x'.repeat(3000) } })),
  })
  expect(await refusal(open(await trigger(), large))).toMatchObject({ error: 'view_too_large' })
})

test('an incomplete form is not submitted; a submission has every input', async () => {
  const { slack, client, heard, channel } = await startApp()
  const id = await openForm(slack, client, heard, channel)
  await slack.act({ type: 'submit_modal', as: dana, modal: id, state: {} })
  expect(slack.workspace.modals.get(dana)![0]!.errors).toEqual({
    title: 'Please complete this required field.',
    severity: 'Please complete this required field.',
  })
  expect(heard).toHaveLength(1)
  await slack.act({ type: 'submit_modal', as: dana, modal: id, state: filled })
  const expected = fixture('view_submission_optional_empty') as Payload
  const { values } = heard[1]!.view.state
  expect(shapeOf(heard[1])).toEqual(shapeOf(expected))
  expect(values).toMatchObject({
    commander: expected.view.state.values.commander,
    services: expected.view.state.values.services,
  })
  expect(slack.workspace.modals.get(dana)).toEqual([])
})

test.each([
  ['errors', { errors: { title: 'Say more.' } }, [{ title: 'Declare incident', errors: { title: 'Say more.' } }]],
  [
    'update',
    { view: modal({ title: { type: 'plain_text', text: 'Declaring' } }) },
    [{ title: 'Declaring', errors: {} }],
  ],
  [
    'push',
    { view: modal({ title: { type: 'plain_text', text: 'Sure?' } }) },
    [
      { title: 'Declare incident', errors: {} },
      { title: 'Sure?', errors: {} },
    ],
  ],
  ['clear', {}, []],
])('a submission can be answered with %s', async (response_action, body, shown) => {
  const answer: Answer = (payload) => (payload.type === 'view_submission' ? { response_action, ...body } : undefined)
  const { slack, client, heard, channel } = await startApp(answer)
  const id = await openForm(slack, client, heard, channel)
  expect(await slack.act({ type: 'submit_modal', as: dana, modal: id, state: filled })).toEqual({ ok: true })
  const open = slack.workspace.modals.get(dana) ?? []
  expect(
    open.map(({ definition, errors }) => ({ title: (definition.title as { text: string }).text, errors })),
  ).toEqual(shown)
})

test('errors for blocks that are not inputs fail the submission', async () => {
  const answer: Answer = (payload) =>
    payload.type === 'view_submission' ? { response_action: 'errors', errors: { nowhere: 'x' } } : undefined
  const { slack, client, heard, channel } = await startApp(answer)
  const id = await openForm(slack, client, heard, channel)
  const result = await slack.act({ type: 'submit_modal', as: dana, modal: id, state: filled })
  expect(result).toEqual({ ok: false, error: 'trouble_connecting' })
})

test('detects an update with an outdated hash', async () => {
  const { slack, client, heard, channel } = await startApp()
  const view_id = await openForm(slack, client, heard, channel)
  const { hash } = slack.workspace.modals.get(dana)![0]!
  await client.views.update({ view_id, hash, view: modal() })
  expect(await refusal(client.views.update({ view_id, hash, view: modal() }))).toMatchObject({ error: 'hash_conflict' })
  expect(await refusal(client.views.update({ view_id: 'V0NOWHERE1', view: modal() }))).toMatchObject({
    error: 'not_found',
  })
})

test('at most three modals can be stacked', async () => {
  const { slack, client, heard, channel } = await startApp()
  const view = {
    type: 'modal' as const,
    title: { type: 'plain_text' as const, text: 'Pile' },
    blocks: blocksOf(row(button('more'))),
  }
  await openForm(slack, client, heard, channel, view)
  const push = async () => {
    const top = slack.workspace.modals.get(dana)!.at(-1)!.id
    const action = { type: 'button', action_id: 'more', block_id: 'row' }
    await slack.act({ type: 'block_action', as: dana, in: { modal: top }, action })
    return client.views.push({ trigger_id: heard.at(-1)!.trigger_id, view })
  }
  await push()
  const third = await push()
  expect(third.view).toMatchObject({ previous_view_id: slack.workspace.modals.get(dana)![1]!.id })
  expect(heard.at(-1)).toMatchObject({ container: { type: 'view' }, view: { type: 'modal' } })
  expect(await refusal(push())).toMatchObject({ error: 'push_limit_reached' })
})

test('notifies the app of closing when it sets notify_on_close', async () => {
  const { slack, client, heard, channel } = await startApp()
  const id = await openForm(slack, client, heard, channel)
  expect(await slack.act({ type: 'close_modal', as: dana, modal: id })).toEqual({ ok: true })
  expect(heard[1]).toMatchObject({
    type: 'view_closed',
    is_cleared: false,
    view: { id, callback_id: 'declare_incident' },
  })
  const silent = await openForm(slack, client, heard, channel, modal({ notify_on_close: false }))
  await slack.act({ type: 'close_modal', as: dana, modal: silent })
  expect(heard).toHaveLength(3)
})

test('a Home tab can be published and used', async () => {
  const { slack, client, heard } = await startApp()
  const publish = (title: string) =>
    client.views.publish({
      user_id: dana,
      view: {
        type: 'home',
        blocks: blocksOf({ type: 'header', text: { type: 'plain_text', text: title } }, row(button('go'))),
      },
    })
  await publish('Nothing open')
  await publish('One open')
  const action = { type: 'button', action_id: 'go', block_id: 'row' }
  expect(await slack.act({ type: 'block_action', as: dana, in: { home: true }, action })).toEqual({ ok: true })
  expect(heard[0]).toMatchObject({ container: { type: 'view' }, view: { type: 'home' }, actions: [{ value: 'INC-1' }] })
  expect(slack.dump().homes).toHaveLength(1)
})
