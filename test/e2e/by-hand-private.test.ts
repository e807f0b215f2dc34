import { expect, onTestFinished, test } from 'vitest'
import { declarePrivately } from './declare-privately.ts'
import { people, startStack, textOf } from './stack.ts'

const { dana, robin } = people

const start = async () => {
  const stack = await startStack()
  onTestFinished(() => stack.stop())
  const { workspace } = stack.sandbox.slack
  const incident = async () => (await stack.muster.store.read('INC-1'))!
  const { channel } = await declarePrivately(stack, dana, 'Leaked credentials')
  return {
    ...stack,
    workspace,
    incident,
    channel: channel!.id,
    general: stack.channelNamed('general')!.id,
    directTo: (person: string): string => {
      const direct = stack.channels().find(({ kind, members }) => kind === 'dm' && members.includes(person))
      return direct ? stack.messages(direct.id).map(textOf).join('\n') : ''
    },
  }
}

test('reposts and pins the summary of a private incident that somebody deleted, in its channel and nowhere else', async () => {
  const stack = await start()
  const first = (await stack.incident()).messages.summary!
  const where = stack.workspace.channels.get(stack.channel)!
  stack.workspace.remove(stack.workspace.messageAt(where, first.ts)!)
  await stack.command(dana, stack.channel, 'severity sev2 fewer accounts than feared')
  await stack.settled()
  const incident = await stack.incident()
  expect(incident.messages.summary!.ts).not.toBe(first.ts)
  expect(incident.messages.summary!.channel).toBe(stack.channel)
  expect(stack.incidentChannel(1)!.pins.map(({ ts }) => ts)).toContain(incident.messages.summary!.ts)
  expect(incident.failures).toEqual({})
  const elsewhere = stack.channels().filter(({ id, kind }) => id !== stack.channel && kind !== 'dm')
  expect(elsewhere.flatMap(({ id }) => stack.messages(id).map(textOf)).join('\n')).not.toContain('Leaked')
})

test('asks whoever declared a private incident when its channel was deleted, and opens another private one only then', async () => {
  const stack = await start()
  await stack.command(dana, stack.channel, `assign scribe <@${robin}>`)
  await stack.settled()
  stack.workspace.channels.delete(stack.channel)
  await stack.command(dana, stack.general, 'severity INC-1 sev2 fewer accounts than feared')
  await stack.command(dana, stack.general, 'note INC-1 still looking')
  await stack.settled()
  const asked = () => stack.messages().filter(({ text }) => text.startsWith('I cannot see the channel of *INC-1*'))
  expect(asked()).toHaveLength(1)
  expect(stack.directTo(dana)).toContain('run:retry INC-1')
  expect((await stack.incident()).channel!.id).toBe(stack.channel)

  await stack.command(dana, stack.general, 'retry INC-1')
  await stack.settled()
  const incident = await stack.incident()
  const channel = stack.channels().find(({ id }) => id === incident.channel!.id)!
  expect(channel).toMatchObject({ kind: 'private', members: expect.arrayContaining([dana, robin]) })
  expect(channel.pins).toHaveLength(1)
  expect(incident.failures).toEqual({})
  expect(asked()).toHaveLength(1)
})

test('goes on in a private channel that Muster was removed from and invited to again', async () => {
  const stack = await start()
  const where = stack.workspace.channels.get(stack.channel)!
  stack.workspace.leave(where, stack.workspace.app.botUser)
  await stack.command(dana, stack.general, 'severity INC-1 sev2 fewer accounts than feared')
  await stack.settled()
  expect(stack.directTo(dana)).toContain('Invite me again')
  stack.workspace.join(where, stack.workspace.app.botUser, dana)
  await stack.command(dana, stack.channel, 'update keys are being rotated')
  await stack.settled()
  expect((await stack.incident()).channel!.id).toBe(stack.channel)
  expect(stack.messages(stack.channel).map(textOf).join('\n')).toContain('keys are being rotated')
})

test('an archived private channel gets no message, and its postmortem goes to whoever declared it', async () => {
  const stack = await start()
  stack.workspace.channels.get(stack.channel)!.archived = true
  await stack.command(dana, stack.general, 'resolve INC-1 keys rotated')
  await stack.settled()
  expect(stack.directTo(dana)).toContain('The postmortem draft of INC-1 is ready.')
  expect((await stack.incident()).failures).toEqual({})
})
