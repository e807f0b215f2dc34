import { afterAll, beforeAll, expect, test } from 'vitest'
import { people, type Stack, startStack, textOf } from './stack.ts'

let stack: Stack
const incident = () => stack.channels().find(({ name }) => name.startsWith('inc-'))
const type = async (channel: string | undefined, text: string) => {
  await stack.command(people.dana, channel ?? '', text)
  await stack.settled()
}

beforeAll(async () => {
  stack = await startStack()
  await type(stack.channelNamed('general')?.id, `declare sev2 <@${people.olena}|olena> & I cannot pay`)
})
afterAll(() => stack?.stop())

test('a person mentioned in a title is shown by name where mentions do not render', async () => {
  expect((await stack.muster.store.read('INC-1'))?.title).toBe('Олена Коваленко & I cannot pay')
  expect(incident()?.name).not.toMatch(/u0/)
  await type(incident()?.id, `title <@${people.olena}|olena> cannot pay`)
  const summary = stack.messages(incident()?.id).find(({ ts }) => incident()?.pins.some((pin) => pin.ts === ts))
  expect(textOf(summary)).toContain('Олена Коваленко cannot pay')
})

test('the topic is not set again when only the status changes', async () => {
  const lines = () => stack.messages(incident()?.id).filter(({ subtype }) => subtype === 'channel_topic').length
  const before = lines()
  await type(incident()?.id, 'status identified')
  await type(incident()?.id, 'status mitigated')
  expect(lines()).toBe(before)
  await type(incident()?.id, 'resolve it is over')
  expect(incident()?.topic.value).toContain('Resolved')
  expect(lines()).toBe(before + 1)
})

test('severities, roles and services are shown by name in the channel, the timeline and the draft', async () => {
  await type(stack.channelNamed('general')?.id, 'declare sev3 Cart is slow')
  const channel = stack.incidentChannel(2)?.id
  for (const text of ['severity sev1', 'assign scribe me', 'service cart', 'timeline']) await type(channel, text)
  const text = stack.messages(channel).map(textOf).join('\n')
  expect(text).toContain('set the severity to *SEV1*')
  expect(text).toContain('took the role *Scribe*')
  expect(text).not.toMatch(/to \*sev1\*|role \*scribe\*|\(sev3\)/)
  await type(channel, 'resolve it is over')
  const draft = await stack.muster.postmortems.markdown('INC-2')
  expect(draft).toContain('took the role **Scribe**')
  expect(draft).not.toMatch(/\*\*sev1\*\*|\(sev3\)/)
})
