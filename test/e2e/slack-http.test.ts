import { expect, onTestFinished, test } from 'vitest'
import { SANDBOX_SECRETS } from '../../sandbox/sandbox.ts'
import { signature } from '../../sandbox/slack/http-delivery.ts'
import { startStack } from './stack.ts'

test('a signed payload that cannot be parsed is answered 400, and the next one is handled', {
  timeout: 60_000,
}, async () => {
  const stack = await startStack({ http: true })
  onTestFinished(() => stack.stop())
  const send = async (payload: unknown) => {
    const body = new URLSearchParams({ payload: JSON.stringify(payload) }).toString()
    const timestamp = String(Math.floor(Date.now() / 1000))
    const response = await fetch(`${stack.musterUrl}/slack/events`, {
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
  await stack.command('U0DANA0001', stack.channelNamed('general')?.id ?? '', 'declare sev2 It still works')
  expect((await stack.muster.store.list()).map(({ title }) => title)).toEqual(['It still works'])
})
