import { expect, onTestFinished, test } from 'vitest'
import { people, startRoad, textOf, until, type WorldOptions } from './muster.ts'

const { dana, robin, olena } = people

const start = async (options: WorldOptions = {}) => {
  const road = await startRoad(options)
  onTestFinished(() => road.stop())
  const { workspace, requests } = road.sandbox.slack
  return {
    ...road,
    workspace,
    general: road.channelNamed('general')!.id,
    calls: (method: string) => requests.latest(method),
    incident: async (id = 'INC-1') => (await road.muster.store.read(id))!,
    /** What Muster wrote to somebody directly. */
    directTo: (person: string): string => {
      const direct = road.channels().find(({ kind, members }) => kind === 'dm' && members.includes(person))
      return direct ? road.messages(direct.id).map(textOf).join('\n') : ''
    },
    declare: async (title = 'Checkout is slow') => {
      await road.command(dana, road.channelNamed('general')!.id, `declare ${title}`)
      await road.settled()
      return (await road.muster.store.read('INC-1'))!.channel!.id
    },
  }
}

test('reposts and pins a summary that somebody deleted', async () => {
  const road = await start()
  const channel = await road.declare()
  const first = (await road.incident()).messages.summary!
  const posted = road.workspace.channels.get(channel)!
  road.workspace.remove(road.workspace.messageAt(posted, first.ts)!)
  await road.command(dana, channel, 'severity sev1')
  await road.settled()
  const incident = await road.incident()
  expect(incident.messages.summary!.ts).not.toBe(first.ts)
  expect(road.incidentChannel(1)!.pins.map(({ ts }) => ts)).toContain(incident.messages.summary!.ts)
  expect(incident.failures).toEqual({})
})

test('does not repost an announcement that somebody deleted, and nothing fails', async () => {
  const road = await start()
  const channel = await road.declare()
  const { announcement } = (await road.incident()).messages
  const where = road.workspace.channels.get(announcement!.channel)!
  road.workspace.remove(road.workspace.messageAt(where, announcement!.ts)!)
  await road.command(dana, channel, 'severity sev1')
  await road.settled()
  expect((await road.incident()).failures).toEqual({})
  expect(road.messages(announcement!.channel).filter((message) => textOf(message).includes('INC-1'))).toEqual([])
})

test('recreates a channel that somebody deleted, with its people and its summary', async () => {
  const road = await start()
  const lost = await road.declare()
  await road.command(robin, lost, 'assign commander me')
  await road.settled()
  road.workspace.channels.delete(lost)
  await road.command(dana, road.general, 'severity INC-1 sev1')
  await road.settled()
  const incident = await road.incident()
  expect(incident.channel!.id).not.toBe(lost)
  const channel = road.channels().find(({ id }) => id === incident.channel!.id)!
  expect(channel.members).toEqual(expect.arrayContaining([dana, robin]))
  expect(channel.pins).toHaveLength(1)
  expect(incident.failures).toEqual({})
  const announced = road.messages(incident.messages.announcement!.channel).map(textOf).join('\n')
  expect(announced).toContain(`<#${incident.channel!.id}>`)
  expect(announced).not.toContain(`<#${lost}>`)
})

test('rejoins a public channel after somebody removed Muster', async () => {
  const road = await start()
  const channel = await road.declare()
  road.workspace.leave(road.workspace.channels.get(channel)!, road.workspace.app.botUser)
  await road.command(dana, channel, 'assign commander me')
  await road.settled()
  const there = road.channels().find(({ id }) => id === channel)!
  expect(there.topic.value).toContain('Commander')
  expect((await road.incident()).failures).toEqual({})
})

test('sends the draft to whoever declared the incident when its channel is archived, and nothing fails', async () => {
  const road = await start()
  const channel = await road.declare()
  road.workspace.channels.get(channel)!.archived = true
  await road.command(dana, road.general, 'resolve INC-1 rolled back')
  await road.settled()
  expect(road.directTo(dana)).toContain('The postmortem draft of INC-1 is ready.')
  expect((await road.incident()).failures).toEqual({})
})

test('sets the topic when it changes, not on every role', async () => {
  const road = await start()
  const channel = await road.declare()
  await road.command(dana, channel, 'assign commander me')
  await road.settled()
  const before = road.calls('conversations.setTopic').length
  await road.command(dana, channel, `assign scribe <@${robin}>`)
  await road.command(dana, channel, 'status identified')
  await road.settled()
  expect(road.calls('conversations.setTopic')).toHaveLength(before)
})

