import { afterEach, describe, expect, test } from 'vitest'
import { DANA, type FullStack, OLENA, PRIYA, startFullStack, until } from './full-stack.ts'

const CHANNEL = 'inc-1-'
const SOON = 0.02
let stack: FullStack
afterEach(() => stack.stop())

const pages = () => stack.sandbox.pagerduty.state().incidents
const incident = async () => {
  const found = await stack.muster.store.read('INC-1')
  if (!found) throw new Error('There is no INC-1.')
  return found
}
const paging = async () => (await incident()).paging ?? []
const put = (id: string, change: object, from: string) =>
  fetch(`${stack.sandbox.pagerduty.url}/incidents/${id}`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json', authorization: 'Token token=sandbox-pagerduty-token', from },
    body: JSON.stringify({ incident: { type: 'incident_reference', ...change } }),
  })
/** Dana is called for Shipping when Olena does not answer. */
const secondLevel = () => {
  stack.sandbox.pagerduty.account.services.find(({ id }) => id === 'PSVCSHIP')?.onCall.push('dana')
}
/** PagerDuty's webhooks do not reach Muster. */
const withoutWebhooks = () => {
  for (const subscription of stack.sandbox.pagerduty.state().subscriptions) subscription.disabled = true
}
const declared = async (what = 'declare sev2 parcels are late', file: object = {}) => {
  stack = await startFullStack({ file })
  await stack.type(PRIYA, 'incidents', what)
  await until('the summary', async () => (await stack.muster.store.read('INC-1'))?.messages.summary)
}
const pinned = async () => {
  const { messages } = await incident()
  return JSON.stringify(stack.sandbox.slack.dump().messages.find(({ ts }) => ts === messages.summary?.ts)?.blocks)
}

describe('a page and its response', () => {
  test('are shown on the summary, live, when webhooks report the response', async () => {
    await declared()
    await stack.type(PRIYA, CHANNEL, 'page payment the database is full')
    await until('the page', () => pages()[0])
    await until('the line', async () => /paged .*no answer yet/.test(await pinned()))
    await put(pages()[0]?.id as string, { status: 'acknowledged' }, 'dana@shop.example')
    await until('the answer', async () => (await paging())[0]?.state === 'acknowledged')
    await until('the line', async () => /acknowledged .*by Dana Whitfield/.test(await pinned()))
    expect(stack.channelText(CHANNEL)).toContain('Dana Whitfield acknowledged the page')
    expect((await incident()).steps.page?.state).toBe('done')
  })

  test('are reported in the channel when the person declines', async () => {
    await declared()
    await stack.type(PRIYA, CHANNEL, 'page payment')
    await until('the page', () => pages()[0])
    await until('that it was sent', async () => (await paging())[0]?.sentAt)
    await stack.type(PRIYA, CHANNEL, `page <@${DANA}>`)
    await until('the request', () => pages()[0]?.responderRequests[0])
    await until('that it was sent', async () => (await paging())[1]?.sentAt)
    stack.sandbox.pagerduty.reply(pages()[0]?.id as string, 'dana', 'declined')
    await until('the answer', async () => (await paging())[1]?.state === 'declined')
    await until('the line', () => stack.channelText(CHANNEL).includes('Dana Whitfield declined the page'))
  })

  test('are sent once, however often the command is typed', async () => {
    await declared()
    await stack.type(PRIYA, CHANNEL, 'page payment')
    await until('the page', async () => (await paging())[0]?.sentAt)
    await stack.type(OLENA, CHANNEL, 'page payment come quickly')
    await until('the reply', () => stack.channelText(CHANNEL).includes('is being paged already'))
    await stack.settled()
    expect(pages()).toHaveLength(1)
  })

  test('a page for a service is acknowledged by taking command', async () => {
    await declared()
    await stack.type(PRIYA, CHANNEL, 'page payment')
    await until('the page', async () => (await paging())[0]?.sentAt)
    withoutWebhooks()
    await stack.type(PRIYA, CHANNEL, 'assign commander me')
    await until('the acknowledgement', () => pages()[0]?.status === 'acknowledged')
    expect((await paging())[0]?.state).toBe('acknowledged')
  })
})

