import { once } from 'node:events'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { Permanent, TryLater } from '../../src/incident/errors.ts'
import { createHttpClient, type HttpClientOptions } from '../../src/platform/http-client.ts'
import { expectOk } from '../../src/platform/http-status.ts'
import { type Answer, serve } from '../integrations/server.ts'

const failure = (work: Promise<unknown>): Promise<Error> =>
  work.then(
    () => new Error('it succeeded'),
    (error: Error) => error,
  )

/** A server that writes its responses by hand: half of one, or one that never ends. */
const raw = async (listener: RequestListener) => {
  const server = createServer(listener).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

const client = (url: string, options: Partial<HttpClientOptions> = {}) =>
  createHttpClient({ name: 'Prometheus', url, ...options })

test('sends query, form and JSON bodies under the path prefix of the base address', async () => {
  await using server = await serve(() => ({ body: { ok: true } }))
  const { request } = client(`${server.url}/prefix/`)
  const response = await request('/api', { query: { a: 1, b: ['x', 'y'], c: undefined } })
  await request('/form', { method: 'POST', body: new URLSearchParams({ query: 'up' }) })
  await request('/json', { method: 'PUT', body: { up: 1 } })
  expect(response.json()).toEqual({ ok: true })
  expect(server.requests.map(({ method, path, query, body }) => [method, path, String(query), body])).toEqual([
    ['GET', '/prefix/api', 'a=1&b=x&b=y', ''],
    ['POST', '/prefix/form', '', 'query=up'],
    ['PUT', '/prefix/json', '', '{"up":1}'],
  ])
  expect(server.requests.map(({ headers }) => headers['content-type'])).toEqual([
    undefined,
    'application/x-www-form-urlencoded;charset=UTF-8',
    'application/json',
  ])
})

test('sends the credentials of the URL as basic authentication and keeps them out of links', async () => {
  await using server = await serve(() => ({ body: {} }))
  const withLogin = server.url.replace('//', '//dana:p%40ss@')
  const prometheus = client(withLogin, { headers: { 'X-Scope-OrgID': 'shop' } })
  await prometheus.request('/')
  await client(withLogin, { token: 't0ken' }).request('/')
  expect(prometheus.base).toBe(server.url)
  expect(server.requests.map(({ headers }) => [headers.authorization, headers['x-scope-orgid']])).toEqual([
    [`Basic ${Buffer.from('dana:p@ss').toString('base64')}`, 'shop'],
    ['Bearer t0ken', undefined],
  ])
})

test('names a host that refuses connections', async () => {
  let url = ''
  {
    await using server = await serve(() => ({}))
    url = server.url
  }
  expect(await failure(client(url).request('/'))).toMatchObject({
    kind: 'unreachable',
    message: 'Prometheus could not be reached (ECONNREFUSED).',
  })
})

test('gives up on a host that accepts the connection and never answers', async () => {
  await using server = await serve(() => 'hang')
  expect(await failure(client(server.url, { timeoutMs: 50 }).request('/'))).toMatchObject({
    kind: 'timeout',
    message: 'Prometheus did not answer within 0.05 s.',
  })
})

test('applies the time limit to the body as well: one byte at a time keeps no request open', async () => {
  await using server = await raw((_request, response) => {
    response.writeHead(200, { 'content-type': 'application/json' })
    const drip = setInterval(() => response.write(' '), 10)
    response.once('close', () => clearInterval(drip))
  })
  expect(await failure(client(server.url, { timeoutMs: 200 }).request('/'))).toMatchObject({ kind: 'timeout' })
})

test('aborts when the caller does', async () => {
  await using server = await serve(() => 'hang')
  const caller = new AbortController()
  const failed = failure(client(server.url).request('/', { signal: caller.signal }))
  await expect.poll(() => server.requests.length).toBe(1)
  caller.abort()
  expect(await failed).toMatchObject({
    kind: 'aborted',
    message: 'The request to Prometheus was cancelled before it answered.',
  })
})

test('reports a truncated body', async () => {
  await using server = await raw((_request, response) => {
    response.writeHead(200, { 'content-length': '100' })
    response.write('{"data":', () => response.socket?.destroy())
  })
  expect(await failure(client(server.url).request('/'))).toMatchObject({
    kind: 'cut_off',
    message: expect.stringMatching(/^Prometheus's response was cut off \(.+\)\.$/),
  })
})

test('stops downloading at the size limit', async () => {
  let closed = false
  await using server = await raw((_request, response) => {
    response.once('close', () => {
      closed = true
    })
    const more = () => {
      while (!response.destroyed && response.write(Buffer.alloc(64 * 1024))) {}
      response.once('drain', more)
    }
    more()
  })
  expect(await failure(client(server.url, { maxBytes: 1024 * 1024 }).request('/'))).toMatchObject({
    kind: 'too_large',
    message: "Prometheus's response is larger than 1 MiB.",
  })
  // The endless download has ended, or this never becomes true.
  await expect.poll(() => closed).toBe(true)
})

test('counts the size after decompression', async () => {
  const bomb = gzipSync(Buffer.alloc(4 * 1024 * 1024))
  await using server = await raw((_request, response) => {
    response.writeHead(200, { 'content-encoding': 'gzip' }).end(bomb)
  })
  expect(bomb.length).toBeLessThan(10_000)
  expect(await failure(client(server.url, { maxBytes: 64 * 1024 }).request('/'))).toMatchObject({ kind: 'too_large' })
})

const elsewhere = (location: string, status = 302): Answer => ({ status, headers: { location } })

test('does not follow redirects by default', async () => {
  await using server = await serve(({ path }) => (path === '/' ? elsewhere('/login') : { body: {} }))
  expect(await failure(client(server.url).request('/'))).toMatchObject({
    kind: 'redirect',
    message: 'Prometheus redirects to /login; set its URL to the final address.',
  })
  expect(server.requests).toHaveLength(1)
})

test('follows redirects within one origin and sends its headers to no other', async () => {
  await using other = await serve(() => ({ body: { stolen: true } }))
  await using server = await serve(({ path }) => {
    if (path === '/a') return elsewhere('/b', 301)
    if (path === '/away') return elsewhere(`${other.url}/login?token=s3cret`)
    if (path === '/loop') return elsewhere('/loop')
    if (path === '/moved') return elsewhere('/b', 308)
    return { body: { ok: true } }
  })
  const { request } = client(server.url, { redirects: 'same-origin', token: 't0ken' })
  expect((await request('/a')).json()).toEqual({ ok: true })
  await request('/moved', { method: 'POST', body: { kept: true } })
  expect(server.requests.at(-1)).toMatchObject({ method: 'POST', path: '/b', body: '{"kept":true}' })
  expect((await failure(request('/away'))).message).toBe(
    `Prometheus redirects to another origin, ${other.url}; set its URL to the final address.`,
  )
  expect(other.requests).toEqual([])
  expect((await failure(request('/loop'))).message).toBe('Prometheus redirects more than 5 times.')
  expect((await failure(request('/a', { method: 'POST', body: {} }))).message).toBe(
    'Prometheus redirects a POST to /b; set its URL to the final address.',
  )
})

test.each([
  ['<!DOCTYPE html><title>Sign in</title>', 'an HTML page (a login page or a proxy?)'],
  ['', 'nothing'],
  ['upstream connect error', 'something else'],
])('reports in one sentence that %j is not JSON', async (text, what) => {
  await using server = await serve(() => ({ text }))
  const response = await client(server.url).request('/')
  expect(() => response.json()).toThrow(`Prometheus answered 200 with ${what} instead of JSON; check its URL.`)
})

test.each<[Answer & object, unknown, string]>([
  [{ status: 401, text: 'no' }, Permanent, 'Prometheus denied access (401). Check PROMETHEUS_TOKEN.'],
  [{ status: 404, text: '<html>' }, Permanent, 'Prometheus answered 404.'],
  [{ status: 400, text: 'parse error at char 3.\nmore' }, Permanent, 'Prometheus answered 400: parse error at char 3.'],
  [{ status: 429 }, TryLater, 'Prometheus is rate limiting requests (429).'],
  [{ status: 503, headers: { 'retry-after': '7' } }, TryLater, 'Prometheus is unavailable (503).'],
  [{ status: 502, text: '<html>Bad Gateway' }, Error, 'Prometheus answered 502.'],
])('maps the status of %j to an error that says whether a retry can help', async (answer, kind, message) => {
  await using server = await serve(() => answer)
  const response = await client(server.url).request('/')
  const check = () => expectOk(response, { name: 'Prometheus', hint: 'Check PROMETHEUS_TOKEN.' })
  expect(check).toThrow(message)
  expect(check).toThrow(kind as never)
})

test('parses how long to wait, in seconds or as a date', async () => {
  await using server = await serve(({ path }) => ({
    status: 429,
    headers: { 'retry-after': path === '/date' ? new Date(Date.now() + 60_000).toUTCString() : '7' },
  }))
  const { request } = client(server.url)
  const waitOf = async (path: string) => {
    const response = await request(path)
    return (await failure(Promise.resolve().then(() => expectOk(response, { name: 'it' })))) as TryLater
  }
  expect((await waitOf('/seconds')).afterMs).toBe(7_000)
  expect((await waitOf('/date')).afterMs).toBeGreaterThan(30_000)
})
