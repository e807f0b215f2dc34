import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { DANA, type FullStack, OLENA, PRIYA, startFullStack, until } from './full-stack.ts'

const CHANNEL = 'inc-1-'
let stack: FullStack
/** The first incident at PagerDuty. */
const page = () => {
  const [first] = stack.sandbox.pagerduty.state().incidents
  if (!first) throw new Error('PagerDuty has no incident.')
  return first
}
const put = (path: string, body: object, from = 'priya@shop.example') =>
  fetch(stack.sandbox.pagerduty.url + path, {
    method: 'PUT',
    headers: {
      'content-type': 'application/json',
      authorization: 'Token token=sandbox-pagerduty-token',
      from,
    },
    body: JSON.stringify(body),
  })
const activities = async () =>
  (await stack.events()).flatMap((event) => (event.type === 'alert_activity' ? event.activity : []))

beforeEach(async () => {
  stack = await startFullStack()
  await stack.alarm('PSVCSHIP', 'Shipping is slow')
  await until('the channel', async () => (await stack.muster.store.read('INC-1'))?.messages.summary)
  await stack.settled()
})
afterEach(() => stack.stop())

describe('an action in Slack is mirrored to PagerDuty', () => {
  test('a note once, with its author and with mentions as names', async () => {
    await stack.type(PRIYA, CHANNEL, `note 99 of 100 connections are taken, ask <@${DANA}>`)
    await until('the note', () => page().notes.length)
    await stack.settled()
    expect(page().notes.map(({ content }) => content)).toEqual([
      expect.stringContaining('Priya Raghunathan: 99 of 100 connections are taken, ask Dana Whitfield'),
    ])
  })

  test('an update as a status update', async () => {
    await stack.type(PRIYA, CHANNEL, 'update We enlarge the pool now.')
    await until('the update', () => page().statusUpdates.length)
    expect(page().statusUpdates[0]?.message).toBe('Priya Raghunathan: We enlarge the pool now.')
  })

  test('the severity as the priority in the same place', async () => {
    await stack.type(PRIYA, CHANNEL, 'severity sev3 only reports are late')
    await until('the priority', () => page().priority)
    expect(page().priority?.name).toBe('P3')
  })

  test('an appointed commander as a responder request, unlike one who took command', async () => {
    await stack.type(PRIYA, CHANNEL, `assign commander <@${DANA}>`)
    await until('the request', () => page().responderRequests.length)
    await stack.type(PRIYA, CHANNEL, 'assign commander me')
    await stack.settled()
    expect(page().responderRequests.map(({ users }) => users.map(({ handle }) => handle))).toEqual([['dana']])
    expect(page().assignees.map(({ handle }) => handle)).toEqual(['olena'])
    expect(page().status).toBe('acknowledged')
  })

  test('without coming back to Slack as news', async () => {
    await stack.type(OLENA, CHANNEL, 'assign commander me')
    await stack.type(OLENA, CHANNEL, 'update On it.')
    await stack.type(OLENA, CHANNEL, 'severity sev1')
    await until('all of it', () => page().priority && page().statusUpdates[0] && page().status === 'acknowledged')
    await stack.settled()
    expect(await activities()).toEqual([])
  })

  test('nothing more once the incident is cancelled', async () => {
    await stack.type(PRIYA, CHANNEL, 'cancel a false alarm')
    await stack.type(PRIYA, CHANNEL, 'note written afterwards')
    await until('the note', async () => (await stack.events()).some(({ type }) => type === 'noted'))
    await stack.settled()
    expect(page().notes).toEqual([])
  })
})

describe('an action at PagerDuty is mirrored to Slack', () => {
  test('when a person does it, even the user that Muster acts as', async () => {
    await put(
      `/incidents/${page().id}`,
      { incident: { type: 'incident_reference', status: 'acknowledged' } },
      'olena@shop.example',
    )
    await until('the activity', async () => (await activities()).length)
    expect(await activities()).toEqual(['acknowledged'])
  })

  test('a priority set by a person as the matching severity', async () => {
    const priority = { id: 'PPRIO01', type: 'priority_reference' }
    await put(`/incidents/${page().id}`, { incident: { type: 'incident_reference', priority } })
    await until('the severity', async () => (await stack.muster.store.read('INC-1'))?.severity === 'sev1')
    await stack.settled()
    // It came from there and does not go back.
    expect(await activities()).toEqual(['priority_changed'])
    expect(page().priority?.name).toBe('P1')
  })

  test('a reassignment as an invitation of the new assignee', async () => {
    const dana = stack.sandbox.pagerduty.account.users.find(({ handle }) => handle === 'dana')
    const assignments = [{ assignee: { id: dana?.id, type: 'user_reference' } }]
    await put(`/incidents/${page().id}`, { incident: { type: 'incident_reference', assignments } })
    await until('the invitation', async () => (await stack.muster.store.read('INC-1'))?.people.includes(DANA))
  })
})

describe('/incident page', () => {
  test('adds a person to the existing PagerDuty incident, and says so in the channel', async () => {
    await stack.type(PRIYA, CHANNEL, `page <@${DANA}> the database is full`)
    await until('the request', () => page().responderRequests.length)
    expect(page().responderRequests[0]?.message).toContain('Shipping is slow: the database is full')
    await until('the line', () => stack.channelText(CHANNEL).includes('Paged Dana Whitfield'))
  })

  test('pages the on-call of another service; that page is followed here but does not count as an alert', async () => {
    await stack.type(PRIYA, CHANNEL, 'page payment')
    await until('the page', () => stack.sandbox.pagerduty.state().incidents[1])
    expect(stack.sandbox.pagerduty.state().incidents[1]).toMatchObject({ service: { id: 'PSVCPAY' } })
    const id = stack.sandbox.pagerduty.state().incidents[1]?.id
    await until('it', async () => (await stack.muster.store.read('INC-1'))?.pages?.includes(`pagerduty:${id}`))
    await stack.settled()
    expect(await stack.muster.store.read('INC-1')).toMatchObject({ alerts: { total: 1, firing: 1 } })
    expect(stack.channelText(CHANNEL)).not.toContain(`split pagerduty:${id}`)
    expect(stack.channelText(CHANNEL)).not.toMatch(/2 alerts|of 2/)
    expect(await stack.muster.store.read('INC-2')).toBeUndefined()
  })

  test('reports in the channel who cannot be paged, and why', async () => {
    stack.sandbox.pagerduty.account.users = []
    await stack.type(PRIYA, CHANNEL, `page <@${DANA}>`)
    await until('the line', () => /Muster could not page: .* has no PagerDuty user/.test(stack.channelText(CHANNEL)))
  })
})

test('says at once that nobody can be paged without PagerDuty', async () => {
  const lonely = await startFullStack({ env: { PAGERDUTY_API_TOKEN: '' } })
  try {
    await lonely.type(PRIYA, 'incidents', 'declare sev2 checkout fails')
    await until('the channel', async () => (await lonely.muster.store.read('INC-1'))?.messages.summary)
    await lonely.type(PRIYA, CHANNEL, `page <@${DANA}>`)
    await until('the refusal', () => lonely.channelText(CHANNEL).includes('PagerDuty is not configured'))
    expect((await lonely.events()).some(({ type }) => type === 'page_requested')).toBe(false)
  } finally {
    await lonely.stop()
  }
})
