import { expect, onTestFinished, test } from 'vitest'
import { people, startStack, textOf, until, type WorldOptions } from './stack.ts'

const { dana, robin, olena } = people

const start = async (options: WorldOptions = {}) => {
  const stack = await startStack(options)
  onTestFinished(() => stack.stop())
  const { workspace, requests } = stack.sandbox.slack
  return {
    ...stack,
    workspace,
    general: stack.channelNamed('general')!.id,
    calls: (method: string) => requests.latest(method),
    incident: async (id = 'INC-1') => (await stack.muster.store.read(id))!,
    /** What Muster wrote to somebody directly. */
    directTo: (person: string): string => {
      const direct = stack.channels().find(({ kind, members }) => kind === 'dm' && members.includes(person))
      return direct ? stack.messages(direct.id).map(textOf).join('\n') : ''
    },
    declare: async (title = 'Checkout is slow') => {
      await stack.command(dana, stack.channelNamed('general')!.id, `declare ${title}`)
      await stack.settled()
      return (await stack.muster.store.read('INC-1'))!.channel!.id
    },
  }
}

test('reposts and pins a summary that somebody deleted', async () => {
  const stack = await start()
  const channel = await stack.declare()
  const first = (await stack.incident()).messages.summary!
  const posted = stack.workspace.channels.get(channel)!
  stack.workspace.remove(stack.workspace.messageAt(posted, first.ts)!)
  await stack.command(dana, channel, 'severity sev1')
  await stack.settled()
  const incident = await stack.incident()
  expect(incident.messages.summary!.ts).not.toBe(first.ts)
  expect(stack.incidentChannel(1)!.pins.map(({ ts }) => ts)).toContain(incident.messages.summary!.ts)
  expect(incident.failures).toEqual({})
})

test('does not repost an announcement that somebody deleted, and nothing fails', async () => {
  const stack = await start()
  const channel = await stack.declare()
  const { announcement } = (await stack.incident()).messages
  const where = stack.workspace.channels.get(announcement!.channel)!
  stack.workspace.remove(stack.workspace.messageAt(where, announcement!.ts)!)
  await stack.command(dana, channel, 'severity sev1')
  await stack.settled()
  expect((await stack.incident()).failures).toEqual({})
  expect(stack.messages(announcement!.channel).filter((message) => textOf(message).includes('INC-1'))).toEqual([])
})

test('recreates a channel that somebody deleted, with its people and its summary', async () => {
  const stack = await start()
  const lost = await stack.declare()
  await stack.command(robin, lost, 'assign commander me')
  await stack.settled()
  stack.workspace.channels.delete(lost)
  await stack.command(dana, stack.general, 'severity INC-1 sev1')
  await stack.settled()
  const incident = await stack.incident()
  expect(incident.channel!.id).not.toBe(lost)
  const channel = stack.channels().find(({ id }) => id === incident.channel!.id)!
  expect(channel.members).toEqual(expect.arrayContaining([dana, robin]))
  expect(channel.pins).toHaveLength(1)
  expect(incident.failures).toEqual({})
  const announced = stack.messages(incident.messages.announcement!.channel).map(textOf).join('\n')
  expect(announced).toContain(`<#${incident.channel!.id}>`)
  expect(announced).not.toContain(`<#${lost}>`)
})

test('rejoins a public channel after somebody removed Muster', async () => {
  const stack = await start()
  const channel = await stack.declare()
  stack.workspace.leave(stack.workspace.channels.get(channel)!, stack.workspace.app.botUser)
  await stack.command(dana, channel, 'assign commander me')
  await stack.settled()
  const there = stack.channels().find(({ id }) => id === channel)!
  expect(there.topic.value).toContain('Commander')
  expect((await stack.incident()).failures).toEqual({})
})

test('sends the draft to whoever declared the incident when its channel is archived, and nothing fails', async () => {
  const stack = await start()
  const channel = await stack.declare()
  stack.workspace.channels.get(channel)!.archived = true
  await stack.command(dana, stack.general, 'resolve INC-1 rolled back')
  await stack.settled()
  expect(stack.directTo(dana)).toContain('The postmortem draft of INC-1 is ready.')
  expect((await stack.incident()).failures).toEqual({})
})

test('sets the topic when it changes, not on every role', async () => {
  const stack = await start()
  const channel = await stack.declare()
  await stack.command(dana, channel, 'assign commander me')
  await stack.settled()
  const before = stack.calls('conversations.setTopic').length
  await stack.command(dana, channel, `assign scribe <@${robin}>`)
  await stack.command(dana, channel, 'status identified')
  await stack.settled()
  expect(stack.calls('conversations.setTopic')).toHaveLength(before)
})

