import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createFakePrometheus, type FakePrometheus } from '../../sandbox/prometheus.ts'
import { connectionCollapse } from '../../sandbox/stories/connection-collapse/story.ts'
import { minutes } from '../../sandbox/stories/signals.ts'

const anchor = Date.UTC(2026, 10, 21, 3)
let now: number
let prometheus: FakePrometheus

beforeEach(async () => {
  now = anchor + minutes(10)
  prometheus = await createFakePrometheus({ now: () => now })
  prometheus.show(connectionCollapse.world, anchor)
})
afterEach(() => prometheus.stop())

// biome-ignore lint/suspicious/noExplicitAny: answers are looked into member by member, as the tests say
const get = async (path: string, parameters: Record<string, string> = {}): Promise<{ status: number; body: any }> => {
  const response = await fetch(`${prometheus.url}${path}?${new URLSearchParams(parameters)}`)
  return { status: response.status, body: await response.json() }
}

const connections = 'mysql_global_status_threads_connected'
const at = (minute: number) => String((anchor + minutes(minute)) / 1000)

test('a range query returns a matrix with string values at every step', async () => {
  const { body } = await get('/api/v1/query_range', { query: connections, start: at(0), end: at(2), step: '30s' })
  expect(body.data.resultType).toBe('matrix')
  const [series] = body.data.result
  expect(series.metric).toMatchObject({ __name__: connections, service: 'mysql' })
  expect(series.values.map(([time]: [number]) => time - anchor / 1000)).toEqual([0, 30, 60, 90, 120])
  expect(series.values[0][1]).toBe('648')
})

test('accepts a query as a POST form', async () => {
  const form = new URLSearchParams({ query: `sum(${connections})`, time: at(0) })
  const response = await fetch(`${prometheus.url}/api/v1/query`, { method: 'POST', body: form })
  expect(await response.json()).toMatchObject({
    status: 'success',
    data: { resultType: 'vector', result: [{ metric: {}, value: [anchor / 1000, '648'] }] },
  })
})

test('has no samples after now or before the history', async () => {
  const range = { query: connections, start: at(8), end: at(20), step: '60' }
  const { body } = await get('/api/v1/query_range', range)
  // The last sample stays visible for five minutes, as in Prometheus.
  expect(body.data.result[0].values.at(-1)[0]).toBe(Number(at(14)))
  expect((await get('/api/v1/query', { query: connections, time: at(-600) })).body.data.result).toEqual([])
})

test('a story has the same values every time', async () => {
  const ask = () =>
    get('/api/v1/query_range', { query: 'rate(http_requests_total[1m])', start: at(0), end: at(9), step: '60' })
  const first = await ask()
  prometheus.show(connectionCollapse.world, anchor)
  expect(await ask()).toEqual(first)
})

describe("errors use Prometheus's envelope", () => {
  test('400 for more than 11,000 points', async () => {
    const { status, body } = await get('/api/v1/query_range', { query: 'up', start: '0', end: '11001', step: '1' })
    expect(status).toBe(400)
    expect(body).toMatchObject({ status: 'error', errorType: 'bad_data' })
    expect(body.error).toMatch(/^exceeded maximum resolution of 11,000 points per timeseries/)
    expect((await get('/api/v1/query_range', { query: 'up', start: '0', end: '11000', step: '1' })).status).toBe(200)
  })

  test('400 for an invalid query, time or step', async () => {
    const unreadable = await get('/api/v1/query', { query: 'rate(' })
    expect(unreadable.status).toBe(400)
    expect(unreadable.body.error).toBe('invalid parameter "query": 1:6: parse error: unexpected end of input')
    expect((await get('/api/v1/query', { query: 'up', time: 'noon' })).body.error).toContain('"time"')
    const backwards = { query: 'up', start: '100', end: '0', step: '15' }
    expect((await get('/api/v1/query_range', backwards)).body.error).toContain('before start time')
    expect((await get('/api/v1/query_range', { ...backwards, end: '200', step: '0' })).body.error).toContain('"step"')
  })

  test('422 for many-to-many matching', async () => {
    const query = 'http_requests_total / on (namespace) http_requests_total'
    expect(await get('/api/v1/query', { query })).toMatchObject({ status: 422, body: { errorType: 'execution' } })
  })
})

test('rules and alerts follow the story: inactive, pending, firing', async () => {
  const states = async (minute: number) => {
    now = anchor + minutes(minute)
    const { body } = await get('/api/v1/alerts')
    return body.data.alerts.map(({ labels, state }: { labels: Record<string, string>; state: string }) => [
      labels.alertname,
      labels.service,
      state,
    ])
  }
  expect(await states(-10)).toEqual([])
  expect(await states(-3.4)).toEqual([['ShippingHighP90Latency', 'shipping', 'pending']])
  expect(await states(0)).toEqual([['ShippingHighP90Latency', 'shipping', 'firing']])
  const { body } = await get('/api/v1/rules')
  expect(body.data.groups[0].rules[0]).toMatchObject({ type: 'alerting', state: 'firing', duration: 60, health: 'ok' })
})

test('serves series, labels, values, metadata and health', async () => {
  const series = await get('/api/v1/series', { 'match[]': '{service="mysql"}' })
  expect(series.body.data.length).toBeGreaterThan(3)
  expect((await get('/api/v1/labels')).body.data).toContain('destination_service_name')
  const values = await get('/api/v1/label/service/values', { 'match[]': 'http_requests_total' })
  expect(values.body.data).toEqual(expect.arrayContaining(['payment', 'shipping', 'web']))
  expect((await get('/api/v1/metadata')).body.data[connections]).toMatchObject([{ type: 'gauge' }])
  expect((await get('/api/v1/status/buildinfo')).body.data.version).toMatch(/^3\./)
  expect((await fetch(`${prometheus.url}/-/ready`)).status).toBe(200)
})

describe('faults', () => {
  test('dead: closes the connection', async () => {
    prometheus.setFault({ kind: 'dead' })
    await expect(get('/api/v1/query', { query: 'up' })).rejects.toThrow()
  })

  test('failing or garbled: no valid JSON', async () => {
    prometheus.setFault({ kind: 'failing' })
    expect((await fetch(`${prometheus.url}/api/v1/query?query=up`)).status).toBe(500)
    prometheus.setFault({ kind: 'garbage' })
    await expect(get('/api/v1/query', { query: 'up' })).rejects.toThrow(SyntaxError)
  })

  test('not a number: every value is NaN', async () => {
    prometheus.setFault({ kind: 'not_a_number' })
    const { body } = await get('/api/v1/query_range', { query: connections, start: at(0), end: at(1), step: '60' })
    expect(body.data.result[0].values.map(([, value]: [number, string]) => value)).toEqual(['NaN', 'NaN'])
  })

  test('slow: a short timeout fails, a long one succeeds', async () => {
    const query = `${prometheus.url}/api/v1/query?query=up`
    prometheus.setFault({ kind: 'slow', delayMs: 3_600_000 })
    await expect(fetch(query, { signal: AbortSignal.timeout(10) })).rejects.toThrow()
    prometheus.setFault({ kind: 'slow', delayMs: 10 })
    expect((await fetch(query)).status).toBe(200)
  })
})
