import { expect, onTestFinished, test } from 'vitest'
import { people, startStack, textOf, until } from './stack.ts'

/** Who is on call for it is paged by Muster itself. */
const TILL = { services: { till: { name: 'Till', pagerdutyService: 'PSVCPAY', pageOnDeclare: true } } }
const MINUTE_MS = 60_000

test('an admin is notified that pages wait for PagerDuty, and that they went out late', {
  timeout: 120_000,
}, async () => {
  const stack = await startStack({ file: { ...TILL, admins: ['robin@shop.example'] } })
  onTestFinished(() => stack.stop())
  const { pagerduty } = stack.sandbox
  const said = () => {
    const direct = stack.channels().find(({ kind, members }) => kind === 'dm' && members.includes(people.robin))
    return direct ? stack.messages(direct.id).map(textOf) : []
  }
  pagerduty.setFault({ kind: 'failing' })
  await stack.alertmanager({ name: 'Till is down', service: 'till' })
  await until('effects that wait', async () => (await stack.muster.store.outbox.waiting()).length > 0)
  // As if it had begun a while ago.
  const since = Date.now() - 6 * MINUTE_MS
  await stack.muster.store.remember('outage:PagerDuty', JSON.stringify({ since, seenAt: since, effects: {} }))
  await until('the notice', async () => {
    await stack.muster.remind()
    return said().length > 0
  })
  expect(said()).toEqual([
    expect.stringMatching(/\*PagerDuty\* has not worked for Muster for \d+ min: .*1 page .*wait/),
  ])

  pagerduty.setFault({ kind: 'none' })
  await until('the page', () => pagerduty.state().incidents.length === 1, 60_000)
  await stack.settled()
  await until('that it works again', async () => {
    await stack.muster.remind()
    return said().length > 1
  })
  expect(said()[1]).toMatch(/\*PagerDuty\* works again after \d+ min.*; 1 page( and .*)? went out late\./)
})
