import { expect, test } from 'vitest'
import { messageOf, Permanent, TryLater, Unavailable } from '../../../src/incident/errors.ts'
import type { Answer } from '../server.ts'
import { failure, json, pagerduty, refused } from './start.ts'

test('an exhausted rate limit names the retry time, and nothing is requested before it', async () => {
  let now = 1_000_000
  let busy = true
  await using server = await pagerduty(
    {
      'GET /users/PX': () =>
        busy
          ? { status: 429, headers: { 'ratelimit-reset': '20' }, body: json('http_429').body }
          : { body: { user: { id: 'PX', name: 'Alice' } } },
    },
    { now: () => now },
  )
  const error = await failure(server.client.user('PX'))
  expect(error).toBeInstanceOf(TryLater)
  expect((error as TryLater).afterMs).toBe(20_000)

  const sent = server.requests.length
  now += 15_000
  expect(((await failure(server.client.user('PX'))) as TryLater).afterMs).toBe(5_000)
  expect(server.requests.length).toBe(sent)

  now += 5_000
  busy = false
  expect(await server.client.user('PX')).toMatchObject({ name: 'Alice' })
})

test('a 429 without headers or body still yields a retry time', async () => {
  await using server = await pagerduty({ 'GET /users/PX': { status: 429 } })
  expect(((await failure(server.client.user('PX'))) as TryLater).afterMs).toBe(30_000)
})

test.each([
  [402, 2014, /plan does not include/],
  [403, 2010, /full access/],
  [404, 2100, /refused GET \/users\/PX \(404\)/],
  [400, 1008, /PAGERDUTY_FROM_EMAIL/],
])('a %i is permanent and says what to do', async (status, code, message) => {
  await using server = await pagerduty({ 'GET /users/PX': refused(status, code) })
  const error = await failure(server.client.user('PX'))
  expect(error).toBeInstanceOf(Permanent)
  expect(error.message).toMatch(message)
  expect(error.message).not.toContain('secret')
})

test('a 401 rejects the token, not the call: it waits and says what to do', async () => {
  await using server = await pagerduty({ 'GET /users/PX': refused(401, 2006) })
  const error = await failure(server.client.user('PX'))
  expect(error).toBeInstanceOf(Unavailable)
  expect(error.message).toMatch(/Check PAGERDUTY_API_TOKEN/)
  expect(error.message).not.toContain('secret')
})

test.each<[string, Answer]>([
  ['a server error', { status: 500, body: {} }],
  ["a proxy's page", { status: 502, text: '<html>Bad gateway</html>' }],
  ['an answer of another shape', { body: { user: 'gone' }, status: 500 }],
])('%s is retried', async (_, answer) => {
  await using server = await pagerduty({ 'GET /users/PX': answer })
  const error = await failure(server.client.user('PX'))
  expect(error).toBeInstanceOf(Unavailable)
  expect(error).toMatchObject({ system: 'PagerDuty' })
  expect(error.message).toMatch(/PagerDuty .*GET \/users\/PX/)
})

test('does not follow a redirect, which would send the token elsewhere', async () => {
  await using server = await pagerduty({
    'GET /users/PX': { status: 302, headers: { location: '/elsewhere' } },
    'GET /elsewhere': { body: { user: { id: 'PX', name: 'Alice' } } },
  })
  await failure(server.client.user('PX'))
  expect(server.requests).toHaveLength(1)
})

test('a hanging PagerDuty fails after the timeout, an unreachable one at once', async () => {
  const server = await pagerduty({ 'GET /users/PX': 'hang' }, { timeoutMs: 50 })
  expect((await failure(server.client.user('PX'))).message).toBe('PagerDuty did not answer GET /users/PX within 50 ms')
  await server[Symbol.asyncDispose]()
  expect((await failure(server.client.user('PX'))).message).toBe('PagerDuty could not be reached for GET /users/PX')
})

test("the caller's abort signal ends a call, too", async () => {
  await using server = await pagerduty({ 'GET /users/PX': 'hang' })
  const reason = new Error('stopping')
  const stop = new AbortController()
  const call = failure(server.client.user('PX', stop.signal))
  stop.abort(reason)
  expect(await call).toBe(reason)
})

test('a response of unknown shape is reported in one line', async () => {
  await using server = await pagerduty({ 'GET /incidents/Q1': { body: { incident: 'gone' } } })
  expect(messageOf(await failure(server.client.incident('Q1')))).toMatch(/^PagerDuty sent incident Q1 in an unknown/)
})

test('requests have no content type without a body, and none with a charset', async () => {
  await using server = await pagerduty({
    'GET /incidents/Q1': { body: json('rest_incident_get') },
    'PUT /incidents/Q1': { body: json('rest_incident_get') },
  })
  await server.client.incident('Q1')
  await server.client.acknowledge(['Q1'])
  expect(server.requests.map(({ headers }) => headers['content-type'])).toEqual([undefined, 'application/json'])
})

test('stops reading a response at the size limit', async () => {
  const body = { user: { id: 'PX', name: 'x'.repeat(100_000) } }
  await using server = await pagerduty({ 'GET /users/PX': { body } }, { maxBytes: 50_000 })
  expect((await failure(server.client.user('PX'))).message).toMatch(/GET \/users\/PX is not JSON, or larger than/)
})
