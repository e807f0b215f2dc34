import { afterEach, beforeEach, expect, test } from 'vitest'
import { createFakeGrafana, type FakeGrafana } from '../../../sandbox/grafana.ts'
import { createFakePrometheus, type FakePrometheus } from '../../../sandbox/prometheus.ts'
import { connectionCollapse } from '../../../sandbox/stories/connection-collapse/story.ts'
import { Alert } from '../../../src/incident/alert.ts'
import type { EvidenceRequest } from '../../../src/incident/evidence.ts'
import { Service } from '../../../src/incident/service.ts'
import { createGrafanaClient } from '../../../src/integrations/grafana/client.ts'
import { fillIn, readDashboard } from '../../../src/integrations/grafana/dashboard.ts'
import { grafanaEvidence } from '../../../src/integrations/grafana/evidence.ts'
import { linkedTo, panelOf, rangeOf } from '../../../src/integrations/grafana/panel-link.ts'
import { pngSize } from '../../../src/integrations/grafana/picture.ts'
import { alertScreenshots } from '../../../src/integrations/grafana/screenshots.ts'
import { createPrometheusClient } from '../../../src/integrations/prometheus/client.ts'
import { serve } from '../server.ts'

const MINUTE = 60_000
const at = Date.UTC(2026, 10, 21, 3)
const now = at + 5 * MINUTE
let prometheus: FakePrometheus
let grafana: FakeGrafana

beforeEach(async () => {
  prometheus = await createFakePrometheus({ now: () => now })
  prometheus.show(connectionCollapse.world, at)
  grafana = await createFakeGrafana({ token: 't', now: () => now, prometheusUrl: prometheus.url })
  grafana.show(connectionCollapse, at)
})
afterEach(() => Promise.all([prometheus.stop(), grafana.stop()]))

const request = (more: Partial<EvidenceRequest> = {}): EvidenceRequest => ({
  incident: 'INC-1',
  alerts: [],
  targets: [],
  earlier: [],
  at,
  from: at - 60 * MINUTE,
  to: now,
  past: at - 60 * MINUTE,
  ...more,
})
const client = (url = grafana.url) => createGrafanaClient({ url, token: 't', timeoutMs: 3_000 })
const look = (request: EvidenceRequest, options: object = {}) =>
  grafanaEvidence({ client: client(), ...options }).collect(request, AbortSignal.timeout(20_000))
const screenshots = (request: EvidenceRequest, options: object = {}) =>
  alertScreenshots({ client: client(), ...options }).collect(request, AbortSignal.timeout(20_000))
const alert = (more: object) =>
  Alert.parse({ key: 'k', source: 'grafana', state: 'firing', title: 'Slow', startsAt: at, ...more })
const linked = (link: string) => ({ link, at: now })
const panel = (number: number) => `${grafana.url}/d/shipping/x?orgId=1&viewPanel=${number}`

test("an alert's panel is rendered by Grafana", async () => {
  const [found] = await look(request({ alerts: [alert({ panelUrl: panel(1) })] }))
  expect(found).toMatchObject({ kind: 'image', title: 'P90 latency', mediaType: 'image/png' })
  const bytes = Buffer.from(found?.kind === 'image' ? found.base64 : '', 'base64')
  expect(pngSize(bytes)).toEqual({ width: 2000, height: 1000 })
})

test("without a renderer, the chart is drawn from the panel's own queries", async () => {
  grafana.setRenderer(false)
  const [found] = await look(request({ alerts: [alert({ panelUrl: panel(1) })] }))
  expect(found).toMatchObject({ kind: 'chart', title: 'P90 latency', unit: 's', threshold: 2, alerts: true })
  expect(found?.kind === 'chart' && found.series[0]?.points.length).toBeGreaterThan(100)
  expect(found?.url).toContain('/d/shipping?viewPanel=1')
})

test('a panel of the catalogue is drawn by Muster first, because an image cannot be judged', async () => {
  const service = Service.parse({
    id: 'shipping',
    name: 'S',
    dashboards: [{ title: 'Latency', uid: 'shipping', panel: 1 }],
  })
  const [found] = await look(request({ targets: [{ id: 'shipping', service, alerting: true }] }))
  expect(found).toMatchObject({ kind: 'chart', title: 'Latency', service: 'shipping' })
})

test('what cannot be fetched is a link with one line of explanation', async () => {
  expect(
    await look(request({ panels: [panel(99), `${grafana.url}/d/nobody/x?viewPanel=1`].map(linked) })),
  ).toMatchObject([
    { kind: 'missing', reason: 'The dashboard has no panel 99.', url: expect.stringContaining('viewPanel=99') },
    { kind: 'missing', reason: 'Grafana has no dashboard nobody.' },
  ])
})

