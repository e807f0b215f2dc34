import { afterEach, expect, test } from 'vitest'
import { people, type Stack, startStack, textOf, until } from './stack.ts'

const { dana, robin, sam } = people
let stack: Stack
afterEach(() => stack.stop())

const begun = async (what = 'declare sev2 checkout is slow') => {
  stack = await startStack({
    file: {
      services: { checkout: { slackChannel: '#engineering' } },
      slack: { stakeholders: ['#triage', '#nowhere'], triage: '' },
    },
  })
  await stack.command(dana, general(), what)
  await stack.settled()
}
const general = () => stack.channelNamed('general')!.id
const say = async (as: string, channel: string, text: string) => {
  await stack.command(as, channel, text)
  await stack.settled()
}
const ours = () => stack.incidentChannel(1)!.id
const channelText = (name: string) => stack.messages(stack.channelNamed(name)!.id).map(textOf).join('\n')
const directTo = (person: string) =>
  stack
    .channels()
    .flatMap(({ id, kind, members }) => (kind === 'dm' && members.includes(person) ? stack.messages(id) : []))
const threadUnder = (name: string) => {
  const messages = stack.messages(stack.channelNamed(name)!.id)
  const card = messages.find(({ text }) => text.includes('INC-1'))
  return messages.filter(({ threadTs, ts }) => threadTs === card!.ts && ts !== threadTs).map(textOf)
}
const optionOf = (value: string) => ({ value, text: { type: 'plain_text', text: value } })
const submitUpdate = async () => {
  await stack.command(dana, ours(), 'update')
  const modal = await until('the form', () => stack.sandbox.slack.dump().modals.find(({ user }) => user === dana))
  const text = (value: string) => ({ value: { type: 'plain_text_input', value } })
  const state = {
    text: text('the pool is full'),
    doing: text('enlarging the pool'),
    next: { value: { type: 'static_select', selected_option: optionOf('30') } },
    public: text('Orders are slow; we are on it'),
  }
  return { modal, submit: () => stack.act({ type: 'submit_modal', as: dana, modal: modal.id, state }) }
}

test('an update reaches every subscriber, in the text meant for them', async () => {
  await begun('declare sev2 checkout is slow')
  await say(robin, ours(), 'service checkout')
  await say(robin, ours(), 'note connections are at the limit')
  // Somebody who only reads #incidents, twice because they are impatient.
  await Promise.all([say(sam, general(), 'subscribe INC-1'), say(sam, general(), 'subscribe INC-1')])
  const { modal, submit } = await submitUpdate()
  expect(textOf({ text: '', blocks: modal.definition.blocks as never })).toContain('connections are at the limit')
  await submit()
  await stack.settled()

  expect(channelText(stack.incidentChannel(1)!.name)).toContain('the pool is full')
  for (const outside of [
    threadUnder('incidents').join('\n'),
    channelText('triage'),
    directTo(sam).map(textOf).join('\n'),
  ]) {
    expect(outside).toContain('Orders are slow; we are on it')
    expect(outside).toContain('Next update by')
    expect(outside).not.toContain('pool')
  }
  expect(channelText('incidents')).not.toContain('pool')
  expect(directTo(sam).filter(({ text }) => text.includes('Orders are slow'))).toHaveLength(1)

  await say(dana, ours(), 'resolve pool enlarged')
  expect(textOf(directTo(sam).at(-1))).toMatch(/\*Resolved\* \d+ s after it was declared/)
  await say(sam, general(), 'unsubscribe INC-1')
  await say(dana, ours(), 'update all is well')
  expect(textOf(directTo(sam).at(-1))).toMatch(/\*Resolved\* \d+ s after it was declared/)
})

test("the owners' card stays up to date, and updates are in its thread", async () => {
  stack = await startStack({ file: { services: { checkout: { slackChannel: '#engineering' } } } })
  await stack.command(dana, general(), 'declare sev2 checkout is slow')
  await stack.settled()
  await say(dana, ours(), 'update we are looking')
  await say(dana, ours(), 'status mitigated rolled back')
  const [card] = stack.messages(stack.channelNamed('engineering')!.id).filter(({ text }) => text.includes('INC-1'))
  expect(textOf(card)).toContain('Mitigated')
  expect(threadUnder('engineering').join('\n')).toContain('we are looking')
})

test('a form submitted after the incident was cancelled says so, and nobody is notified', async () => {
  await begun()
  const { submit } = await submitUpdate()
  await say(robin, ours(), 'cancel a false alarm')
  await submit()
  await stack.settled()
  const replies = stack
    .messages(ours())
    .filter(({ onlyFor }) => onlyFor === dana)
    .map(textOf)
  expect(replies.join('\n')).toContain('INC-1 is cancelled, so there is nobody left to update')
  expect(channelText('triage')).not.toContain('Orders are slow')
})
