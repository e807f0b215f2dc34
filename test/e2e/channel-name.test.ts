import { afterEach, expect, test } from 'vitest'
import { slackActs } from './slack-acts.ts'
import { people, type Stack, startStack, textOf, until } from './stack.ts'

const { dana } = people
let stack: Stack
let slack: ReturnType<typeof slackActs>
afterEach(() => stack.stop())

const begun = async (settings: object = { renameChannels: true }) => {
  stack = await startStack({
    file: { slack: { channelPattern: '{prefix}-{number}-{severity}-{slug}', ...settings } },
  })
  slack = slackActs(stack)
  await slack.type(dana, stack.channelNamed('general')!.id, 'declare sev3 checkout is slow')
  await until('the channel', async () => (await incident()).channel)
}
const incident = async () => (await stack.muster.store.read('INC-1'))!
const say = async (text: string) => slack.type(dana, (await incident()).channel!.id, text)
const found = async () => {
  const { channel } = await incident()
  return stack.channels().find(({ id }) => id === channel!.id)!
}
const refusals = async () =>
  stack.messages((await incident()).channel!.id).filter(({ text }) => text.includes('The channel keeps its name'))

test('name and topic follow a changed severity and title', async () => {
  await begun()
  expect((await found()).name).toBe('inc-1-sev3-checkout-is-slow')
  await say('severity sev1 nobody can pay')
  await until('the name', async () => (await found()).name === 'inc-1-sev1-checkout-is-slow')
  await say('title Nobody can pay')
  await until('the name', async () => (await found()).name === 'inc-1-sev1-nobody-can-pay')
  await until('the topic', async () => /SEV1.*Nobody can pay/.test((await found()).topic.value))
  expect((await incident()).channel?.name).toBe('inc-1-sev1-nobody-can-pay')
  // Slack itself writes a line for each new name; Muster adds none.
  const ours = stack.messages((await incident()).channel!.id).filter(({ byApp, subtype }) => byApp && !subtype)
  expect(ours.map(textOf).join('\n')).not.toContain('inc-1-sev1')
})

test('a name that others have gets a number; after five the old one stays, and that is said once', async () => {
  await begun()
  const { workspace } = stack.sandbox.slack
  const take = (name: string) => workspace.addChannel(name, 'channel', dana, [dana])
  take('inc-1-sev3-payments')
  await say('title Payments')
  await until('the name', async () => (await found()).name === 'inc-1-sev3-payments-2')
  for (const end of ['', '-2', '-3', '-4', '-5']) take(`inc-1-sev3-orders${end}`)
  await say('title Orders')
  await until('the line', async () => (await refusals()).length > 0)
  for (const end of ['', '-2', '-3', '-4', '-5']) take(`inc-1-sev3-carts${end}`)
  await say('title Carts')
  await stack.settled()
  expect(await refusals()).toHaveLength(1)
  expect((await found()).name).toBe('inc-1-sev3-payments-2')
  expect((await incident()).failures).toEqual({})
})

test('it is renamed when Slack has time again, and never longer than Slack allows', async () => {
  await begun()
  stack.sandbox.slack.faults.add({ kind: 'rate_limit', method: 'conversations.rename', retryAfterS: 1, times: 1 })
  await say(`title ${'Very long words '.repeat(20)}`)
  const { name } = await until('the name', async () => {
    const now = await found()
    return now.name.startsWith('inc-1-sev3-very') ? now : undefined
  })
  expect(name.length).toBeLessThanOrEqual(80)
  expect(name).toMatch(/^[a-z0-9_-]+$/)
})

test('a name that somebody chose by hand stays', async () => {
  await begun()
  const { id } = (await incident()).channel!
  stack.sandbox.slack.workspace.channels.get(id)!.name = 'war-room'
  await say('title Nobody can pay')
  await stack.settled()
  expect((await found()).name).toBe('war-room')
  expect(await refusals()).toEqual([])
})

test('a refusal of the workspace is said once; without the setting the name stays', async () => {
  await begun()
  stack.sandbox.slack.faults.add({
    kind: 'error',
    method: 'conversations.rename',
    error: 'restricted_action',
    times: 99,
  })
  await say('title Nobody can pay')
  await until('the line', async () => (await refusals()).length > 0)
  await say('title Nobody can pay at all')
  await stack.settled()
  expect(await refusals()).toHaveLength(1)
  expect((await found()).name).toBe('inc-1-sev3-checkout-is-slow')
})

test('without the setting the name stays', async () => {
  await begun({})
  await say('title Nobody can pay')
  await until('the topic', async () => (await found()).topic.value.includes('Nobody can pay'))
  await stack.settled()
  expect((await found()).name).toBe('inc-1-sev3-checkout-is-slow')
})
