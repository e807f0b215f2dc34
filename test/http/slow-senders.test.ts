import { once } from 'node:events'
import type { RequestListener } from 'node:http'
import { type AddressInfo, connect, type Socket } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { createHttp } from '../../src/http/app.ts'
import { listen } from '../../src/http/server.ts'
import { alertmanagerAlerts } from '../../src/integrations/alertmanager/alerts.ts'
import { createLog } from '../../src/platform/log.ts'
import { createMetrics } from '../../src/platform/metrics.ts'
import { alertmanagerBody } from '../e2e/stack.ts'

const intake = () =>
  createHttp({
    alertSources: [alertmanagerAlerts({ tokens: ['secret'] })],
    changeSources: [],
    ingestSignal: async () => {},
    ingestChange: async () => {},
    ready: async () => ({ failure: undefined, notes: [] }),
    routers: [],
    metrics: createMetrics(),
    log: createLog('silent'),
    now: Date.now,
  })

const started = async (http: RequestListener, limits: { requestTimeoutMs?: number; maxPerAddress?: number } = {}) => {
  const server = await listen(http, { port: 0, host: '127.0.0.1', ...limits })
  const { port } = server.address() as AddressInfo
  onTestFinished(async () => {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  })
  return {
    port,
    deliver: async () => {
      const response = await fetch(`http://127.0.0.1:${port}/webhooks/alertmanager`, {
        method: 'POST',
        headers: { authorization: 'Bearer secret' },
        body: JSON.stringify(alertmanagerBody({ name: 'Checkout' })),
      })
      return response.status
    },
  }
}

/** A connection that sends this and then nothing; `text` is what it received. */
const halfRequest = async (port: number, sent: string) => {
  const socket: Socket = connect(port, '127.0.0.1')
  onTestFinished(() => void socket.destroy())
  const sender = { closed: false, text: '' }
  socket.on('error', () => {})
  socket.on('data', (chunk) => {
    sender.text += chunk
  })
  socket.on('close', () => {
    sender.closed = true
  })
  await once(socket, 'connect')
  socket.write(sent)
  return sender
}

const HALF_BODY = 'POST /webhooks/alertmanager HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n{'

test('2,200 clients sending half a body do not block signed deliveries', async () => {
  const { port, deliver } = await started(intake())
  for (let sent = 0; sent < 2_200; sent += 100)
    await Promise.all(Array.from({ length: 100 }, () => halfRequest(port, HALF_BODY)))
  expect(await Promise.all([deliver(), deliver(), deliver()])).toEqual([202, 202, 202])
})

test.each([
  ['half a header', 'POST /webhooks/alertmanager HTTP/1.1\r\nHost'],
  ['half a body', HALF_BODY],
  [
    'half a body for Slack\u2019s endpoint, which is not a webhook',
    HALF_BODY.replace('/webhooks/alertmanager', '/slack/events'),
  ],
])('a client sending %s is answered 408 and disconnected', async (_what, sent) => {
  const { port } = await started(intake(), { requestTimeoutMs: 200 })
  const sender = await halfRequest(port, sent)
  await expect.poll(() => sender.closed, { timeout: 10_000 }).toBe(true)
  expect(sender.text).toMatch(/^HTTP\/1\.1 (408|404) /)
})

test('at the limit per address, the connection that has waited longest is closed', async () => {
  const { port, deliver } = await started(intake(), { maxPerAddress: 3 })
  const senders: Awaited<ReturnType<typeof halfRequest>>[] = []
  for (let i = 0; i < 4; i++) senders.push(await halfRequest(port, HALF_BODY))
  await expect.poll(() => senders.map(({ closed }) => closed)).toEqual([true, false, false, false])
  expect(await deliver()).toBe(202)
  expect(senders.map(({ closed }) => closed)).toEqual([true, true, false, false])
})

test('a connection whose request is being processed is not closed for a new one', async () => {
  let answer = () => {}
  const { port } = await started(
    (_request, response) => {
      answer = () => response.end('done')
    },
    { maxPerAddress: 1 },
  )
  const working = await halfRequest(port, 'GET /slow HTTP/1.1\r\nHost: x\r\n\r\n')
  const before = answer
  await expect.poll(() => answer).not.toBe(before)
  const next = await halfRequest(port, HALF_BODY)
  await expect.poll(() => next.closed).toBe(true)
  answer()
  await expect.poll(() => working.text).toContain('done')
})
