import { expect, test } from 'vitest'
import { clientOf, refusal, startSlack } from './start.ts'

test('a rate limit has Retry-After and ends after the given number of calls', async () => {
  const { client, slack } = await startSlack()
  slack.faults.add({ kind: 'rate_limit', method: 'auth.test', times: 1, retryAfterS: 30 })
  await expect(client.auth.test()).rejects.toMatchObject({ retryAfter: 30 })
  expect(await client.auth.test()).toMatchObject({ ok: true })
})

test('injects an HTTP status or a Slack error', async () => {
  const { client, slack } = await startSlack()
  slack.faults.add({ kind: 'status', method: '*', status: 503 })
  slack.faults.add({ kind: 'error', method: 'auth.test', error: 'fatal_error' })
  await expect(client.auth.test()).rejects.toMatchObject({ statusCode: 503 })
  expect(await refusal(client.auth.test())).toMatchObject({ error: 'fatal_error' })
})

test.each([
  ['before', 0],
  ['after', 1],
] as const)('a connection cut %s the work leaves %i messages', async (when, count) => {
  const { client, slack } = await startSlack()
  const { channel } = await client.conversations.create({ name: 'inc-1' })
  slack.faults.add({ kind: 'cut', method: 'chat.postMessage', when })
  await expect(client.chat.postMessage({ channel: channel!.id!, text: 'once' })).rejects.toThrow()
  expect(slack.dump().messages.filter(({ text }) => text === 'once')).toHaveLength(count)
  expect(slack.requests.latest('chat.postMessage')).toMatchObject([{ status: 0, outcome: `cut_${when}` }])
})

test('latency applies only to its method', async () => {
  const { client, slack } = await startSlack()
  slack.faults.add({ kind: 'latency', method: 'users.list', ms: 150 })
  const order: string[] = []
  await Promise.all([
    client.users.list({}).then(() => order.push('users.list')),
    client.auth.test().then(() => order.push('auth.test')),
  ])
  expect(order).toEqual(['auth.test', 'users.list'])
})

test('with tiers, the 21st call of a tier 2 method within a minute is rate limited', async () => {
  let now = 1_763_700_000_000
  const { client, slack } = await startSlack({ scheduleNow: () => now })
  slack.faults.add({ kind: 'tiers' })
  for (let count = 0; count < 20; count += 1) await client.conversations.create({ name: `inc-${count}` })
  now += 20_000
  await expect(client.conversations.create({ name: 'inc-20' })).rejects.toMatchObject({ retryAfter: 40 })
  now += 40_001
  expect(await client.conversations.create({ name: 'inc-20' })).toMatchObject({ ok: true })
})

test('other processes inject faults and count calls over HTTP', async () => {
  const { client, slack } = await startSlack()
  const address = `${slack.url}/sandbox/faults`
  const ask = (body: unknown) => fetch(address, { method: 'POST', body: JSON.stringify(body) })
  expect((await ask({ kind: 'rain' })).status).toBe(400)
  expect((await ask([{ kind: 'error', method: 'auth.test', error: 'fatal_error', times: 5 }])).status).toBe(200)
  expect(await refusal(client.auth.test())).toMatchObject({ error: 'fatal_error' })
  await fetch(address, { method: 'DELETE' })
  await clientOf(slack.apiUrl).auth.test()
  const { counts, requests } = (await (await fetch(`${slack.url}/sandbox/requests`)).json()) as {
    counts: object
    requests: object[]
  }
  expect(counts).toEqual({ 'auth.test': 2 })
  expect(requests).toMatchObject([
    { number: 2, method: 'auth.test', status: 200, outcome: 'ok' },
    { number: 1, method: 'auth.test', status: 200, outcome: 'fatal_error' },
  ])
})
