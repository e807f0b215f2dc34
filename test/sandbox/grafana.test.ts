import { afterEach, beforeEach, expect, test } from 'vitest'
import { createFakeGrafana, type FakeGrafana } from '../../sandbox/grafana.ts'
import { connectionCollapse } from '../../sandbox/stories/connection-collapse/story.ts'
import { days } from '../../sandbox/stories/signals.ts'

const anchor = Date.UTC(2026, 10, 21, 3)
let grafana: FakeGrafana

beforeEach(async () => {
  grafana = await createFakeGrafana({ token: 'glsa_sandbox', now: () => anchor })
  grafana.show(connectionCollapse, anchor)
})
afterEach(() => grafana.stop())

const get = (path: string, token = 'glsa_sandbox') =>
  fetch(grafana.url + path, { headers: { authorization: `Bearer ${token}` } })

const sizeOf = async (path: string) => {
  const bytes = Buffer.from(await (await get(path)).arrayBuffer())
  expect(bytes.subarray(1, 4).toString()).toBe('PNG')
  return [bytes.readUInt32BE(16), bytes.readUInt32BE(20)]
}

test('annotations can be queried by tag and time', async () => {
  const deploys = await (await get(`/api/annotations?tags=deploy&from=${anchor - days(3)}&to=${anchor}`)).json()
  expect(deploys).toMatchObject([{ text: 'Deploy catalogue 2.8.1', time: anchor - days(2) }])
  expect(await (await get(`/api/annotations?tags=deploy&from=${anchor - days(1)}&to=${anchor}`)).json()).toEqual([])
})

test('renders a panel in the requested size', async () => {
  expect(await sizeOf('/render/d-solo/shipping/x?panelId=1&width=400&height=200&scale=2')).toEqual([800, 400])
})

test('without a renderer every panel is a placeholder with status 200', async () => {
  grafana.setRenderer(false)
  expect(await sizeOf('/render/d-solo/shipping/x?panelId=1&width=400&height=200')).toEqual([480, 160])
})

test('each service has a dashboard with a panel per query', async () => {
  const { dashboard } = (await (await get('/api/dashboards/uid/shipping')).json()) as {
    dashboard: { panels: unknown[] }
  }
  expect(dashboard.panels).toHaveLength(3)
  expect((await get('/api/dashboards/uid/nobody')).status).toBe(404)
})

test('rejects a wrong token; health needs none', async () => {
  const refused = await get('/api/annotations', 'wrong')
  expect(refused.status).toBe(401)
  expect(await refused.json()).toEqual({ message: 'Invalid API key' })
  expect((await fetch(`${grafana.url}/api/health`)).status).toBe(200)
})
