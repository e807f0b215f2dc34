import { afterEach, expect, test } from 'vitest'
import { SANDBOX_SECRETS } from '../../sandbox/sandbox.ts'
import { alertmanagerBody, people, type Road, startRoad, textOf, until } from './muster.ts'

const { dana, robin, sam } = people
let road: Road
afterEach(() => road.stop())

const say = async (as: string, text: string) => {
  await road.command(as, road.incidentChannel(1)!.id, text)
  await road.settled()
}
const alert = (status: 'firing' | 'resolved') => {
  const body = alertmanagerBody({ name: 'PoolExhausted', startsAt: '2026-11-21T03:00:00.000Z' })
  const [one] = body.alerts
  const endsAt = status === 'resolved' ? new Date().toISOString() : one!.endsAt
  return fetch(`${road.musterUrl}/webhooks/alertmanager`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${SANDBOX_SECRETS.alertmanager}` },
    body: JSON.stringify({ ...body, status, alerts: [{ ...one, status, endsAt }] }),
  })
}

test('buttons that no longer work are removed when the incident ends', async () => {
  road = await startRoad()
  await alert('firing')
  await until('the channel', () => road.incidentChannel(1))
  await road.settled()
  await alert('resolved')
  const quiet = () =>
    road.messages(road.incidentChannel(1)!.id).find((one) => textOf(one).includes('Every alert is quiet'))
  const offered = () => JSON.stringify(quiet()?.blocks ?? []).includes('run:resolve')
  await until('the button', offered)
  // By command, not by the button.
  await say(dana, 'resolve the pool is enlarged')
  await until('the button to go', () => quiet() && !offered())
  expect(textOf(quiet())).toContain('Every alert is quiet')
})

test('an incident made private is removed from stakeholder channels and from messages to outside subscribers', async () => {
  road = await startRoad({ file: { slack: { stakeholders: ['#engineering'], triage: '' } } })
  const general = road.channelNamed('general')!.id
  await road.command(dana, general, 'declare sev2 odd log-ins')
  await road.settled()
  for (const as of [sam, dana]) await road.command(as, general, 'subscribe INC-1')
  await say(robin, 'update forged invoices were sent')
  const seenBy = (as: string) =>
    road
      .channels()
      .flatMap(({ id, kind, members }) => (kind === 'dm' && members.includes(as) ? road.messages(id) : []))
      .map(textOf)
      .join('\n')
  const inEngineering = () => road.messages(road.channelNamed('engineering')!.id).map(textOf).join('\n')
  for (const seen of [inEngineering(), seenBy(sam), seenBy(dana)]) expect(seen).toContain('forged invoices')
  await say(dana, 'private customer data is involved')
  await until('the copies to disappear', () => !inEngineering().includes('forged') && !seenBy(sam).includes('forged'))
  expect(inEngineering()).not.toContain('odd log-ins')
  expect(seenBy(sam)).not.toContain('odd log-ins')
  expect(seenBy(dana)).toContain('forged invoices')
})
