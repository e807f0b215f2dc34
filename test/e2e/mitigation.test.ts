import { afterEach, expect, test } from 'vitest'
import { people, type Stack, startStack, textOf, until } from './stack.ts'

const { dana, robin } = people
let stack: Stack
afterEach(() => stack.stop())

const severities = (minutes: number) => [
  { id: 'sev1', name: 'SEV1', chooseWhen: 'nobody can pay' },
  { id: 'sev2', name: 'SEV2', askForMitigationMinutes: minutes },
  { id: 'sev3', name: 'SEV3' },
]
const begin = async (minutes: number) => {
  stack = await startStack({
    file: { severities: severities(minutes), statuses: { mitigated: { chooseWhen: 'five calm minutes' } } },
  })
}
const say = async (as: string, text: string, number = 1) => {
  await stack.command(as, (stack.incidentChannel(number) ?? stack.channelNamed('general'))!.id, text)
  await stack.settled()
}
const declare = async (number: number) => {
  await stack.alertmanager({
    name: 'PoolExhausted',
    labels: { severity: 'error' },
    startsAt: new Date(Date.now() + number).toISOString(),
  })
  await until('the channel', () => stack.incidentChannel(number))
  await stack.settled()
}
const channelMessages = (number = 1) => stack.messages(stack.incidentChannel(number)!.id)
const questions = (number = 1) =>
  channelMessages(number).filter((one) => textOf(one).includes('How do we stop the harm'))
const lastReply = (as: string) => textOf(channelMessages().findLast(({ onlyFor }) => onlyFor === as))

test('the channel is asked once how to stop the harm, with what worked before, and not while snoozed', {
  timeout: 60_000,
}, async () => {
  await begin(0.0001)
  await declare(1)
  await say(robin, 'resolve killed the idle connections')
  await declare(2)
  await until('the past incident to be found', async () => (await stack.muster.store.read('INC-2'))?.similar?.length)
  for (let look = 0; look < 3; look++) await stack.muster.remind()
  await until('the question', () => questions(2).length > 0)
  expect(questions(2)).toHaveLength(1)
  const text = textOf(questions(2)[0])
  expect(text).toContain('The cause is unknown after')
  expect(text).toContain('*INC-1*')
  expect(text).toContain('killed the idle connections')
  expect(text).toContain('It is mitigated')

  await say(robin, 'mitigations snooze 10', 2)
  await stack.muster.remind()
  expect(questions(2)).toHaveLength(1)
  await say(robin, 'mitigations', 2)
  expect(textOf(channelMessages(2).findLast(({ onlyFor }) => onlyFor === robin))).toContain(
    'killed the idle connections',
  )
  await say(robin, 'mitigated', 2)
  await stack.muster.remind()
  await stack.settled()
  expect(questions(2)).toHaveLength(1)
})

test('a known cause has its own timer, on the summary and in the channel', async () => {
  await begin(0)
  await declare(1)
  await say(dana, 'status identified the connection pool is full')
  await stack.muster.remind()
  await stack.settled()
  expect(questions()).toEqual([])
  const all = channelMessages().map(textOf)
  expect(all.some((text) => /identified the cause.*, \d+ (s|min) after it was detected/.test(text))).toBe(true)
  expect(all.some((text) => text.includes('cause known since <!date'))).toBe(true)
  await say(dana, 'status investigating it was not the pool')
  const { pins } = stack.channels().find(({ id }) => id === stack.incidentChannel(1)!.id)!
  const summary = channelMessages().find(({ ts }) => pins.some((pin) => pin.ts === ts))
  expect(textOf(summary)).toContain('Investigating')
  expect(textOf(summary)).not.toContain('cause known since')
})

test('a command that needs a reason asks for it, in text and in the form, and loses no input', async () => {
  await begin(0)
  await declare(1)
  await say(dana, 'severity sev3')
  expect(lastReply(dana)).toContain('Say why it is less severe')
  expect((await stack.muster.store.read('INC-1'))!.severity).toBe('sev2')

  await stack.command(dana, stack.incidentChannel(1)!.id, 'severity')
  const modal = () => stack.sandbox.slack.dump().modals.find(({ user }) => user === dana)
  const form = await until('the form', modal)
  expect(JSON.stringify(form.definition)).toContain('SEV1: nobody can pay')
  const option = { value: 'sev3', text: { type: 'plain_text', text: 'SEV3' } }
  const state = (why: string) => ({
    severity: { value: { type: 'static_select', selected_option: option } },
    reason: { value: { type: 'plain_text_input', value: why } },
  })
  const submit = (why: string) => stack.act({ type: 'submit_modal', as: dana, modal: form.id, state: state(why) })
  await submit('')
  expect(modal()).toBeDefined()
  await submit('only reports are late')
  await stack.settled()
  expect((await stack.muster.store.read('INC-1'))!.severity).toBe('sev3')
  await say(dana, 'severity sev1')
  expect((await stack.muster.store.read('INC-1'))!.severity).toBe('sev1')

  await stack.command(dana, stack.incidentChannel(1)!.id, 'status')
  expect(JSON.stringify((await until('the form', modal)).definition)).toContain('Mitigated: five calm minutes')
})
