import { afterEach, expect, test } from 'vitest'
import { DANA, OLENA, PRIYA, startTown, type Town, until } from './town.ts'

const CHANNEL = 'inc-1-'
let town: Town
afterEach(() => town.stop())

const declared = async (file: object, what = 'declare sev2 parcels are late') => {
  town = await startTown({ file })
  await town.type(PRIYA, 'incidents', what)
  await until('the summary', async () => (await town.muster.store.read('INC-1'))?.messages.summary)
}
const incident = async () => (await town.muster.store.read('INC-1'))!
const SEVERITY = { id: 'sev2', name: 'SEV2' }

test('of two people who claim command at once one becomes commander, and the other is told who it is', async () => {
  await declared({})
  await Promise.all([town.type(DANA, CHANNEL, 'claim'), town.type(OLENA, CHANNEL, 'claim commander')])
  await town.settled()
  const taken = (await town.events()).filter(({ type }) => type === 'role_assigned')
  expect(taken).toHaveLength(1)
  const { commander } = (await incident()).roles
  expect(town.said(CHANNEL)).toContain(`<@${commander}> is *Commander* already`)
})

test('while nobody takes command, reminds the channel, then pages people until somebody does', async () => {
  await declared({
    reminders: { noCommanderMinutes: 0.02 },
    paging: { unansweredMinutes: 60, escalateTo: ['payment'] },
  })
  await until('the question', async () => {
    await town.muster.remind()
    return town.said(CHANNEL).includes('This incident has no commander')
  })
  const page = await until('the page', () => town.sandbox.pagerduty.state().incidents[0])
  await until('the line', () => town.said(CHANNEL).includes('Nobody is in command of INC-1.'))
  await town.type(OLENA, CHANNEL, 'claim')
  await until('the acknowledgement', () => page.status === 'acknowledged')
  expect((await incident()).paging).toHaveLength(1)
})

test('posts in #incidents that nobody is in command when there is nobody to page', async () => {
  await declared({ reminders: { noCommanderMinutes: 0.02 } })
  await until('the warning', () => town.said('incidents').includes('Nobody has taken command for'))
  expect(town.said(CHANNEL)).toContain('"claim commander"')
})

test('makes whoever declared the incident commander by severity, briefs them, and lets them give it up', async () => {
  await declared({ severities: [{ ...SEVERITY, commander: 'declarer' }] })
  await until('the commander', async () => (await incident()).roles.commander === PRIYA)
  await town.settled()
  expect(town.said(`dm-${PRIYA}`)).toContain('You are *Commander* of *INC-1*')
  await town.type(PRIYA, CHANNEL, 'release')
  await town.settled()
  expect((await incident()).roles).toEqual({})
})