describe('a page without a response', () => {
  const rules = { paging: { unansweredMinutes: SOON, noticeMinutes: SOON } }

  test('is reported and then escalated to the next level', async () => {
    await declared(undefined, rules)
    secondLevel()
    await stack.type(PRIYA, CHANNEL, 'page shipping')
    await until('the announcement', () => stack.channelText(CHANNEL).includes('Nobody has answered the page; at '))
    expect(stack.channelText(CHANNEL)).toContain('Do not escalate')
    await until('the next level', async () => (await paging())[0]?.level === 2)
    await until('the next person', () => pages()[0]?.assignees.some(({ handle }) => handle === 'dana'))
  })

  test('stays at its level when somebody stops the escalation', async () => {
    await declared(undefined, { paging: { unansweredMinutes: SOON, noticeMinutes: 60 } })
    secondLevel()
    await stack.type(PRIYA, CHANNEL, 'page shipping')
    const page = await until('the page', async () => (await paging())[0])
    await until('the announcement', async () => (await paging())[0]?.next)
    await stack.type(PRIYA, CHANNEL, `page stop ${page.id}`)
    await until('the stop', async () => (await paging())[0]?.stopped)
    await until('the line', async () => (await pinned()).includes('escalation stopped'))
    expect((await paging())[0]?.next).toBeUndefined()
  })

  test('escalates through the list, and at its end reports in #incidents that nobody is responding', async () => {
    await declared(undefined, { paging: { ...rules.paging, escalateTo: [DANA] } })
    withoutWebhooks()
    await stack.type(PRIYA, CHANNEL, 'page payment')
    await until('the next page', async () => (await paging()).find(({ responder }) => responder === DANA))
    await until('the warning', () => stack.channelText('incidents').includes('nobody has been reached'))
    expect((await paging()).map(({ responder }) => responder)).toEqual([undefined, DANA])
  })
})

describe('a page that is no longer needed', () => {
  test.each(['cancel a false alarm', 'resolve'])('is ended by %s, even without webhooks', async (what) => {
    await declared()
    withoutWebhooks()
    await stack.type(PRIYA, CHANNEL, 'page payment')
    await until('the page', async () => (await paging())[0]?.sentAt)
    await stack.type(PRIYA, CHANNEL, what === 'resolve' ? 'resolve the pool was enlarged' : what)
    await until('its end', () => pages()[0]?.status === 'resolved')
    expect((await paging())[0]?.state).toBe('ended')
    expect(await stack.muster.store.read('INC-2')).toBeUndefined()
  })

  test('a merge hands the page over to the other incident, which ends it', async () => {
    await declared()
    await stack.type(PRIYA, CHANNEL, 'page payment')
    await until('the page', async () => (await paging())[0]?.sentAt)
    await stack.type(PRIYA, 'incidents', 'declare sev2 payments fail')
    await until('the other', async () => (await stack.muster.store.read('INC-2'))?.messages.summary)
    await stack.type(OLENA, 'inc-2-', 'assign commander me')
    await stack.settled()
    await stack.type(PRIYA, CHANNEL, 'merge INC-1 INC-2')
    await until('the page there', async () => (await stack.muster.store.read('INC-2'))?.paging?.length)
    // Somebody is there already: it need not climb any further.
    await until('the acknowledgement', () => pages()[0]?.status === 'acknowledged')
    await stack.type(OLENA, 'inc-2-', 'resolve done')
    await until('its end', () => pages()[0]?.status === 'resolved')
  })
})

test('a page that cannot be sent is reported in the channel and in #incidents, and fails on the checklist', async () => {
  await declared()
  stack.sandbox.pagerduty.account.services.length = 0
  await stack.type(PRIYA, CHANNEL, 'page payment')
  await until('the line', () => stack.channelText(CHANNEL).includes('Muster could not page'))
  await until('the warning', () => stack.channelText('incidents').includes('nobody has been reached'))
  expect(stack.channelText(CHANNEL)).toContain('Call them by phone')
  expect((await incident()).steps.page?.state).toBe('failed')
})

test('a page that is held up is reported with the reason and a manual fallback', async () => {
  await declared()
  const effect = { type: 'page' } as const
  // What the outbox records after a minute without success.
  await stack.muster.store.write({
    to: 'INC-1',
    decide: () => [
      { type: 'effect_delayed', effect, reason: 'PagerDuty could not be reached', by: 'muster', at: Date.now() },
    ],
  })
  await until('the line', () =>
    /:rotating_light: Muster could not page .*PagerDuty could not be reached/.test(stack.channelText(CHANNEL)),
  )
  expect(stack.channelText(CHANNEL)).toContain('Call them by phone')
  await until('the summary', async () => /not sent yet.*PagerDuty could not be reached/.test(await pinned()))
})

test('with two PagerDuty alerts, a handover of command pages the new commander once', async () => {
  stack = await startFullStack()
  await stack.alarm('PSVCSHIP', 'Shipping is slow')
  await until('the summary', async () => (await stack.muster.store.read('INC-1'))?.messages.summary)
  await stack.alarm('PSVCSHIP', 'Shipping fails')
  await until('the second alert', async () => (await incident()).alerts.total === 2)
  await stack.settled()
  await stack.type(PRIYA, CHANNEL, `assign commander <@${DANA}>`)
  await until('the call', () => pages().some(({ responderRequests }) => responderRequests.length > 0))
  await stack.settled()
  expect(pages().flatMap(({ responderRequests }) => responderRequests)).toHaveLength(1)
})
