import express from 'express'
import { expect, onTestFinished, test } from 'vitest'
import type { Exchange, InspectorView, StoryProgress } from '../../sandbox/control-api.ts'
import { controlRoutes } from '../../sandbox/control-routes.ts'
import { createExchangeLog } from '../../sandbox/exchange-log.ts'
import { forwardToMuster } from '../../sandbox/forward.ts'
import { pageFiles } from '../../sandbox/page-files.ts'
import { listen } from '../../sandbox/server.ts'
import { tapServers } from '../../sandbox/wire-tap.ts'
import { createGalleryStories } from './page/stories.ts'

const serve = async (app: express.Express) => {
  const server = await listen(app)
  onTestFinished(() => server.stop())
  return server.url
}

const startStage = async () => {
  const exchanges = createExchangeLog({ now: () => 1000, limit: 2 })
  const broken = new Set<string>()
  const app = express()
  app.use(
    controlRoutes({
      player: createGalleryStories(() => 1000),
      exchanges,
      faults: [
        {
          name: 'grafana',
          label: 'Grafana is down',
          description: '',
          isOn: () => broken.has('grafana'),
          turn: (on) => void (on ? broken.add('grafana') : broken.delete('grafana')),
        },
      ],
      outbox: async () => [{ id: 'INC-1/1/0', effect: 'open_channel', state: 'queued', attempts: 1 }],
    }),
  )
  const url = await serve(app)
  const post = async (path: string, body: unknown) => {
    const response = await fetch(url + path, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })
    return { status: response.status, body: (await response.json()) as Record<string, unknown> }
  }
  return { url, exchanges, post, get: async (path: string) => (await fetch(url + path)).json() as Promise<never> }
}

/** The first events of a stream. */
const events = async <T>(url: string, count: number, meanwhile: () => unknown): Promise<T[]> => {
  const stop = new AbortController()
  const response = await fetch(url, { signal: stop.signal })
  const received: T[] = []
  let text = ''
  await meanwhile()
  for await (const chunk of response.body ?? []) {
    text += Buffer.from(chunk).toString()
    received.splice(
      0,
      received.length,
      ...[...text.matchAll(/^data: (.*)$/gm)].map(([, json]) => JSON.parse(json ?? '') as T),
    )
    if (received.length >= count) break
  }
  stop.abort()
  return received
}

test('chooses, plays and steps through a story and streams its progress', async () => {
  const { url, post } = await startStage()
  const received = await events<StoryProgress>(`${url}/sandbox/story/events`, 4, async () => {
    expect((await post('/sandbox/story', { do: 'choose', story: 'stampede' })).body).toMatchObject({
      ok: true,
      progress: { story: 'stampede' },
    })
    await post('/sandbox/story', { do: 'step' })
    await post('/sandbox/story', { do: 'speed', speed: 60 })
  })
  expect(received.map(({ state, step, speed }) => [state, step, speed])).toEqual([
    ['idle', 0, 1],
    ['paused', 0, 1],
    ['paused', 1, 1],
    ['paused', 1, 60],
  ])
})

test.each([{ do: 'dance' }, { do: 'speed', speed: 1000 }, { do: 'choose', story: 'unheard-of' }, 'no object'])(
  'refuses the order %j with a reason',
  async (order) => {
    const { post } = await startStage()
    const { status, body } = await post('/sandbox/story', order)
    expect([status, body.ok]).toEqual([400, false])
    expect(body.error).toBeTruthy()
  },
)

test('returns the newest exchanges, filtered by text and peer, and the outbox', async () => {
  const { url, exchanges, get } = await startStage()
  const received = await events<Exchange>(`${url}/sandbox/inspector/events`, 3, () => {
    exchanges.add({ with: 'slack', direction: 'out', method: 'POST', path: '/api/auth.test' })
    exchanges.add({
      with: 'slack',
      direction: 'out',
      method: 'POST',
      path: '/api/chat.postMessage',
      request: '{"text":"Hello"}',
    })
    exchanges.add({ with: 'pagerduty', direction: 'in', method: 'POST', path: '/webhooks/pagerduty' })
  })
  expect(received.map(({ id, at }) => [id, at])).toEqual([
    [1, 1000],
    [2, 1000],
    [3, 1000],
  ])
  const paths = async (query: string) =>
    ((await get(`/sandbox/inspector${query}`)) as InspectorView).exchanges.map(({ path }) => path)
  expect(await paths('')).toEqual(['/webhooks/pagerduty', '/api/chat.postMessage'])
  expect(await paths('?contains=hello')).toEqual(['/api/chat.postMessage'])
  expect(await paths('?with=pagerduty')).toEqual(['/webhooks/pagerduty'])
  expect(((await get('/sandbox/inspector')) as InspectorView).outbox).toMatchObject([{ effect: 'open_channel' }])
})

