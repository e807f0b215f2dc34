import { expect, test } from 'vitest'
import { createHttp } from '../../src/http/app.ts'
import { createReadiness } from '../../src/http/readiness.ts'
import { listen } from '../../src/http/server.ts'
import type { AlertSource } from '../../src/incident/alert.ts'
import { alertmanagerAlerts } from '../../src/integrations/alertmanager/alerts.ts'
import { createLog } from '../../src/platform/log.ts'
import { createMetrics } from '../../src/platform/metrics.ts'

const withLog = () => {
  const lines: string[] = []
  return { lines, log: createLog('info', { write: (line) => lines.push(line) }) }
}

/** A source that quotes what it does not understand. */
const typed: AlertSource = {
  name: 'typed',
  verify: () => true,
  read: (body) => ({
    signals: [],
    understood: false,
    notes: [`unknown event type ${(body as { type: string }).type}`],
  }),
}

/** Muster's port over a store that can be broken. */
const running = async ({ metricsTokens }: { metricsTokens?: string[] } = {}) => {
  const { lines, log } = withLog()
  let failure: Error | undefined
  const write = async () => {
    if (failure) throw failure
  }
  const ready = createReadiness({ probe: write, notes: async () => ['Loki does not answer.'], log, everyMs: 0 })
  const http = createHttp({
    alertSources: [alertmanagerAlerts({ tokens: ['secret'] }), typed],
    changeSources: [],
    ingestSignal: write,
    ingestChange: write,
    ready,
    metricsTokens,
    routers: [],
    metrics: createMetrics(),
    log,
    now: Date.now,
  })
  const server = await listen(http, { port: 0, host: '127.0.0.1' })
  const { port } = server.address() as { port: number }
  return {
    lines,
    breakStore: (error: Error | undefined) => {
      failure = error
    },
    get: async (path: string, token?: string) => {
      const headers = token ? { authorization: `Bearer ${token}` } : {}
      const response = await fetch(`http://127.0.0.1:${port}${path}`, { headers })
      return `${response.status} ${(await response.text()).trim()}`
    },
    post: (body: unknown, source = 'alertmanager') =>
      fetch(`http://127.0.0.1:${port}/webhooks/${source}`, {
        method: 'POST',
        headers: { authorization: 'Bearer secret' },
        body: JSON.stringify(body),
      }),
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

test('/readyz performs a write, as intake does, and logs the first failure and the recovery once each', async () => {
  await using muster = await running({ metricsTokens: ['t0ken'] })
  expect(await muster.get('/readyz')).toBe('200 ready')
  muster.breakStore(new Error('database or disk is full'))
  for (let i = 0; i < 3; i++) expect(await muster.get('/readyz')).toBe('503 not ready')
  expect(await muster.get('/readyz', 't0ken')).toBe(
    '503 not ready\nThe store cannot be written: database or disk is full',
  )
  muster.breakStore(undefined)
  expect(await muster.get('/readyz', 't0ken')).toBe('200 ready\nLoki does not answer.')
  expect(muster.lines.map((line) => JSON.parse(line).msg)).toEqual([
    'not ready: the store cannot be written',
    'ready again',
  ])
})

test('metrics and failure reasons require METRICS_TOKEN', async () => {
  await using muster = await running({ metricsTokens: ['t0ken', 'next'] })
  expect(await muster.get('/metrics')).toBe('401 Metrics need METRICS_TOKEN as a bearer token.')
  expect(await muster.get('/metrics', 'wrong')).toMatch(/^401/)
  expect(await muster.get('/metrics', 'next')).toMatch(/^200 # HELP/)
  expect(await muster.get('/readyz', 'wrong')).toBe('200 ready')
})

test('without METRICS_TOKEN metrics are disabled, even for an empty token', async () => {
  await using muster = await running()
  for (const token of [undefined, ' ', 'undefined'])
    expect(await muster.get('/metrics', token)).toBe('404 Metrics are off; METRICS_TOKEN turns them on.')
})

test('what a sender calls its event is logged cut short, and without secrets', async () => {
  await using muster = await running()
  const type = `password=planted-secret ${'x'.repeat(10_000)}`
  expect((await muster.post({ type }, 'typed')).status).toBe(202)
  const logged = muster.lines.find((line) => line.includes('webhook not understood')) ?? ''
  expect(logged).toContain('unknown event type')
  expect(logged).not.toContain('planted-secret')
  expect(logged.length).toBeLessThan(2_000)
})

test('a body that is not understood is logged by its structure, without its contents', async () => {
  await using muster = await running()
  expect((await muster.post({ alerts: [17], about: { customer: 'dana@example.com' }, note: 'p4ssw0rd' })).status).toBe(
    202,
  )
  const logged = muster.lines.find((line) => line.includes('webhook not understood')) ?? ''
  expect(JSON.parse(logged).outline).toEqual({
    alerts: ['array of 1', 'number'],
    about: { customer: 'string' },
    note: 'string',
  })
  expect(logged).not.toMatch(/dana@example|p4ssw0rd/)
})