test('sends whoever declared the incident a link to the channel', async () => {
  const stack = await start()
  const channel = await stack.declare()
  expect(stack.directTo(dana)).toContain(`is open in <#${channel}>: Checkout is slow`)
})

test('tells whoever declared the incident that somebody could not be invited', async () => {
  const stack = await start()
  const channel = await stack.declare()
  stack.sandbox.slack.faults.add({
    kind: 'error',
    method: 'conversations.invite',
    error: 'user_is_restricted',
    times: 2,
  })
  await stack.command(dana, channel, `assign scribe <@${robin}>`)
  await stack.settled()
  expect(stack.directTo(dana)).toContain(`Slack does not let me invite <@${robin}> to *INC-1*`)
})

test('offers a retry in the message that reports that the channel could not be opened', async () => {
  const stack = await start()
  stack.sandbox.slack.faults.add({ kind: 'error', method: 'conversations.create', error: 'restricted_action' })
  await stack.command(dana, stack.general, 'declare Checkout is slow')
  await stack.settled()
  const direct = stack.channels().find(({ kind, members }) => kind === 'dm' && members.includes(dana))!
  const warning = stack.messages(direct.id).at(-1)!
  const row = warning.blocks!.find(({ type }) => type === 'actions')!
  await stack.act({
    type: 'block_action',
    as: dana,
    in: { channel: direct.id, ts: warning.ts },
    action: { type: 'button', action_id: 'run:retry INC-1', block_id: row.block_id as string },
  })
  await stack.settled()
  await until('the channel', () => stack.incidentChannel(1))
  // What it offered is done, so the button is gone.
  await until('no button', () =>
    stack
      .messages(direct.id)
      .every(({ ts, blocks }) => ts !== warning.ts || !blocks?.some(({ type }) => type === 'actions')),
  )
})

test('invites nobody to a private incident automatically, and members invited by hand can act through forms', async () => {
  const stack = await start()
  await stack.act({ type: 'shortcut', as: dana, callbackId: 'declare_incident' })
  const { slack } = stack.sandbox
  const formOf = (person: string) => until('the form', () => slack.dump().modals.find(({ user }) => user === person))
  const option = (value: string) => ({ value, text: { type: 'plain_text', text: value } })
  await stack.act({
    type: 'submit_modal',
    as: dana,
    modal: (await formOf(dana)).id,
    state: {
      title: { value: { type: 'plain_text_input', value: 'Leaked credentials' } },
      severity: { value: { type: 'static_select', selected_option: option('sev1') } },
      service: { value: { type: 'static_select', selected_option: option('shipping') } },
      private: { value: { type: 'checkboxes', selected_options: [option('on')] } },
    },
  })
  await until('the channel', async () => (await stack.incident()).messages.summary)
  await stack.settled()
  const incident = await stack.incident()
  const channel = stack.workspace.channels.get(incident.channel!.id)!
  expect(incident.found).toEqual([])
  expect(channel.members).not.toContain(olena)

  stack.workspace.join(channel, robin, dana)
  await stack.command(robin, channel.id, 'update')
  await stack.act({
    type: 'submit_modal',
    as: robin,
    modal: (await formOf(robin)).id,
    state: { text: { value: { type: 'plain_text_input', value: 'Keys are being rotated' } } },
  })
  await stack.settled()
  expect((await stack.incident()).latestUpdate).toBe('Keys are being rotated')
})

test('creates a new channel when an incident is reopened after its channel was deleted', async () => {
  const stack = await start()
  const lost = await stack.declare()
  await stack.command(dana, lost, 'resolve rolled back')
  await stack.settled()
  stack.workspace.channels.delete(lost)
  await stack.command(dana, stack.general, 'action INC-1 raise the limit')
  await stack.settled()
  expect((await stack.incident()).channel).toBeUndefined()
  await stack.command(dana, stack.general, 'reopen INC-1 it came back')
  await stack.settled()
  expect(stack.channels().find(({ id }) => id === stack.incidentChannel(1)?.id)?.pins).toHaveLength(1)
  expect((await stack.incident()).failures).toEqual({})
})

test("links the target's channel from the pinned summary of a merged incident", async () => {
  const stack = await start()
  const channel = await stack.declare()
  await stack.command(dana, stack.general, 'declare Payments are slow')
  await stack.settled()
  const target = (await stack.incident('INC-2')).channel!.id
  await stack.command(dana, stack.general, 'merge INC-1 INC-2')
  await stack.settled()
  const { messages, mergedInto } = await stack.incident('INC-1')
  expect(mergedInto).toBe('INC-2')
  const summary = stack.messages(channel).find(({ ts }) => ts === messages.summary!.ts)
  expect(textOf(summary)).toContain(`into INC-2, in <#${target}>`)
})
