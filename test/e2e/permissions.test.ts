import { expect, onTestFinished, test } from 'vitest'
import { type Person, staff } from '../../sandbox/slack/people.ts'
import { slackActs } from './slack-acts.ts'
import { people, type Stack, startStack, textOf, until } from './stack.ts'

const { dana, robin, mei } = people
const GUEST = 'U0GUEST001'
const PARTNER = 'U0PARTNER1'
const outsider = (id: string, more: Partial<Person>): Person => ({
  id,
  name: id.toLowerCase(),
  realName: id,
  title: '',
  email: '',
  timezone: 'UTC',
  ...more,
})
const everybody = [...staff, outsider(GUEST, { guest: true }), outsider(PARTNER, { team: 'T0PARTNER' })]

const start = async (permissions: object): Promise<Stack> => {
  const stack = await startStack({ slack: { people: everybody }, file: { permissions } })
  onTestFinished(() => stack.stop())
  return stack
}
/** Declares as Dana; returns the incident's channel with these people in it. */
const declared = async (stack: Stack, ...joining: string[]): Promise<string> => {
  await stack.command(dana, stack.channelNamed('general')!.id, 'declare sev2 Checkout is slow')
  const { id } = await until('the channel', () => stack.incidentChannel(1))
  for (const as of joining) await stack.act({ type: 'join', as, channel: id })
  await stack.settled()
  return id
}
const answersTo = (stack: Stack, person: string, channel: string): string =>
  stack
    .messages(channel)
    .filter(({ onlyFor }) => onlyFor === person)
    .map(textOf)
    .join('\n')
const incident = async (stack: Stack) => (await stack.muster.store.read('INC-1'))!

test('an action reserved for a user group is refused to others with the group to ask; members may do it', async () => {
  const stack = await start({ severity: ['S0PAYMENTS'], cancel: ['S0PAYMENTS'] })
  const channel = await declared(stack, mei, robin)
  await stack.command(mei, channel, 'severity sev1 everybody is hit')
  await stack.command(mei, channel, 'cancel')
  await stack.settled()
  expect(answersTo(stack, mei, channel)).toMatch(
    /Only some people may change the severity here\. Ask <@U0ROBIN001> or <@U0PRIYA001>/,
  )
  expect(stack.sandbox.slack.dump().modals).toEqual([])
  expect(await incident(stack)).toMatchObject({ severity: 'sev2', status: 'investigating' })
  // What nobody reserved stays open.
  await stack.command(mei, channel, 'note the pool is full')
  await stack.command(robin, channel, 'severity sev1 everybody is hit')
  await stack.settled()
  expect(answersTo(stack, mei, channel)).toContain('Noted.')
  expect((await incident(stack)).severity).toBe('sev1')
})

test('guests and people from other organisations have read-only access', async () => {
  const stack = await start({ cancel: ['S0PAYMENTS'] })
  const channel = await declared(stack, GUEST, PARTNER)
  const before = (await incident(stack)).version
  for (const as of [GUEST, PARTNER]) {
    await stack.command(as, channel, 'resolve it is fine')
    await stack.command(as, channel, 'assign commander me')
    await stack.command(as, channel, 'timeline')
    expect(answersTo(stack, as, channel), as).toContain('Guests and people of other organisations')
    expect(answersTo(stack, as, channel), as).toContain('declared the incident')
  }
  const { ts } = stack.messages(channel)[0]!
  await stack.act({ type: 'reaction', as: GUEST, channel, ts, name: 'pushpin' })
  await stack.settled()
  expect((await incident(stack)).version).toBe(before)
})

test('guests may act when the operator allows it', async () => {
  const stack = await start({ guests: 'act' })
  const channel = await declared(stack, GUEST)
  await stack.command(GUEST, channel, 'assign commander me')
  await stack.settled()
  expect((await incident(stack)).roles).toEqual({ commander: GUEST })
})

test('without rules no command waits for Slack; a guest is recognised from the second command on', async () => {
  const stack = await start({})
  const channel = await declared(stack)
  // Slack did not report that they joined, so nobody has looked them up.
  stack.sandbox.slack.workspace.channels.get(channel)!.members.push(GUEST)
  const calls = () => stack.sandbox.slack.requests.counts()
  stack.sandbox.slack.faults.add({ kind: 'latency', method: 'users.info', ms: 1_500 })
  await stack.command(GUEST, channel, 'note first words')
  expect(answersTo(stack, GUEST, channel)).toContain('Noted.')
  expect(calls()['usergroups.users.list']).toBeUndefined()
  await until('the look-up', async () => (await stack.muster.store.recall(`slack:person:${GUEST}`)) !== undefined)
  await stack.command(GUEST, channel, 'note second words')
  expect(answersTo(stack, GUEST, channel)).toContain('Guests and people of other organisations')
})

test('while Slack does not respond, reversible actions are allowed, and those that hide or disclose information are not', async () => {
  const stack = await start({ severity: ['S0PAYMENTS'], export: ['S0PAYMENTS'] })
  const channel = await declared(stack, mei)
  stack.sandbox.slack.faults.add({ kind: 'error', method: 'usergroups.users.list', error: 'internal_error', times: 20 })
  await stack.command(mei, channel, 'severity sev1')
  await stack.command(dana, channel, 'resolve')
  await stack.command(mei, channel, 'postmortem links')
  await stack.settled()
  expect((await incident(stack)).severity).toBe('sev1')
  expect(answersTo(stack, mei, channel)).toContain(
    'Slack does not say at the moment who may get the links to documents',
  )
  expect(answersTo(stack, mei, channel)).not.toContain('/incidents/INC-1/')
})

test('links to documents and editing the postmortem are reserved apart from each other', async () => {
  const stack = await start({ export: ['S0PAYMENTS'] })
  const slack = slackActs(stack)
  const channel = await declared(stack, mei, robin)
  await stack.command(dana, channel, 'resolve the pool is larger')
  await stack.settled()
  for (const text of ['links', 'INC-1 links', 'canvas', 'push']) await stack.command(mei, channel, `postmortem ${text}`)
  await stack.settled()
  const refusals = slack.whispered(channel, mei).filter((one) => textOf(one).includes('get the links to documents'))
  expect(refusals).toHaveLength(4)
  expect(textOf(refusals[0])).toContain('Ask <@U0ROBIN001> or <@U0PRIYA001>')
  // Its words are for everybody in the channel, by form.
  await slack.type(mei, channel, 'postmortem')
  await slack.submit(mei, { impact: 'One in six customers could not pay.' })
  const edited = (await stack.muster.store.events('INC-1')).filter(({ type }) => type === 'postmortem_edited')
  expect(edited).toMatchObject([{ by: mei }])
  await slack.type(robin, channel, 'postmortem links')
  expect(answersTo(stack, robin, channel)).toContain('/incidents/INC-1/')

  const other = await start({ edit: [robin] })
  const there = slackActs(other)
  const place = await declared(other, mei, robin)
  await there.type(dana, place, 'resolve the pool is larger')
  for (const text of ['', 'publish', 'review <@U0DANA0001>']) await there.type(mei, place, `postmortem ${text}`)
  expect(other.sandbox.slack.dump().modals).toEqual([])
  expect(answersTo(other, mei, place)).toContain('Only some people may edit postmortems here. Ask <@U0ROBIN001>.')
  await there.type(mei, place, 'postmortem links')
  expect(answersTo(other, mei, place)).toContain('/incidents/INC-1/')
})
