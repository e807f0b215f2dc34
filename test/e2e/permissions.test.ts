import { expect, onTestFinished, test } from 'vitest'
import { type Person, staff } from '../../sandbox/slack/people.ts'
import { people, type Road, startRoad, textOf, until } from './muster.ts'

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

const start = async (permissions: object): Promise<Road> => {
  const road = await startRoad({ slack: { people: everybody }, file: { permissions } })
  onTestFinished(() => road.stop())
  return road
}
/** Declares as Dana; returns the incident's channel with these people in it. */
const declared = async (road: Road, ...joining: string[]): Promise<string> => {
  await road.command(dana, road.channelNamed('general')!.id, 'declare sev2 Checkout is slow')
  const { id } = await until('the channel', () => road.incidentChannel(1))
  for (const as of joining) await road.act({ type: 'join', as, channel: id })
  await road.settled()
  return id
}
const answersTo = (road: Road, person: string, channel: string): string =>
  road
    .messages(channel)
    .filter(({ onlyFor }) => onlyFor === person)
    .map(textOf)
    .join('\n')
const incident = async (road: Road) => (await road.muster.store.read('INC-1'))!

test('an action reserved for a user group is refused to others with the group to ask; members may do it', async () => {
  const road = await start({ severity: ['S0PAYMENTS'], cancel: ['S0PAYMENTS'] })
  const channel = await declared(road, mei, robin)
  await road.command(mei, channel, 'severity sev1 everybody is hit')
  await road.command(mei, channel, 'cancel')
  await road.settled()
  expect(answersTo(road, mei, channel)).toMatch(
    /Only some people may change the severity here\. Ask <@U0ROBIN001> or <@U0PRIYA001>/,
  )
  expect(road.sandbox.slack.dump().modals).toEqual([])
  expect(await incident(road)).toMatchObject({ severity: 'sev2', status: 'investigating' })
  // What nobody reserved stays open.
  await road.command(mei, channel, 'note the pool is full')
  await road.command(robin, channel, 'severity sev1 everybody is hit')
  await road.settled()
  expect(answersTo(road, mei, channel)).toContain('Noted.')
  expect((await incident(road)).severity).toBe('sev1')
})

test('guests and people from other organisations have read-only access', async () => {
  const road = await start({ cancel: ['S0PAYMENTS'] })
  const channel = await declared(road, GUEST, PARTNER)
  const before = (await incident(road)).version
  for (const as of [GUEST, PARTNER]) {
    await road.command(as, channel, 'resolve it is fine')
    await road.command(as, channel, 'assign commander me')
    await road.command(as, channel, 'timeline')
    expect(answersTo(road, as, channel), as).toContain('Guests and people of other organisations')
    expect(answersTo(road, as, channel), as).toContain('declared the incident')
  }
  const { ts } = road.messages(channel)[0]!
  await road.act({ type: 'reaction', as: GUEST, channel, ts, name: 'pushpin' })
  await road.settled()
  expect((await incident(road)).version).toBe(before)
})

test('guests may act when the operator allows it', async () => {
  const road = await start({ guests: 'act' })
  const channel = await declared(road, GUEST)
  await road.command(GUEST, channel, 'assign commander me')
  await road.settled()
  expect((await incident(road)).roles).toEqual({ commander: GUEST })
})

test('without rules no command waits for Slack; a guest is recognised from the second command on', async () => {
  const road = await start({})
  const channel = await declared(road)
  // Slack did not report that they joined, so nobody has looked them up.
  road.sandbox.slack.workspace.channels.get(channel)!.members.push(GUEST)
  const calls = () => road.sandbox.slack.requests.counts()
  road.sandbox.slack.faults.add({ kind: 'latency', method: 'users.info', ms: 1_500 })
  await road.command(GUEST, channel, 'note first words')
  expect(answersTo(road, GUEST, channel)).toContain('Noted.')
  expect(calls()['usergroups.users.list']).toBeUndefined()
  await until('the look-up', async () => (await road.muster.store.recall(`slack:person:${GUEST}`)) !== undefined)
  await road.command(GUEST, channel, 'note second words')
  expect(answersTo(road, GUEST, channel)).toContain('Guests and people of other organisations')
})

test('while Slack does not respond, reversible actions are allowed, and those that hide or disclose information are not', async () => {
  const road = await start({ severity: ['S0PAYMENTS'], export: ['S0PAYMENTS'] })
  const channel = await declared(road, mei)
  road.sandbox.slack.faults.add({ kind: 'error', method: 'usergroups.users.list', error: 'internal_error', times: 20 })
  await road.command(mei, channel, 'severity sev1')
  await road.command(dana, channel, 'resolve')
  await road.command(mei, channel, 'postmortem links')
  await road.settled()
  expect((await incident(road)).severity).toBe('sev1')
  expect(answersTo(road, mei, channel)).toContain('Slack does not say at the moment who may get the links to documents')
  expect(answersTo(road, mei, channel)).not.toContain('/incidents/INC-1/')
})