test('a screenshot is fetched from the configured Grafana, and from listed hosts without the token', async () => {
  const own = alert({ key: 'a', title: 'Own', imageUrl: `${grafana.url}/render/d-solo/shipping/x?panelId=1` })
  const png = Buffer.from((await client().render({ uid: 'shipping', panel: 1, vars: {} }, { from: at, to: now })) ?? '')
  let authorization: string | undefined = 'never asked'
  await using elsewhere = await serve(({ headers }) => {
    authorization = headers.authorization
    return { bytes: png, headers: { 'content-type': 'image/png' } }
  })
  const other = alert({ key: 'b', title: 'Other', imageUrl: `${elsewhere.url}/shot.png` })
  expect(await screenshots(request({ alerts: [own, other] }))).toMatchObject([
    { kind: 'image', title: 'Screenshot: Own' },
    { kind: 'missing', reason: expect.stringContaining('evidence.pictureHosts') },
  ])
  expect(authorization).toBe('never asked')
  const hosts = { hosts: ['127.0.0.1'] }
  expect((await screenshots(request({ alerts: [other] }), hosts)).map(({ kind }) => kind)).toEqual(['image'])
  expect(authorization).toBeUndefined()
  expect(await screenshots(request({ alerts: [other], pictures: new Set(['Screenshot: Other']) }), hosts)).toEqual([])
  // Also where no Grafana is configured.
  const alone = { client: undefined, ...hosts }
  expect((await screenshots(request({ alerts: [other] }), alone)).map(({ kind }) => kind)).toEqual(['image'])
  expect(await screenshots(request({ alerts: [{ ...other, pictureHash: 'f00' }] }), hosts)).toEqual([])
})

test.each([
  ['a page', { text: '<html>', headers: { 'content-type': 'image/png' } }],
  ['an error', { status: 500, text: 'no' }],
])('a renderer that responds with %s loses only its own image', async (_what, answer) => {
  await using broken = await serve(({ path }) =>
    path.startsWith('/render') ? answer : { status: 200, body: DASHBOARD_V2 },
  )
  const source = grafanaEvidence({ client: client(broken.url) })
  const link = `${broken.url}/d/abc/x?viewPanel=panel-4`
  const [found] = await source.collect(request({ panels: [linked(link)] }), AbortSignal.timeout(5_000))
  expect(found).toMatchObject({ kind: 'missing', title: 'Connections', url: expect.stringContaining('viewPanel=4') })
})

const DASHBOARD_V2 = {
  spec: {
    title: 'Database',
    elements: {
      'panel-4': {
        kind: 'Panel',
        spec: {
          id: 4,
          title: 'Connections',
          data: {
            kind: 'QueryGroup',
            spec: {
              queries: [
                {
                  kind: 'PanelQuery',
                  spec: {
                    refId: 'A',
                    query: {
                      kind: 'DataQuery',
                      group: 'prometheus',
                      datasource: { name: 'prom' },
                      spec: { expr: 'up{db="$db"}' },
                    },
                  },
                },
              ],
            },
          },
          vizConfig: { kind: 'VizConfig', group: 'timeseries', spec: { fieldConfig: { defaults: { unit: 'short' } } } },
        },
      },
    },
    variables: [{ kind: 'QueryVariable', spec: { name: 'db', current: { value: ['shop'] } } }],
  },
}

test('reads a dashboard of schema v2 like v1, including panels of a collapsed row', () => {
  const v2 = readDashboard(DASHBOARD_V2)
  expect(v2?.vars).toEqual({ db: ['shop'] })
  expect(v2?.panels.get(4)).toMatchObject({
    title: 'Connections',
    queries: [{ refId: 'A', expr: 'up{db="$db"}', datasource: { uid: 'prom', type: 'prometheus' } }],
  })
  const row = {
    id: 9,
    type: 'row',
    panels: [{ id: 2, title: 'Inside', type: 'timeseries', targets: [{ expr: 'up' }] }],
  }
  expect(readDashboard({ dashboard: { title: 'V1', panels: [row] } })?.panels.get(2)).toMatchObject({ title: 'Inside' })
  expect(readDashboard({ hello: 'world' })).toBeUndefined()
})

test('substitutes variables, with several values as alternatives', () => {
  const vars = { service: ['web'], pod: ['a.b', 'c'], all: ['$__all'] }
  // biome-ignore lint/suspicious/noTemplateCurlyInString: Grafana writes variables so
  expect(fillIn('x{s="$service",p=~"${pod:regex}",a=~"[[all]]"}[$__rate_interval]', vars, 15_000)).toBe(
    'x{s="web",p=~"(a\\.b|c)",a=~".*"}[120s]',
  )
})

