import express, { type NextFunction, type Request, type Response } from 'express'
import type { Service } from '../src/incident/service.ts'
import { type Fault, faultSwitch } from './faults.ts'
import { dataSourceRoutes, range } from './grafana/data-source.ts'
import { picture } from './grafana/picture.ts'
import { plot } from './grafana/plot.ts'
import { type Listening, type ListenOptions, listen } from './server.ts'
import type { StoryChange } from './stories/story.ts'

export type FakeGrafana = Listening & {
  /** Shows a story whose time began at `anchor`, epoch ms: its deploys as annotations, a dashboard for each service. */
  show(
    story: { services: readonly Service[]; changes: readonly StoryChange[]; hasRenderer?: boolean | undefined },
    anchor: number,
  ): void
  /** Injects a fault; `{ kind: 'none' }` removes it. */
  setFault(fault: Fault): void
  /** Whether an image renderer is installed; without one every render request returns the placeholder with status 200. */
  setRenderer(available: boolean): void
  /** A short link to a path of it, or to an address elsewhere, as Share makes them. */
  shorten(path: string): string
  /** Grafana 13 deprecates `/api/dashboards`; `resources` serves dashboards under `/apis/` only. */
  setDashboardApi(api: 'old' | 'resources'): void
  /** All annotations: the story's deploys, and those created through the API. */
  annotations(): Annotation[]
}

type Annotation = { id: number; time: number; timeEnd: number; text: string; tags: string[]; dashboardUID?: string }

type Options = ListenOptions & {
  token: string
  /** Epoch ms. */
  now: () => number
  /** The Prometheus that panels query; without it they have no data. */
  prometheusUrl?: string
}

/** Grafana: the placeholder ignores the requested width and height. */
const placeholder = { width: 480, height: 160 }

