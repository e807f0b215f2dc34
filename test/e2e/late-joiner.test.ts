import { afterEach, expect, test } from 'vitest'
import { staff } from '../../sandbox/slack/people.ts'
import { people, type Stack, startStack, textOf, until } from './stack.ts'

const { dana, robin, sam, olena } = people
let stack: Stack
afterEach(() => stack.stop())

const BOT = 'U0DEPLOYBOT'
const begun = async (what: string) => {
  const bot = { id: BOT, name: 'deploys', realName: 'Deploys', title: '', email: '', timezone: 'UTC', isBot: true }
  stack = await startStack({ slack: { people: [...staff, bot] }, file: { call: 'https://meet.example.com/{id}' } })
  await stack.command(dana, stack.channelNamed('general')!.id, what)
  await stack.settled()
}
const ours = () => stack.incidentChannel(1)!.id
const say = async (as: string, text: string) => {
  await stack.command(as, ours(), text)
  await stack.settled()
}
const join = async (as: string) => {
  await stack.act({ type: 'join', as, channel: ours() })
  await stack.settled()
}
/** Briefings that somebody saw, and who else could. */
const briefings = () => stack.messages().filter((message) => textOf(message).includes('You joined'))

test('a late joiner gets a private briefing; people invited at the opening do not', async () => {
  await begun('declare sev2 shipping is slow')
  expect(stack.incidentChannel(1)!.members).toEqual(expect.arrayContaining([dana, olena]))
  await say(robin, 'impact one in three orders fails')
  await say(robin, 'update the connections of the database are at their limit')
  await say(robin, 'note restarting shipping did not help')
  await say(robin, `action raise the limit <@${robin}>`)
  expect(briefings()).toEqual([])

  await join(sam)
  const [briefing, ...others] = await until('the briefing', () => briefings().length > 0 && briefings())
  expect(others).toEqual([])
  expect(briefing).toMatchObject({ channel: ours(), onlyFor: sam })
  const text = textOf(briefing)
  for (const part of [
    'shipping is slow',
    'Impact: one in three orders fails',
    'nobody is in command',
    'https://meet.example.com/INC-1',
    'the connections of the database are at their limit',
    'restarting shipping did not help',
    'raise the limit',
    'update due by',
    'Take command',
  ])
    expect(text).toContain(part)
  expect(text.split('\u2022').length - 1).toBeLessThanOrEqual(10)

  // Out and in again: they have read it.
  const { workspace } = stack.sandbox.slack
  workspace.leave(workspace.channels.get(ours())!, sam)
  await join(sam)
  expect(briefings()).toHaveLength(1)
})

test('whoever joins after the end reads what is known, not when the next update is due', async () => {
  await begun('declare sev2 shipping is slow')
  await say(robin, 'update the connections of the database are at their limit')
  await say(robin, 'resolve the pool is larger now')
  await join(sam)
  const [briefing] = await until('the briefing', () => briefings().length > 0 && briefings())
  const text = textOf(briefing)
  expect(text).toContain('after its end. What is known:')
  expect(text).not.toMatch(/update due by|under way|Take command/)
})

test('somebody who joined for a role is briefed for that, and nobody is once the incident is cancelled', async () => {
  await begun('declare sev2 shipping is slow')
  await say(dana, `assign commander <@${robin}>`)
  expect(stack.incidentChannel(1)!.members).toContain(robin)
  await say(dana, 'cancel a false alarm')
  await join(sam)
  expect(briefings()).toEqual([])
})

test('in a private incident late joiners become members first, and are briefed only there', async () => {
  await begun('declare --private sev2 a leaked credential')
  const { workspace } = stack.sandbox.slack
  workspace.join(workspace.channels.get(ours())!, sam, dana)
  await stack.settled()
  const [briefing] = await until('the briefing', () => briefings().length > 0 && briefings())
  expect(briefing).toMatchObject({ channel: ours(), onlyFor: sam })
  expect((await stack.muster.store.read('INC-1'))!.people).toContain(sam)
})

test('another app that joins is not briefed', async () => {
  await begun('declare sev2 shipping is slow')
  await join(BOT)
  await join(sam)
  await until('the briefing of a person', () => briefings().length > 0)
  await stack.settled()
  expect(briefings().map(({ onlyFor }) => onlyFor)).toEqual([sam])
})

test('where Slack refuses a message that only they see, the briefing is a direct message', async () => {
  await begun('declare sev2 shipping is slow')
  stack.sandbox.slack.faults.add({
    kind: 'error',
    method: 'chat.postEphemeral',
    error: 'restricted_action',
    times: 99,
  })
  await join(sam)
  const [briefing, ...others] = await until('the briefing', () => briefings().length > 0 && briefings())
  expect(others).toEqual([])
  expect(stack.channels().find(({ id }) => id === briefing!.channel)).toMatchObject({ kind: 'dm' })
  expect(stack.channels().find(({ id }) => id === briefing!.channel)!.members).toContain(sam)
  expect(textOf(briefing)).toContain('shipping is slow')
  expect((await stack.muster.store.read('INC-1'))!.failures).toEqual({})
})