test('only a link to the configured Grafana resolves to a panel', () => {
  const link = 'https://g.example/grafana/d/abc/shop?orgId=1&viewPanel=panel-4&var-service=web&var-service=cart'
  expect(panelOf(link, 'https://g.example/grafana/')).toEqual({
    uid: 'abc',
    panel: 4,
    vars: { service: ['web', 'cart'] },
  })
  expect(panelOf(link, 'https://other.example')).toBeUndefined()
  expect(panelOf('https://g.example/grafana/d/abc', 'https://g.example/grafana')).toBeUndefined()
})

test('queries Prometheus through Grafana', async () => {
  const url = await client().prometheusProxy()
  const behind = createPrometheusClient({ url: url ?? '', token: 't' })
  const { series } = await behind.queryRange({ query: 'sum(rate(http_requests_total[2m]))', from: at - MINUTE, to: at })
  expect(series).toHaveLength(1)
})

test('a link with a range of its own is frozen over that range, however the incident goes on', async () => {
  grafana.setRenderer(false)
  const [from, to] = [at - 50 * MINUTE, at - 20 * MINUTE]
  const [found] = await look(request({ panels: [linked(`${panel(1)}&from=${from}&to=${to}`)] }))
  const title = 'P90 latency, 2026-11-21 02:10 to 02:40 UTC'
  expect(found).toMatchObject({ kind: 'chart', title, from, to, chosen: true })
  const times = found?.kind === 'chart' ? (found.series[0]?.points.map(([time]) => time) ?? []) : []
  expect(times.length).toBeGreaterThan(50)
  expect(Math.min(...times)).toBeGreaterThanOrEqual(from - MINUTE)
  expect(Math.max(...times)).toBeLessThanOrEqual(to)
  grafana.setRenderer(true)
  expect(await look(request({ panels: [linked(`${panel(1)}&from=${from}&to=${to}`)] }))).toMatchObject([
    { kind: 'image', title },
  ])
})

test.each([
  ['now-6h', 'now', 6 * 60, 0, true],
  ['now-2d/d', 'now-1d', 2 * 1440, 1440, false],
  [String(now - 30 * MINUTE), String(now - 10 * MINUTE), 30, 10, false],
  ['2026-11-21T02:35:00Z', '2026-11-21T02:45:00.000Z', 30, 20, false],
  [String(now - 30 * MINUTE), String(now + 30 * MINUTE), 30, 0, false],
])('the range %s to %s is read as Grafana means it', (from, to, back, until, follows) => {
  const range = linkedTo(`${panel(1)}&from=${from}&to=${to}`, grafana.url) ?? {}
  expect(rangeOf(range, now)).toEqual({ from: now - back * MINUTE, to: now - until * MINUTE, follows })
})

test.each([
  ['now', 'now-1h'],
  ['yesterday', 'now'],
  ['0', '99999999999999'],
  ['', ''],
])('a range that cannot be read is the one of the incident: %s to %s', (from, to) => {
  expect(rangeOf(linkedTo(`${panel(1)}&from=${from}&to=${to}`, grafana.url) ?? {}, now)).toBeUndefined()
})

test('"the last hour" follows the incident, "the last week" does not fit into it', async () => {
  grafana.setRenderer(false)
  const frozen = async (range: string) => (await look(request({ panels: [linked(`${panel(1)}&${range}`)] })))[0]
  expect(await frozen('from=now-1h&to=now')).toMatchObject({ title: 'P90 latency', to: now })
  expect(await frozen('from=now-1h&to=now')).not.toHaveProperty('chosen')
  expect(await frozen('from=now-7d&to=now')).toMatchObject({ from: now - 7 * 1440 * MINUTE, chosen: true })
})

test('a short link is followed on its own Grafana, and refused in one line where it leads elsewhere', async () => {
  grafana.setRenderer(false)
  const short = (path: string) => look(request({ panels: [linked(grafana.shorten(path))] }))
  expect(await short('/d/shipping/x?orgId=1&viewPanel=1')).toMatchObject([{ kind: 'chart', title: 'P90 latency' }])
  expect(await short('/explore')).toMatchObject([
    { kind: 'missing', title: 'Grafana link', reason: expect.stringContaining('leads to no panel or dashboard') },
  ])
  const [elsewhere] = await short('http://127.0.0.2:9/d/shipping/x?viewPanel=1')
  expect(elsewhere).toMatchObject({ kind: 'missing', reason: expect.stringContaining('another origin') })
  expect(await look(request({ panels: [linked(`${grafana.url}/goto/unknown`)] }))).toMatchObject([{ kind: 'missing' }])
})
