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

test('a message becomes an action item once, with a link back to it; without any incident it is refused with a reason', async () => {
  await begun()
  const elsewhere = await wrote(robin, general(), 'we should talk')
  await choose(dana, 'make_action_item', elsewhere)
  await until('the refusal', () =>
    stack.messages().some((one) => one.onlyFor === dana && textOf(one).includes('works in an incident')),
  )
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
})

/** The select of incidents in the form that is open for somebody. */
const offered = async (person: string) => {
  const { blocks } = (await slack.formOf(person)).definition
  const block = blocks.find(({ block_id }) => block_id === 'chosen_incident') as unknown as {
    element: { options: { value: string }[]; initial_option?: { value: string } }
  }
  return { ids: block.element.options.map(({ value }) => value), first: block.element.initial_option?.value, block }
}

test('outside incident channels the form asks which incident the item is for; private ones are offered to members only', async () => {
  await begun()
  await slack.type(dana, general(), 'declare --private sev2 a leaked key')
  await slack.type(dana, general(), 'declare sev2 checkout is slow')
  await slack.type(dana, general(), 'declare sev3 payments are slow')
  await slack.type(dana, general(), 'resolve INC-3 limit raised')
  const message = await wrote(robin, general(), 'we should alert on connections')
  await choose(dana, 'make_action_item', message)
  expect(await offered(dana)).toMatchObject({ ids: ['INC-2', 'INC-1', 'INC-3'], first: undefined })
  await choose(mei, 'make_action_item', message)
  expect(await offered(mei)).toMatchObject({ ids: ['INC-2', 'INC-3'], first: 'INC-2' })

  // It ends while the form is open: the item is still of use.
  await slack.type(dana, general(), 'resolve INC-2 pool enlarged')
  await slack.type(dana, general(), 'close INC-2 nothing is left')
  await slack.submit(mei, { owner: robin })
  expect((await stack.muster.store.read('INC-2'))!.actions).toMatchObject([
    { text: 'we should alert on connections', owner: robin },
  ])
  await slack.submit(dana, { chosen_incident: 'INC-1' })
  expect((await stack.muster.store.read('INC-1'))!.actions).toMatchObject([{ text: 'we should alert on connections' }])
  await until('the reply', () =>
    stack.messages().some((one) => one.onlyFor === mei && textOf(one).includes('Action item 1 of INC-2 added')),
  )
  // Nobody gets in by the form of another person.
  await choose(mei, 'make_action_item', message)
  await slack.submit(mei, { chosen_incident: 'INC-1', text: 'I should not be here' })
  expect((await stack.muster.store.read('INC-1'))!.actions).toHaveLength(1)
})

test("with more than 100 incidents the choice stays within Slack's limits and names another way", {
  timeout: 120_000,
}, async () => {
  await begun()
  const title = `is slow ${'\u00e9<&>*_'.repeat(100)}`
  await Promise.all(Array.from({ length: 102 }, (_, i) => stack.command(dana, general(), `declare sev3 ${i} ${title}`)))
  await until('all of them', async () => (await stack.muster.store.list({ limit: 200 })).length === 102, 60_000)
  const message = await wrote(robin, general(), 'we should alert on connections')
  await stack.act({
    type: 'shortcut',
    as: dana,
    callbackId: 'make_action_item',
    message: { channel: message.channel, ts: message.ts },
  })
  const { ids, block } = await offered(dana)
  expect(ids).toHaveLength(100)
  expect(JSON.stringify(block)).toContain('/incident action INC-7')
})
