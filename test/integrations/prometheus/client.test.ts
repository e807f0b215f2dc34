import { expect, test } from 'vitest'
import { createPrometheusClient, type PrometheusOptions } from '../../../src/integrations/prometheus/client.ts'
import { PrometheusError } from '../../../src/integrations/prometheus/errors.ts'
import { answering, payload, recorded } from './answering.ts'

const to = 1763700000_000
const range = { query: 'latency', from: to - 3600_000, to }

const failing = async (options: PrometheusOptions, signal?: AbortSignal): Promise<PrometheusError> => {
  const error = await createPrometheusClient(options)
    .queryRange(range, signal)
    .catch((thrown) => thrown)
  expect(error).toBeInstanceOf(PrometheusError)
  return error
}

const matrix = (result: unknown, more = {}) =>
  JSON.stringify({ status: 'success', data: { resultType: 'matrix', result }, ...more })

test('queries by POST over an even grid that ends with the range, and passes its timeout', async () => {
  await using server = await answering((_, response) => payload(response, 200, 'query_range_matrix'))
  const client = createPrometheusClient({ url: `${server.url}/prefix/`, token: 'secret', timeoutMs: 4000 })
  const { series, step } = await client.queryRange(range)
  const [requests] = server.requests
  expect(requests).toMatchObject({ method: 'POST', path: '/prefix/api/v1/query_range', authorization: 'Bearer secret' })
  expect(Object.fromEntries(requests?.form ?? [])).toEqual({
    query: 'latency',
    start: '1763696400',
    end: '1763700000',
    step: '15',
    limit: '1000',
    timeout: '4000ms',
  })
  expect(step).toBe(15_000)
  expect(series).toHaveLength(1)
  expect(series[0]?.points).toHaveLength(241)
  // The samples at -60 s and -45 s, then two instants without any, then NaN.
  expect(series[0]?.points.slice(-5).map(([, value]) => value)).toEqual([0.001, 0.14, null, null, null])
})

test('reads instant values and metric names', async () => {
  await using server = await answering(({ path }, response) =>
    path.startsWith('/api/v1/label')
      ? response.end('{"status":"success","data":["up","x"]}')
      : payload(response, 200, 'query_vector'),
  )
  const client = createPrometheusClient({ url: server.url })
  const [first] = await client.queryInstant('up', to)
  expect(first).toEqual({ labels: expect.any(Object), value: expect.any(Number) })
  expect(server.requests[0]?.form.get('time')).toBe('1763700000')
  expect(await client.labelValues('a b', range)).toEqual(['up', 'x'])
  expect(server.requests[1]).toMatchObject({
    method: 'GET',
    path: '/api/v1/label/a%20b/values?start=1763696400&end=1763700000',
  })
})

test('sends credentials from the address as a header and never shows them in a link', async () => {
  await using server = await answering((_, response) => payload(response, 200, 'query_range_matrix'))
  const client = createPrometheusClient({ url: server.url.replace('//', '//muster:p%40ss@') })
  await client.queryRange(range)
  expect(server.requests[0]?.authorization).toBe(`Basic ${Buffer.from('muster:p@ss').toString('base64')}`)
  expect(client.graphUrl(range)).not.toContain('muster')
})

test('a tenant is sent with every request', async () => {
  const headers: (string | undefined)[] = []
  await using prometheus = await answering((_asked, response, request) => {
    headers.push(String(request.headers['x-scope-orgid']))
    payload(response, 200, 'query_vector')
  })
  const client = createPrometheusClient({ url: prometheus.url, tenant: 'shop|platform' })
  await client.queryInstant('up', 0)
  expect(headers).toEqual(['shop|platform'])
})

test('links to the page of the same query and range', () => {
  const { graphUrl } = createPrometheusClient({ url: 'https://prom.example.com/' })
  const url = new URL(graphUrl({ ...range, query: 'rate(x{a="b c"}[5m]) > 1' }))
  expect(url.origin + url.pathname).toBe('https://prom.example.com/graph')
  expect(Object.fromEntries(url.searchParams)).toEqual({
    'g0.expr': 'rate(x{a="b c"}[5m]) > 1',
    'g0.tab': '0',
    'g0.range_input': '3600s',
    'g0.end_input': '2025-11-21 04:40:00',
  })
})

test.each([
  [400, 'error_bad_data_400', 'query', 'Prometheus refused the query: invalid parameter "query": 1:4: parse error'],
  [422, 'error_execution_422', 'query', 'Prometheus could not run the query: found duplicate series'],
  [503, 'error_timeout_503', 'timeout', 'Prometheus gave up: query timed out in expression evaluation.'],
  [400, 'error_too_many_points_400', 'query', 'Prometheus refused the query: exceeded maximum resolution of 11,000'],
])('a %i with %s is an error of kind %s', async (status, file, kind, message) => {
  await using server = await answering((_, response) => payload(response, status, file))
  const error = await failing({ url: server.url })
  expect(error.kind).toBe(kind)
  expect(error.message).toContain(message)
})