test('switches faults on and off and rejects unknown ones', async () => {
  const { post, get } = await startStage()
  expect((await post('/sandbox/fault-switches', { name: 'grafana', on: true })).body).toMatchObject([
    { name: 'grafana', on: true },
  ])
  expect(await get('/sandbox/fault-switches')).toMatchObject([{ on: true }])
  expect((await post('/sandbox/fault-switches', { name: 'grafana', on: false })).body).toMatchObject([{ on: false }])
  expect((await post('/sandbox/fault-switches', { name: 'sun', on: true })).status).toBe(400)
})

test('records responses, whenever the body is read and however they end', async () => {
  const exchanges = createExchangeLog({ now: () => 5 })
  const app = express()
  // A body that is read late must still be complete.
  app.post(
    '/late',
    (_request, _response, next) => void setTimeout(next, 20),
    express.text(),
    (request, response) => void response.json({ ok: true, received: request.body }),
  )
  app.post('/form', express.urlencoded(), (_request, response) => void response.sendStatus(204))
  app.get('/cut', (request) => void request.socket.destroy())
  app.get('/elsewhere', (_request, response) => void response.send('private'))
  const url = await serve(app)
  const untap = tapServers({
    exchanges,
    now: () => 5,
    peerOf: (port, path) =>
      Number(new URL(url).port) === port && path !== '/elsewhere' ? { with: 'slack', direction: 'out' } : undefined,
  })
  const answer = await fetch(`${url}/late?x=1`, {
    method: 'POST',
    headers: { 'content-type': 'text/plain' },
    body: 'spoken',
  })
  expect(await answer.json()).toEqual({ ok: true, received: 'spoken' })
  await fetch(`${url}/form`, {
    method: 'POST',
    body: new URLSearchParams({ token: 'xoxb-secret', blocks: '[{"type":"divider"}]' }),
  })
  await fetch(`${url}/elsewhere`)
  await expect(fetch(`${url}/cut`)).rejects.toThrow()
  await expect.poll(() => exchanges.list().length).toBe(3)
  untap()
  await fetch(`${url}/form`, { method: 'POST' })
  expect(
    exchanges
      .list()
      .map(({ method, path, status, request, response }) => ({ method, path, status, request, response })),
  ).toEqual([
    { method: 'GET', path: '/cut', status: 0, request: '', response: '' },
    {
      method: 'POST',
      path: '/form',
      status: 204,
      request: '{"token":"…","blocks":[{"type":"divider"}]}',
      response: '',
    },
    { method: 'POST', path: '/late?x=1', status: 200, request: 'spoken', response: '{"ok":true,"received":"spoken"}' },
  ])
})

test("proxies Muster's documents, frameable only by the page, and responds 503 when it is down", async () => {
  const muster = express()
  muster.get('/incidents/:id/postmortem.html', (request, response) => {
    response.setHeader('content-security-policy', "default-src 'none'; frame-ancestors 'none'")
    response.send(`${request.params.id} ${request.query.signature}`)
  })
  const server = await listen(muster)
  const app = express()
  app.use(forwardToMuster(() => server.url, 't0ken'))
  const url = await serve(app)
  const answer = await fetch(`${url}/incidents/INC-1/postmortem.html?signature=a%2Fb`)
  expect([await answer.text(), answer.headers.get('content-security-policy')]).toEqual([
    'INC-1 a/b',
    "default-src 'none'; frame-ancestors 'self'",
  ])
  expect((await fetch(`${url}/incidents/INC-1/nothing.html`)).status).toBe(404)
  await server.stop()
  expect((await fetch(`${url}/metrics`)).status).toBe(503)
})

test('serves the page and its modules without types, and no other files', async () => {
  const app = express()
  app.use(pageFiles())
  const url = await serve(app)
  const page = await fetch(url)
  const policy = page.headers.get('content-security-policy') ?? ''
  expect(policy).toMatch(/script-src 'self' 'sha256-/)
  const text = await page.text()
  const addresses = [...text.matchAll(/(?:href|src)="([^"]+)"|": "(\/sandbox\/lib\/[^"]+)"/g)].map(
    ([, link, library]) => link ?? library ?? '',
  )
  expect(addresses.length).toBeGreaterThan(20)
  for (const address of addresses) {
    expect(address).toMatch(/^\/sandbox\//)
    expect([address, (await fetch(url + address)).status]).toEqual([address, 200])
  }
  const module = await fetch(`${url}/sandbox/page/state.ts`)
  expect(module.headers.get('content-type')).toBe('text/javascript; charset=utf-8')
  expect(await module.text()).not.toContain('export type')
  for (const path of [
    '/sandbox/page/../control-routes.ts',
    '/sandbox/page/%2e%2e%2fcontrol-routes.ts',
    '/sandbox/page/tsconfig.json',
    '/sandbox/lib/express.js',
    '/sandbox/page/none.ts',
  ])
    expect([path, (await fetch(url + path)).status]).toEqual([path, 404])
})