test('sends whoever declared the incident a link to the channel', async () => {
  const road = await start()
  const channel = await road.declare()
  expect(road.directTo(dana)).toContain(`is open in <#${channel}>: Checkout is slow`)
})

test('tells whoever declared the incident that somebody could not be invited', async () => {
  const road = await start()
  const channel = await road.declare()
  road.sandbox.slack.faults.add({
    kind: 'error',
    method: 'conversations.invite',
    error: 'user_is_restricted',
    times: 2,
  })
  await road.command(dana, channel, `assign scribe <@${robin}>`)
  await road.settled()
  expect(road.directTo(dana)).toContain(`Slack does not let me invite <@${robin}> to *INC-1*`)
})

test('offers a retry in the message that reports that the channel could not be opened', async () => {
  const road = await start()
  road.sandbox.slack.faults.add({ kind: 'error', method: 'conversations.create', error: 'restricted_action' })
  await road.command(dana, road.general, 'declare Checkout is slow')
  await road.settled()
  const direct = road.channels().find(({ kind, members }) => kind === 'dm' && members.includes(dana))!
  const warning = road.messages(direct.id).at(-1)!
  const row = warning.blocks!.find(({ type }) => type === 'actions')!
  await road.act({
    type: 'block_action',
    as: dana,
    in: { channel: direct.id, ts: warning.ts },
    action: { type: 'button', action_id: 'run:retry INC-1', block_id: row.block_id as string },
  })
  await road.settled()
  await until('the channel', () => road.incidentChannel(1))
  // What it offered is done, so the button is gone.
  await until('no button', () =>
    road
      .messages(direct.id)
      .every(({ ts, blocks }) => ts !== warning.ts || !blocks?.some(({ type }) => type === 'actions')),
  )
})

test('invites nobody to a private incident automatically, and members invited by hand can act through forms', async () => {
  const road = await start()
  await road.act({ type: 'shortcut', as: dana, callbackId: 'declare_incident' })
  const { slack } = road.sandbox
  const formOf = (person: string) => until('the form', () => slack.dump().modals.find(({ user }) => user === person))
  const option = (value: string) => ({ value, text: { type: 'plain_text', text: value } })
  await road.act({
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
  await until('the channel', async () => (await road.incident()).messages.summary)
  await road.settled()
  const incident = await road.incident()
  const channel = road.workspace.channels.get(incident.channel!.id)!
  expect(incident.found).toEqual([])
  expect(channel.members).not.toContain(olena)

  road.workspace.join(channel, robin, dana)
  await road.command(robin, channel.id, 'update')
  await road.act({
    type: 'submit_modal',
    as: robin,
    modal: (await formOf(robin)).id,
    state: { text: { value: { type: 'plain_text_input', value: 'Keys are being rotated' } } },
  })
  await road.settled()
  expect((await road.incident()).latestUpdate).toBe('Keys are being rotated')
})

test('creates a new channel when an incident is reopened after its channel was deleted', async () => {
  const road = await start()
  const lost = await road.declare()
  await road.command(dana, lost, 'resolve rolled back')
  await road.settled()
  road.workspace.channels.delete(lost)
  await road.command(dana, road.general, 'action INC-1 raise the limit')
  await road.settled()
  expect((await road.incident()).channel).toBeUndefined()
  await road.command(dana, road.general, 'reopen INC-1 it came back')
  await road.settled()
  expect(road.channels().find(({ id }) => id === road.incidentChannel(1)?.id)?.pins).toHaveLength(1)
  expect((await road.incident()).failures).toEqual({})
})

test("links the target's channel from the pinned summary of a merged incident", async () => {
  const road = await start()
  const channel = await road.declare()
  await road.command(dana, road.general, 'declare Payments are slow')
  await road.settled()
  const target = (await road.incident('INC-2')).channel!.id
  await road.command(dana, road.general, 'merge INC-1 INC-2')
  await road.settled()
  const { messages, mergedInto } = await road.incident('INC-1')
  expect(mergedInto).toBe('INC-2')
  const summary = road.messages(channel).find(({ ts }) => ts === messages.summary!.ts)
  expect(textOf(summary)).toContain(`into INC-2, in <#${target}>`)
})
