import { afterEach, expect, test } from 'vitest'
import { DANA, type FullStack, OLENA, PRIYA, startFullStack, until } from './full-stack.ts'

const CHANNEL = 'inc-1-'
let stack: FullStack
afterEach(() => stack.stop())

const declared = async (file: object, what = 'declare sev2 parcels are late') => {
  stack = await startFullStack({ file })
  await stack.type(PRIYA, 'incidents', what)
  await until('the summary', async () => (await stack.muster.store.read('INC-1'))?.messages.summary)
}
const incident = async () => (await stack.muster.store.read('INC-1'))!
const SEVERITY = { id: 'sev2', name: 'SEV2' }

test('of two people who claim command at once one becomes commander, and the other is told who it is', async () => {
  await declared({})
  await Promise.all([stack.type(DANA, CHANNEL, 'claim'), stack.type(OLENA, CHANNEL, 'claim commander')])
  await stack.settled()
  const taken = (await stack.events()).filter(({ type }) => type === 'role_assigned')
  expect(taken).toHaveLength(1)
  const { commander } = (await incident()).roles
  expect(stack.channelText(CHANNEL)).toContain(`<@${commander}> is *Commander* already`)
})

test('while nobody takes command, reminds the channel, then pages people until somebody does', async () => {
  await declared({
    reminders: { noCommanderMinutes: 0.02 },
    paging: { unansweredMinutes: 60, escalateTo: ['payment'] },
  })
  await until('the question', async () => {
    await stack.muster.remind()
    return stack.channelText(CHANNEL).includes('This incident has no commander')
  })
  const page = await until('the page', () => stack.sandbox.pagerduty.state().incidents[0])
  await until('the line', () => stack.channelText(CHANNEL).includes('Nobody is in command of INC-1.'))
  await stack.type(OLENA, CHANNEL, 'claim')
  await until('the acknowledgement', () => page.status === 'acknowledged')
  expect((await incident()).paging).toHaveLength(1)
})

test('posts in #incidents that nobody is in command when there is nobody to page', async () => {
  await declared({ reminders: { noCommanderMinutes: 0.02 } })
  await until('the warning', () => stack.channelText('incidents').includes('Nobody has taken command for'))
  expect(stack.channelText(CHANNEL)).toContain('"claim commander"')
})

test('makes whoever declared the incident commander by severity, briefs them, and lets them give it up', async () => {
  await declared({ severities: [{ ...SEVERITY, commander: 'declarer' }] })
  await until('the commander', async () => (await incident()).roles.commander === PRIYA)
  await stack.settled()
  expect(stack.channelText(`dm-${PRIYA}`)).toContain('You are *Commander* of *INC-1*')
  await stack.type(PRIYA, CHANNEL, 'release')
  await stack.settled()
  expect((await incident()).roles).toEqual({})
})
