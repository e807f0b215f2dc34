import { expect, test } from 'vitest'
import { createPrometheusClient } from '../../../src/integrations/prometheus/client.ts'
import { createMetricNames } from '../../../src/integrations/prometheus/metric-names.ts'
import { answering } from './answering.ts'

const MINUTE = 60_000
const names = (...data: string[]) => JSON.stringify({ status: 'success', data })

test('concurrent callers share one request to Prometheus; after ten minutes it is fetched again', async () => {
  await using server = await answering((_, response) => response.end(names('up', 'istio_requests_total')))
  let now = Date.UTC(2026, 10, 21, 3)
  const metrics = createMetricNames({ client: createPrometheusClient({ url: server.url }), now: () => now })
  const [one, other] = await Promise.all([metrics.known(), metrics.known()])
  expect([...one]).toEqual(['up', 'istio_requests_total'])
  expect(other).toBe(one)
  now += 9 * MINUTE
  await metrics.known()
  expect(server.requests).toHaveLength(1)
  now += 2 * MINUTE
  await metrics.known()
  expect(server.requests.map(({ path }) => path.split('?')[0])).toEqual([
    '/api/v1/label/__name__/values',
    '/api/v1/label/__name__/values',
  ])
})

test('an empty list is fetched again: Prometheus may have just started to scrape', async () => {
  let known: string[] = []
  await using server = await answering((_, response) => response.end(names(...known)))
  const metrics = createMetricNames({ client: createPrometheusClient({ url: server.url }), now: () => 0 })
  expect((await metrics.known()).size).toBe(0)
  known = ['up']
  expect(await metrics.known()).toEqual(new Set(['up']))
})

test('a stale result is served while Prometheus is down; without one, the caller gets the reason', async () => {
  let down = true
  await using server = await answering((_, response) => {
    if (down) response.writeHead(503).end('overloaded')
    else response.end(names('up'))
  })
  let now = Date.UTC(2026, 10, 21, 3)
  const metrics = createMetricNames({ client: createPrometheusClient({ url: server.url }), now: () => now })
  await expect(metrics.known()).rejects.toThrow('answered 503')
  down = false
  expect(await metrics.known()).toEqual(new Set(['up']))
  down = true
  now += 60 * MINUTE
  expect(await metrics.known()).toEqual(new Set(['up']))
})

test('a caller that aborts does not cancel the request for the others', async () => {
  let release = () => {}
  await using server = await answering((_, response) => {
    release = () => response.end(names('up'))
  })
  const metrics = createMetricNames({ client: createPrometheusClient({ url: server.url }), now: Date.now })
  const stop = new AbortController()
  const impatient = metrics.known(stop.signal)
  const patient = metrics.known()
  stop.abort(new Error('no time'))
  await expect(impatient).rejects.toThrow('no time')
  while (server.requests.length === 0) await new Promise((resolve) => setTimeout(resolve, 5))
  release()
  expect(await patient).toEqual(new Set(['up']))
})
