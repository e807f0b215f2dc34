import { afterEach, expect, test } from 'vitest'
import { SANDBOX_SECRETS } from '../../sandbox/sandbox.ts'
import { alertmanagerBody, people, type Stack, startStack, textOf, until } from './stack.ts'

const { dana, robin, sam } = people
let stack: Stack
afterEach(() => stack.stop())

const say = async (as: string, text: string) => {
  await stack.command(as, stack.incidentChannel(1)!.id, text)
  await stack.settled()
}
const alert = (status: 'firing' | 'resolved') => {
  const body = alertmanagerBody({ name: 'PoolExhausted', startsAt: '2026-11-21T03:00:00.000Z' })
  const [one] = body.alerts
  const endsAt = status === 'resolved' ? new Date().toISOString() : one!.endsAt
  return fetch(`${stack.musterUrl}/webhooks/alertmanager`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${SANDBOX_SECRETS.alertmanager}` },
    body: JSON.stringify({ ...body, status, alerts: [{ ...one, status, endsAt }] }),
  })
}

test('buttons that no longer work are removed when the incident ends', async () => {
  stack = await startStack()
  await alert('firing')
  await until('the channel', () => stack.incidentChannel(1))
  await stack.settled()
  await alert('resolved')
  const quiet = () =>
    stack.messages(stack.incidentChannel(1)!.id).find((one) => textOf(one).includes('Every alert is quiet'))
  const offered = () => JSON.stringify(quiet()?.blocks ?? []).includes('run:resolve')
  await until('the button', offered)
  // By command, not by the button.
  await say(dana, 'resolve the pool is enlarged')
  await until('the button to go', () => quiet() && !offered())
  expect(textOf(quiet())).toContain('Every alert is quiet')
})

test('buttons of an incident that was merged disappear as well', async () => {
  stack = await startStack()
  await alert('firing')
  await until('the channel', () => stack.incidentChannel(1))
  await stack.settled()
  await alert('resolved')
  const offered = () => JSON.stringify(stack.messages(stack.incidentChannel(1)!.id)).includes('run:resolve')
  await until('the button', offered)
  await stack.command(dana, stack.channelNamed('general')!.id, 'declare sev2 payments fail')
  await stack.settled()
  await say(dana, 'merge INC-2')
  expect((await stack.muster.store.read('INC-1'))?.status).toBe('merged')
  await until('the buttons to go', () => !offered())
})

test('an incident made private is removed from stakeholder channels and from messages to outside subscribers', async () => {
  stack = await startStack({ file: { slack: { stakeholders: ['#engineering'], triage: '' } } })
  const general = stack.channelNamed('general')!.id
  await stack.command(dana, general, 'declare sev2 odd log-ins')
  await stack.settled()
  for (const as of [sam, dana]) await stack.command(as, general, 'subscribe INC-1')
  await say(robin, 'update forged invoices were sent')
  const seenBy = (as: string) =>
    stack
      .channels()
      .flatMap(({ id, kind, members }) => (kind === 'dm' && members.includes(as) ? stack.messages(id) : []))
      .map(textOf)
      .join('\n')
  const inEngineering = () => stack.messages(stack.channelNamed('engineering')!.id).map(textOf).join('\n')
  for (const seen of [inEngineering(), seenBy(sam), seenBy(dana)]) expect(seen).toContain('forged invoices')
  await say(dana, 'private customer data is involved')
  await until('the copies to disappear', () => !inEngineering().includes('forged') && !seenBy(sam).includes('forged'))
  expect(inEngineering()).not.toContain('odd log-ins')
  expect(seenBy(sam)).not.toContain('odd log-ins')
  expect(seenBy(dana)).toContain('forged invoices')
})