/** A Grafana stand-in: health, dashboards, data-source queries, annotations and rendered panels. */
export const createFakeGrafana = async ({
  token,
  now,
  prometheusUrl,
  ...listenOptions
}: Options): Promise<FakeGrafana> => {
  let services: readonly Service[] = []
  let annotations: Annotation[] = []
  const shortened: string[] = []
  let renderer = true
  let dashboardApi: 'old' | 'resources' = 'old'
  const health = faultSwitch()
  const app = express()
  app.use(health.middleware, express.json(), express.urlencoded({ extended: false }))
  app.get('/api/health', (_request, response) => {
    response.json({ database: 'ok', version: '12.3.0', commit: '087143285' })
  })
  app.use((request, response, next) => {
    if (request.get('authorization') === `Bearer ${token}`) next()
    else response.status(401).json({ message: 'Invalid API key' })
  })
  if (prometheusUrl) app.use(dataSourceRoutes(prometheusUrl))
  // pkg/api/short_url.go: an address made from root_url, and the start page for an unknown one.
  app.get('/goto/:uid', (request, response) => {
    const path = shortened[Number(request.params.uid)] ?? '/'
    response.redirect(302, URL.canParse(path) ? path : `${request.protocol}://${request.get('host')}${path}`)
  })
  app.get(['/', '/d/:uid/:slug', '/explore'], (_request, response) => {
    response.type('html').send('<!doctype html><title>Grafana</title>')
  })
  app.get('/api/frontend/settings', (_request, response) => {
    response.json({ rendererAvailable: renderer, buildInfo: { version: '12.3.0' } })
  })
  app.get('/api/dashboards/uid/:uid', (request, response) => {
    const service = services.find(({ id }) => id === request.params.uid)
    if (service && dashboardApi === 'old') response.json(dashboard(service))
    else response.status(404).json({ message: 'Dashboard not found' })
  })
  app.get('/apis/dashboard.grafana.app/v1beta1/namespaces/default/dashboards/:uid', (request, response) => {
    const service = services.find(({ id }) => id === request.params.uid)
    if (!service) {
      response.status(404).json({ kind: 'Status', status: 'Failure', reason: 'NotFound', code: 404 })
      return
    }
    const { uid, ...spec } = dashboard(service).dashboard
    response.json({
      kind: 'Dashboard',
      apiVersion: 'dashboard.grafana.app/v1beta1',
      metadata: { name: uid, namespace: 'default' },
      spec,
    })
  })
  app.get('/api/annotations', (request, response) => {
    const tags = [request.query.tags].flat().filter((each) => typeof each === 'string')
    const from = Number(request.query.from ?? 0)
    const to = Number(request.query.to ?? Number.POSITIVE_INFINITY)
    const found = annotations.filter(
      (each) => each.time >= from && each.time <= Math.min(to, now()) && tags.every((tag) => each.tags.includes(tag)),
    )
    response.json(found.sort((a, b) => b.time - a.time).slice(0, Number(request.query.limit ?? 100)))
  })
  app.post('/api/annotations', (request, response) => {
    const { time = now(), timeEnd = time, text, tags = [], dashboardUID } = request.body ?? {}
    if (typeof text !== 'string' || !text) {
      response.status(400).json({ message: 'Failed to save annotation', error: 'text field should not be empty' })
      return
    }
    const id = annotations.length + 1
    annotations.push({ id, time, timeEnd, text, tags, ...(dashboardUID && { dashboardUID }) })
    response.json({ message: 'Annotation added', id })
  })
  app.patch('/api/annotations/:id', (request, response) => {
    const found = annotations.find(({ id }) => id === Number(request.params.id))
    if (!found) {
      response.status(404).json({ message: 'Annotation not found' })
      return
    }
    const { time, timeEnd, text, tags } = request.body ?? {}
    Object.assign(found, {
      ...(time && { time }),
      ...(timeEnd && { timeEnd }),
      ...(text && { text }),
      ...(tags && { tags }),
    })
    response.json({ message: 'Annotation patched' })
  })
  app.get('/render/d-solo/:uid/:slug', async (request, response) => {
    const query = request.query as Record<string, string | undefined>
    const { width = '1000', height = '500', scale = '1', theme = 'dark', panelId, from, to } = query
    const service = services.find(({ id }) => id === request.params.uid)
    const dark = theme !== 'light'
    response.type('png')
    if (!renderer || !service) {
      response.send(picture(placeholder.width, placeholder.height, () => (dark ? [24, 27, 31] : [244, 245, 245])))
      return
    }
    const expression = service.queries[Number(panelId) - 1]?.query
    const size = { width: Number(width) * Number(scale), height: Number(height) * Number(scale) }
    const [start, end] = [Number(from ?? now() - 3_600_000), Number(to ?? now())]
    const result =
      expression && prometheusUrl
        ? await range(prometheusUrl, { query: expression, from: start, to: end, stepMs: (end - start) / 240 })
        : {}
    const lines = (result.data?.result ?? []).map(({ values }) =>
      values.map(([, value]) => (value === 'NaN' ? null : Number(value))),
    )
    response.send(plot(size, lines, dark))
  })
  app.use((error: unknown, _request: Request, response: Response, _next: NextFunction) => {
    response.status(500).json({ message: error instanceof Error ? error.message : String(error) })
  })
  const server = await listen(app, listenOptions)
  return {
    ...server,
    setFault: health.set,
    setRenderer: (available) => {
      renderer = available
    },
    shorten: (path) => `${server.url}/goto/${shortened.push(path) - 1}`,
    setDashboardApi: (api) => {
      dashboardApi = api
    },
    annotations: () => annotations,
    show: (story, anchor) => {
      services = story.services
      renderer = story.hasRenderer ?? true
      annotations = story.changes.map((change, i) => ({
        id: i + 1,
        time: anchor + change.atMs,
        timeEnd: anchor + change.atMs,
        text: change.title,
        tags: [change.kind, change.service],
      }))
    },
  }
}

/** Grafana's names for our units. */
const UNITS: Record<string, string> = { s: 's', '%': 'percent', bytes: 'bytes', 'req/s': 'reqps' }

const dashboard = ({ id, name, queries }: Service) => ({
  dashboard: {
    uid: id,
    title: name,
    tags: [],
    timezone: 'browser',
    schemaVersion: 41,
    version: 1,
    time: { from: 'now-1h', to: 'now' },
    templating: { list: [] },
    panels: queries.map(({ title, query, unit, threshold }, i) => ({
      id: i + 1,
      type: 'timeseries',
      title,
      gridPos: { h: 8, w: 12, x: 0, y: 8 * i },
      datasource: { type: 'prometheus', uid: 'prometheus' },
      fieldConfig: {
        defaults: {
          unit: UNITS[unit] ?? 'short',
          thresholds: {
            steps: [
              { value: null, color: 'green' },
              ...(threshold === undefined ? [] : [{ value: threshold, color: 'red' }]),
            ],
          },
        },
      },
      targets: [{ refId: 'A', expr: query, datasource: { type: 'prometheus', uid: 'prometheus' } }],
    })),
  },
  meta: { isStarred: false, url: `/d/${id}/${id}`, folderUid: 'shop', slug: id },
})
