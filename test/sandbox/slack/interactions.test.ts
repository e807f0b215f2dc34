import { expect, test } from 'vitest'
import { button, click, dana, type Payload, row, shapeOf, startApp } from './interactive-app.ts'
import { blocksOf, fixture, manifestWith } from './start.ts'

test("a command payload matches Slack's", async () => {
  const { slack, received, channel } = await startApp()
  await slack.act({ type: 'command', as: dana, channel, command: '/incident', text: 'declare sev1 in #general' })
  expect(shapeOf(received[0])).toEqual(shapeOf(fixture('slash_command')))
  const general = slack.workspace.findChannel('general')!.id
  expect(received[0]).toMatchObject({
    user_name: 'dana',
    channel_name: 'incidents',
    text: `declare sev1 in <#${general}|general>`,
  })
})

test('without should_escape, a command has plain names', async () => {
  const manifest = structuredClone(manifestWith({}))
  manifest.features.slash_commands[0]!.should_escape = false
  const { slack, received, channel } = await startApp(undefined, { manifest })
  await slack.act({ type: 'command', as: dana, channel, command: '/incident', text: 'assign scribe <@U0MEI00001>' })
  expect(received[0]).toMatchObject({ text: 'assign scribe @mei' })
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
  const { slack, client, received, channel } = await startApp()
  const { ts } = await client.chat.postMessage({ channel, text: 'x', blocks: blocksOf(row(button('go'))) })
  expect(await click(slack, channel, ts!)).toEqual({ ok: true })
  const expected = fixture('block_actions_button') as Payload
  expect(shapeOf(received[0])).toEqual(shapeOf(expected))
  expect(shapeOf(received[0]!.container)).toEqual(shapeOf(expected.container))
  expect(shapeOf(received[0]!.actions[0])).toEqual(
    expect.arrayContaining(['action_id', 'block_id', 'text', 'value', 'type', 'action_ts']),
  )

  const respond = async (body: object) =>
    (
      await fetch(received[0]!.response_url, {
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
  const posted = slack.dump().messages.filter(({ channel: place, subtype }) => place === channel && !subtype)
  expect(posted.map(({ text, onlyFor }) => [text, onlyFor])).toEqual([
    ['only dana', dana],
    ['all', undefined],
    ['fifth', dana],
  ])
})

test('a response_url is valid for 30 minutes', async () => {
  let now = 1_763_700_000_000
  const { slack, received, channel } = await startApp(undefined, { scheduleNow: () => now })
  await slack.act({ type: 'command', as: dana, channel, command: '/incident', text: 'list' })
  now += 30 * 60_000 + 1
  const answer = await fetch(received[0]!.response_url, { method: 'POST', body: JSON.stringify({ text: 'late' }) })
  expect([answer.status, await answer.text()]).toEqual([404, 'expired_url'])
})

test('rejects an action on a missing element', async () => {
  const { slack, client, channel } = await startApp()
  const { ts } = await client.chat.postMessage({ channel, text: 'x', blocks: blocksOf(row(button('go'))) })
  expect(await click(slack, channel, ts!, 'stop')).toEqual({ ok: false, error: 'action_not_found' })
})

test("shortcut payloads match Slack's, global and on a message", async () => {
  const { slack, received, channel } = await startApp()
  await slack.act({ type: 'message', as: dana, channel, text: 'rolled back' })
  const { ts } = slack.dump().messages.at(-1)!
  await slack.act({ type: 'shortcut', as: dana, callbackId: 'declare_incident_shortcut' })
  await slack.act({ type: 'shortcut', as: dana, callbackId: 'add_to_timeline', message: { channel, ts } })
  expect(shapeOf(received[0])).toEqual(expect.arrayContaining(shapeOf(fixture('shortcut_global'))))
  expect(shapeOf(received[1])).toEqual(expect.arrayContaining(shapeOf(fixture('message_action'))))
  const wrong = await slack.act({ type: 'shortcut', as: dana, callbackId: 'add_to_timeline' })
  expect(wrong).toEqual({ ok: false, error: 'shortcut_not_found' })
})
