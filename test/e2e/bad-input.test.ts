import { connect } from 'node:net'
import { afterAll, beforeAll, describe, expect, inject, onTestFinished, test } from 'vitest'
import { SANDBOX_SECRETS } from '../../sandbox/sandbox.ts'
import { startDatabaseProxy } from './database-proxy.ts'
import { alertmanagerBody, type Stack, startStack, until } from './stack.ts'

let stack: Stack
beforeAll(async () => {
  stack = await startStack()
})
afterAll(() => stack.stop())

const token = { authorization: `Bearer ${SANDBOX_SECRETS.alertmanager}` }
const post = (
  path: string,
  body: string | Uint8Array<ArrayBuffer>,
  headers: Record<string, string> = token,
  at = stack,
) =>
  fetch(`${at.musterUrl}${path}`, { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body })
const alert = (name = 'Checkout') => JSON.stringify(alertmanagerBody({ name, service: name }))

/** Nobody outside learns what is inside. */
const expectTerse = async (response: Response) => {
  const text = await response.text()
  expect(text.trim().split('\n')).toHaveLength(1)
  expect(text).not.toMatch(/node_modules|at .*:\d+:\d+|Error:/)
  return text
}

describe('a webhook responds', () => {
  test.each([
    ['without a token', {}],
    ['with a wrong token', { authorization: 'Bearer nonsense' }],
  ])('401 %s, with no effect', async (_how, headers) => {
    const response = await post('/webhooks/alertmanager', alert(), headers)
    expect(response.status).toBe(401)
    await expectTerse(response)
    expect(await stack.muster.store.list()).toEqual([])
  })

  test.each([
    ['/webhooks/pagerduty', { 'x-pagerduty-signature': `v1=${'0'.repeat(64)}` }],
    ['/webhooks/grafana', { 'x-grafana-alerting-signature': '0'.repeat(64) }],
    ['/webhooks/github', { 'x-hub-signature-256': `sha256=${'0'.repeat(64)}` }],
  ])('401 at %s for a wrong signature, before the body is parsed', async (path, headers) => {
    expect((await post(path, '{"half', headers)).status).toBe(401)
    expect((await post(path, '{}', {})).status).toBe(401)
  })

  test('413 for more than 1 MiB', async () => {
    const response = await post('/webhooks/alertmanager', new Uint8Array(1024 * 1024 + 1).fill(32))
    expect(response.status).toBe(413)
    await expectTerse(response)
  })

  test.each([['{"half'], [''], ['\u0000\u0001']])('400 for invalid JSON: %j', async (body) => {
    const response = await post('/webhooks/alertmanager', body)
    expect(response.status).toBe(400)
    await expectTerse(response)
  })

  test.each([['{}'], ['[]'], ['null'], ['42'], ['{"alerts":"many"}'], ['{"alerts":[17]}']])(
    '202 for an authentic payload that is not understood: %s',
    async (body) => {
      const response = await post('/webhooks/alertmanager', body)
      expect(response.status).toBe(202)
      expect(await expectTerse(response)).toContain('not understood')
    },
  )

  test('404 when the source is not configured', async () => {
    for (const path of ['/webhooks/nagios', '/webhooks/alerts/a/b', '/nothing', '/webhooks/__proto__']) {
      const response = await post(path, '{}')
      expect(response.status, path).toBe(404)
      await expectTerse(response)
    }
    expect((await fetch(`${stack.musterUrl}/webhooks/alertmanager`)).status).toBe(404)
  })
})

test('serves health, readiness and metrics', async () => {
  const get = (path: string) => fetch(`${stack.musterUrl}${path}`)
  expect((await get('/healthz')).status).toBe(200)
  expect((await get('/readyz')).status).toBe(200)
  expect(await (await stack.inside('/metrics')).text()).toContain('# TYPE muster_')
  expect((await get('/metrics')).status).toBe(401)
})

test('bodies that never end do not delay other requests', async () => {
  const { hostname, port } = new URL(stack.musterUrl)
  const slow = Array.from({ length: 50 }, () => {
    const socket = connect(Number(port), hostname)
    socket.on('error', () => {})
    socket.write('POST /webhooks/alertmanager HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n{"a')
    return socket
  })
  onTestFinished(() => {
    for (const socket of slow) socket.destroy()
  })
  expect((await post('/webhooks/alertmanager', alert('Beside slow ones'))).status).toBe(202)
})

describe('when the database is unavailable', () => {
  const expectComeAgain = async (response: Response) => {
    expect(response.status).toBe(503)
    expect(Number(response.headers.get('retry-after'))).toBeGreaterThan(0)
    await expectTerse(response)
  }

  test('SQLite closed: 503 with Retry-After, not ready, but alive', async () => {
    const doomed = await startStack()
    onTestFinished(() => doomed.stop())
    await doomed.muster.store.close()
    await expectComeAgain(await post('/webhooks/alertmanager', alert(), token, doomed))
    expect((await fetch(`${doomed.musterUrl}/readyz`)).status).toBe(503)
    expect((await fetch(`${doomed.musterUrl}/healthz`)).status).toBe(200)
  })

  test("PostgreSQL down or hanging: 503 before the sender's timeout, and the webhook is accepted once it is back", async (context) => {
    const { url, reason } = (await (await fetch(inject('postgres'), { method: 'POST' })).json()) as {
      url?: string
      reason?: string
    }
    if (url === undefined) {
      if (process.env.MUSTER_REQUIRE_ALL === '1') throw new Error(reason)
      return context.skip(`PostgreSQL was not tested. ${reason}`)
    }
    const proxy = await startDatabaseProxy(url)
    const doomed = await startStack({ env: { DATABASE_URL: proxy.url } })
    onTestFinished(async () => {
      await proxy.cut()
      await doomed.stop()
    })
    const send = (name: string) => post('/webhooks/alertmanager', alert(name), token, doomed)
    expect((await send('Before')).status).toBe(202)
    proxy.hold()
    await Promise.all([
      send('While it hangs').then(expectComeAgain),
      fetch(`${doomed.musterUrl}/readyz`).then(expectComeAgain),
    ])
    await proxy.cut()
    await expectComeAgain(await send('While it is gone'))
    await proxy.restore()
    await until('the webhook to be taken', async () => (await send('While it is gone')).ok)
    const titles = (await doomed.muster.store.list()).map(({ title }) => title)
    expect(titles.filter((title) => title === 'While it is gone')).toHaveLength(1)
  })
})
