import { expect, onTestFinished, test } from 'vitest'
import { SANDBOX_SECRETS } from '../../sandbox/sandbox.ts'
import { signature } from '../../sandbox/slack/http-delivery.ts'
import { startRoad } from './muster.ts'

test('a signed payload that cannot be parsed is answered 400, and the next one is handled', {
  timeout: 60_000,
}, async () => {
  const road = await startRoad({ http: true })
  onTestFinished(() => road.stop())
  const send = async (payload: unknown) => {
    const body = new URLSearchParams({ payload: JSON.stringify(payload) }).toString()
    const timestamp = String(Math.floor(Date.now() / 1000))
    const response = await fetch(`${road.musterUrl}/slack/events`, {
      method: 'POST',
      headers: {
        'content-type': 'application/x-www-form-urlencoded',
        'x-slack-request-timestamp': timestamp,
        'x-slack-signature': signature(SANDBOX_SECRETS.signingSecret, timestamp, body),
      },
      body,
    })
    return response.status
  }
  expect(await send({ type: 'block_actions', user: null })).toBe(400)
  expect(await send({ type: 'block_actions', user: null, actions: [{}], team: 7 })).toBe(400)
  await road.command('U0DANA0001', road.channelNamed('general')?.id ?? '', 'declare sev2 It still works')
  expect((await road.muster.store.list()).map(({ title }) => title)).toEqual(['It still works'])
})
