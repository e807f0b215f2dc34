import { afterEach, expect, test } from 'vitest'
import { slackActs } from './slack-acts.ts'
import { people, type Stack, startStack, textOf, until } from './stack.ts'

const { dana, robin, mei } = people
let stack: Stack
let slack: ReturnType<typeof slackActs>
afterEach(() => stack.stop())

const begun = async (http = false) => {
  stack = await startStack({ http })
  slack = slackActs(stack)
}
const general = () => stack.channelNamed('general')!.id
const wrote = async (as: string, channel: string, text: string, threadTs?: string) => {
  await slack.act({ type: 'message', as, channel, text, ...(threadTs ? { threadTs } : {}) })
  return stack.messages(channel).findLast((message) => message.user === as && message.text === text)!
}
const choose = (as: string, callbackId: string, { channel, ts }: { channel: string; ts: string }) =>
  slack.act({ type: 'shortcut', as, callbackId, message: { channel, ts } })
const incidents = async () => (await stack.muster.store.list()).map(({ id }) => id)

test.for([false, true])(
  'an incident declared from a message starts with it, and a reply links the incident (HTTP: %s)',
  async (http) => {
    await begun(http)
    const message = await wrote(robin, general(), 'nobody can pay\nthe pool is at 100 %')
    await choose(dana, 'declare_from_message', message)
    const title = (await slack.formOf(dana)).definition.blocks.find(({ block_id }) => block_id === 'title')
    expect(JSON.stringify(title)).toContain('"initial_value":"nobody can pay"')
    await slack.submit(dana, { severity: 'sev1' })
    const incident = (await stack.muster.store.read('INC-1'))!
    expect(incident).toMatchObject({ title: 'nobody can pay', severity: 'sev1', declaredBy: dana })
    const [first] = await stack.muster.postmortems
      .json('INC-1')
      .then((json) => (json as never as { timeline: { text: string }[] }).timeline)
    expect(JSON.stringify(first)).toMatch(/Robin.*nobody can pay.*the pool is at 100 %.*archives/)
    const answer = stack.messages(general()).find(({ threadTs }) => threadTs === message.ts)
    expect(answer?.text).toBe(`*INC-1* was declared from this: <#${incident.channel?.id}>`)
  },
)

test('two people who declare from one message at once declare one incident', async () => {
  await begun()
  const message = await wrote(robin, general(), 'checkout is slow')
  await choose(dana, 'declare_from_message', message)
  await choose(mei, 'declare_from_message', message)
  await Promise.all([slack.submit(dana, {}), slack.submit(mei, {})])
  expect(await incidents()).toEqual(['INC-1'])
  const replies = () => stack.messages().filter(({ onlyFor }) => onlyFor === dana || onlyFor === mei)
  await until('the answer to the second', () =>
    replies().some((one) => textOf(one).includes('was declared from this message already')),
  )
})

test('a private incident from a message posts no reply to it, and does not keep others from declaring', async () => {
  await begun()
  const message = await wrote(robin, general(), 'a key was leaked')
  await choose(dana, 'declare_from_message', message)
  await slack.submit(dana, { private: 'on' })
  await choose(mei, 'declare_from_message', message)
  await slack.submit(mei, {})
  expect(await incidents()).toEqual(['INC-2', 'INC-1'])
  const answers = stack.messages(general()).filter(({ threadTs, onlyFor }) => threadTs === message.ts && !onlyFor)
  expect(answers.map(({ text }) => text).join()).not.toContain('INC-1')
})

test('a message becomes an action item once, with a link back to it; outside an incident it is refused with a reason', async () => {
  await begun()
  await slack.type(dana, general(), 'declare checkout is slow')
  const channel = stack.incidentChannel(1)!.id
  for (const person of [robin, mei]) await slack.act({ type: 'join', as: person, channel })
  const message = await wrote(robin, channel, 'we should alert on connections')
  await choose(dana, 'make_action_item', message)
  await choose(mei, 'make_action_item', message)
  await Promise.all([slack.submit(dana, { owner: robin }), slack.submit(mei, {})])
  const { actions } = (await stack.muster.store.read('INC-1'))!
  expect(actions).toMatchObject([{ id: 1, text: 'we should alert on connections' }])
  await slack.type(dana, channel, 'action list')
  expect(textOf(slack.whispered(channel, dana).at(-1))).toMatch(/<https:\/\/[^|]*\/archives\/[^|]*\|message>/)

  await slack.type(dana, channel, 'resolve limit raised')
  await slack.type(dana, channel, 'close')
  await choose(robin, 'make_action_item', message)
  await slack.submit(robin, { text: 'rehearse it' })
  expect((await stack.muster.store.read('INC-1'))!.actions).toHaveLength(2)

  const elsewhere = await wrote(robin, general(), 'we should talk')
  await choose(dana, 'make_action_item', elsewhere)
  await until('the refusal', () =>
    stack.messages().some((one) => one.onlyFor === dana && textOf(one).includes('works in an incident')),
  )
})
