import { afterEach, expect, test } from 'vitest'
import { people, type Stack, startStack, textOf, until } from './stack.ts'

const { dana, robin, mei } = people
const KIM = 'U0LEFT0001'
let stack: Stack
afterEach(() => stack.stop())

const begun = async (file: object = {}) => {
  stack = await startStack({ file })
  await stack.command(dana, stack.channelNamed('general')!.id, 'declare sev2 checkout is slow')
  await stack.settled()
  await say(dana, 'assign commander me')
}
const say = async (as: string, text: string) => {
  await stack.command(as, stack.incidentChannel(1)!.id, text)
  await stack.settled()
}
const incident = async () => (await stack.muster.store.read('INC-1'))!
const inChannel = () => stack.messages(stack.incidentChannel(1)!.id).map(textOf).join('\n')
/** Direct messages of the app to a person. */
const directTo = (person: string) =>
  stack
    .channels()
    .flatMap(({ id, kind, members }) => (kind === 'dm' && members.includes(person) ? stack.messages(id) : []))
const click = async (as: string, label: string, times = 1) => {
  const message = directTo(as).findLast((one) => JSON.stringify(one.blocks).includes(`"${label}"`))!
  const row = message.blocks!.find(({ type }) => type === 'actions') as never as {
    block_id: string
    elements: { type: string; action_id: string; value: string; text: { text: string } }[]
  }
  const { type, action_id, value } = row.elements.find(({ text }) => text.text === label)!
  const place = { channel: message.channel, ts: message.ts }
  const action = { type, action_id, value, block_id: row.block_id }
  const clicks = Array.from({ length: times }, () => stack.act({ type: 'block_action', as, in: place, action }))
  await Promise.all(clicks)
  await stack.settled()
}

test('the recipient sees the current state and takes over, however often they click', async () => {
  await begun()
  await say(robin, 'note restarting the pool did not help')
  await say(dana, `action raise the connection limit <@${robin}>`)
  await say(dana, `handover <@${mei}> the vendor calls back at nine`)
  expect((await incident()).roles.commander).toBe(dana)
  const packet = textOf(directTo(mei).at(-1))
  for (const part of [
    'checkout is slow',
    'the vendor calls back at nine',
    'restarting the pool did not help',
    'raise the connection limit',
    'Next: update due by',
  ])
    expect(packet).toContain(part)
  await click(mei, 'Accept', 2)
  expect((await incident()).roles.commander).toBe(mei)
  const taken = (await stack.muster.store.events('INC-1')).filter(({ type }) => type === 'handover_answered')
  expect(taken).toHaveLength(1)
  expect(directTo(mei).map(textOf).join('\n')).toContain('You are *Commander* of *INC-1*')
  expect(stack.incidentChannel(1)!.members).toContain(mei)
})

test('hands over every role at once at the end of a shift', async () => {
  await begun()
  await say(dana, 'assign scribe me')
  await say(dana, `handover <@${mei}> --all`)
  await click(mei, 'Accept')
  expect((await incident()).roles).toEqual({ commander: mei, scribe: mei })
})

test('posts a message when the handover is declined; the old button no longer works', async () => {
  await begun()
  await say(dana, `handover <@${mei}>`)
  await click(mei, 'Decline')
  expect((await incident()).roles.commander).toBe(dana)
  expect(inChannel()).toContain(`<@${mei}> declined to take over *Commander*; <@${dana}> still holds it`)
})

test('posts a message when the recipient has left the company and cannot be asked', async () => {
  await begun()
  await say(dana, `handover <@${KIM}>`)
  await until('the line', () => inChannel().includes(`<@${KIM}> could not be asked to take over *Commander*`))
  expect((await incident()).handovers).toBeUndefined()
  expect((await incident()).roles.commander).toBe(dana)
})

test('reports an unanswered offer in the channel, repeats it once, and it can still be accepted', async () => {
  await begun({ reminders: { handoverMinutes: 0.0001 } })
  await say(dana, `handover <@${mei}>`)
  await stack.muster.remind()
  await stack.muster.remind()
  await stack.settled()
  const lines = stack.messages(stack.incidentChannel(1)!.id).filter(({ text }) => text.includes('has not answered'))
  expect(lines).toHaveLength(1)
  expect(textOf(directTo(mei).at(-1))).toContain('This still waits for your answer')
  await click(mei, 'Accept')
  expect((await incident()).roles.commander).toBe(mei)
})

test('refuses a handover after the incident has ended, and notifies nobody', async () => {
  stack = await startStack()
  await stack.command(dana, stack.channelNamed('general')!.id, 'declare sev2 leaked credentials')
  await stack.settled()
  await say(dana, 'assign commander me')
  await say(dana, 'resolve it is over')
  await say(dana, `handover <@${mei}>`)
  expect(directTo(mei)).toEqual([])
  expect(textOf(stack.messages(stack.incidentChannel(1)!.id).findLast(({ onlyFor }) => onlyFor === dana))).toContain(
    'INC-1 is resolved, so there is nothing to hand over',
  )
})