test.each([
  ['a proxy error page', 502, '<html>Bad Gateway</html>', 'server', 'Prometheus, or a proxy before it, answered 502.'],
  ['a login page', 200, '<html>Log in</html>', 'unreadable', 'check PROMETHEUS_URL'],
  ['nothing', 200, '', 'unreadable', 'check PROMETHEUS_URL'],
  ['half an answer', 200, '{"status":"success","data":{"resultType":"mat', 'unreadable', 'check PROMETHEUS_URL'],
  ['a vector', 200, recorded('query_vector'), 'unreadable', 'check PROMETHEUS_URL'],
  ['a success with an error status', 500, recorded('query_range_matrix'), 'server', 'answered 500'],
  ['a redirect', 302, '', 'unreadable', 'redirects to https://elsewhere; set its URL to the final address'],
  ['wrong credentials', 401, 'Unauthorized', 'credentials', 'check PROMETHEUS_TOKEN and PROMETHEUS_TENANT'],
])('%s is not accepted as data', async (_, status, body, kind, message) => {
  await using server = await answering((_, response) =>
    response.writeHead(status, { location: 'https://elsewhere' }).end(body),
  )
  const error = await failing({ url: server.url, token: 'secret' })
  expect(error.kind).toBe(kind)
  expect(error.message).toContain(message)
  expect(error.message).not.toContain('secret')
})

test('times out when a server never responds', async () => {
  await using server = await answering(() => undefined)
  const error = await failing({ url: server.url, timeoutMs: 50 })
  expect(error).toMatchObject({ kind: 'timeout', message: 'Prometheus did not answer within 0.05 s.' })
})

test('times out when a response never ends', async () => {
  await using server = await answering((_, response) => response.write('{"status":'))
  expect((await failing({ url: server.url, timeoutMs: 50 })).kind).toBe('timeout')
})

test('the caller can abort earlier', async () => {
  await using server = await answering(() => undefined)
  const error = await failing({ url: server.url }, AbortSignal.timeout(20))
  expect(error).toMatchObject({ kind: 'cancelled', message: 'Prometheus did not answer in time.' })
})

test('a server that is down is unreachable, and the reason is reported', async () => {
  const server = await answering(() => undefined)
  await server[Symbol.asyncDispose]()
  const error = await failing({ url: server.url })
  expect(error).toMatchObject({ kind: 'unreachable', message: 'Prometheus could not be reached (ECONNREFUSED).' })
})

test('a broken connection is unreachable', async () => {
  await using server = await answering((_, response) => response.socket?.destroy())
  expect((await failing({ url: server.url })).kind).toBe('unreachable')
})

test('stops reading at its size limit', async () => {
  await using server = await answering((_, response) => response.end(' '.repeat(100_000)))
  const error = await failing({ url: server.url, maxBytes: 50_000 })
  expect(error).toMatchObject({ kind: 'too_large' })
})

test('warnings, infos and native histograms become notes', async () => {
  const histogram = { metric: { service: 'checkout' }, histograms: [[1763700000, { count: '1', sum: '1' }]] }
  const { warnings, infos } = JSON.parse(recorded('query_with_warnings'))
  await using server = await answering((_, response) => response.end(matrix([histogram], { warnings, infos })))
  const { series, notes } = await createPrometheusClient({ url: server.url }).queryRange(range)
  expect(series).toEqual([])
  expect(notes).toEqual([
    expect.stringContaining('Prometheus warns: PromQL warning: encountered a mix of histograms and floats'),
    expect.stringContaining('Prometheus remarks: PromQL info: metric might not be a counter'),
    '1 native histogram series cannot be drawn; ask for a quantile of them.',
  ])
})

test('drops non-numeric values and samples outside the range', async () => {
  const second = to / 1000
  const values = ['NaN', '+Inf', '-Inf', 'x', '', '2'].map((value, i) => [second - 75 + i * 15, value])
  const strays = [
    [second - 1_000_000, '7'],
    [second + 1_000_000, '7'],
  ]
  await using server = await answering((_, response) =>
    response.end(matrix([{ metric: {}, values: [...values, ...strays] }])),
  )
  const { series } = await createPrometheusClient({ url: server.url }).queryRange(range)
  expect(series[0]?.points.slice(-6).map(([, value]) => value)).toEqual([null, null, null, null, null, 2])
  expect(series[0]?.points).toHaveLength(241)
})

test('uses no more series than its limit, and reports it', async () => {
  const lines = Array.from({ length: 5 }, (_, i) => ({ metric: { pod: `${i}` }, values: [[to / 1000, '1']] }))
  await using server = await answering((_, response) => response.end(matrix(lines)))
  const { series, notes } = await createPrometheusClient({ url: server.url, maxSeries: 3 }).queryRange(range)
  expect(series).toHaveLength(3)
  expect(notes).toEqual(['5 series; only the first 3 were used.'])
})
