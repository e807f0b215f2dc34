import { z } from 'zod'
import { Permanent } from '../../incident/errors.ts'
import type { Series } from '../../incident/evidence.ts'
import { List, Text } from '../../incident/outside.ts'
import { createHttpClient } from '../../platform/http-client.ts'
import { expectOk } from '../../platform/http-status.ts'
import { type Dashboard, fillIn, type PanelQuery, readDashboard } from './dashboard.ts'
import { readFrames } from './frames.ts'
import { linkedTo, type PanelRef, shortPath } from './panel-link.ts'
import { isPng, pngSize } from './picture.ts'

export type GrafanaOptions = {
  /** Grafana's own address, with the path it is served under. */
  url: string
  token: string
  /** Limit of one request, ms; drawing a panel takes a few seconds. */
  timeoutMs?: number
  fetch?: typeof globalThis.fetch | undefined
}

/** A stretch of time, epoch ms. */
type Range = { from: number; to: number }

const WIDTH = 1000
const HEIGHT = 500
const SCALE = 2
const POINTS = 240
/** An interrupted attempt wrote the same content, apart from a possible correction of the start. */
const FOUND_WITHIN_MS = 3_600_000

/** The part of Grafana's HTTP API that Muster needs. It never retries. */
export const createGrafanaClient = ({ url, token, timeoutMs = 10_000, fetch }: GrafanaOptions) => {
  const http = createHttpClient({ name: 'Grafana', url, token, timeoutMs, maxBytes: 8 * 1024 * 1024, fetch })
  const hint = 'GRAFANA_TOKEN needs the role Viewer, and Editor to write annotations.'

  const link = ({ uid, panel, vars }: PanelRef, { from, to }: Range): string => {
    const query = new URLSearchParams({ viewPanel: String(panel), from: String(from), to: String(to) })
    for (const [name, values] of Object.entries(vars)) for (const value of values) query.append(`var-${name}`, value)
    return `${http.base}/d/${encodeURIComponent(uid)}?${query}`
  }

  return {
    base: http.base,
    /** A link to the panel over this range. */
    link,
    /** Whether a link leads to a panel or a dashboard of this Grafana. */
    isOurs: (address: string): boolean =>
      linkedTo(address, http.base) !== undefined || shortPath(address, http.base) !== undefined,

    /**
     * Where a short link leads; any other link as it is.
     * @throws HttpError where it leads to another host, and Permanent where it is unknown.
     */
    async longLink(address: string, signal?: AbortSignal): Promise<string> {
      const short = shortPath(address, http.base)
      if (short === undefined) return address
      // Grafana answers with a redirect (pkg/api/short_url.go); the page behind it is not needed, but small.
      const response = await http.request(short, { redirects: 'same-origin', headers: { accept: 'text/html' }, signal })
      if (!linkedTo(response.url, http.base))
        throw new Permanent('The short link leads to no panel or dashboard; it may have expired.')
      return response.url
    },

    /** @throws Permanent for a dashboard that does not exist, or whose schema is unknown. */
    async dashboard(uid: string, signal?: AbortSignal): Promise<Dashboard> {
      const old = await http.request(`/api/dashboards/uid/${encodeURIComponent(uid)}`, { signal })
      // Grafana 13 deprecates this address; where it is gone, the resource API has the dashboard.
      const response = old.ok
        ? old
        : old.status === 404 || old.status === 410
          ? await http.request(
              `/apis/dashboard.grafana.app/v1beta1/namespaces/default/dashboards/${encodeURIComponent(uid)}`,
              { signal },
            )
          : old
      if (response.status === 404) throw new Permanent(`Grafana has no dashboard ${uid}.`)
      const dashboard = readDashboard(expectOk(response, { name: 'Grafana', hint }).json())
      if (!dashboard) throw new Permanent(`The dashboard ${uid} has a schema that Muster does not know.`)
      return dashboard
    },

    /**
     * The panel as rendered by Grafana; undefined when its renderer is missing or busy. Grafana then answers 200 with a
     * placeholder of its own size, so that only the size reveals it.
     */
    async render(
      { uid, panel, vars }: PanelRef,
      { from, to }: Range,
      signal?: AbortSignal,
    ): Promise<Buffer | undefined> {
      const query = new URLSearchParams({
        panelId: String(panel),
        from: String(from),
        to: String(to),
        theme: 'light',
        tz: 'UTC',
        width: String(WIDTH),
        height: String(HEIGHT),
        scale: String(SCALE),
        timeout: String(Math.floor(timeoutMs / 1000)),
      })
      for (const [name, values] of Object.entries(vars)) for (const value of values) query.append(`var-${name}`, value)
      const response = await http.request(`/render/d-solo/${encodeURIComponent(uid)}/panel`, {
        query,
        headers: { accept: 'image/png' },
        signal,
      })
      if (!response.ok || !isPng(response.bytes)) return undefined
      const size = pngSize(response.bytes)
      return size?.width === WIDTH * SCALE && size.height === HEIGHT * SCALE ? response.bytes : undefined
    },

    /** The panel's own queries, with the dashboard's variables filled in. */
    async query(
      queries: readonly PanelQuery[],
      vars: Record<string, string[]>,
      { from, to }: Range,
      signal?: AbortSignal,
    ): Promise<{ series: Series[]; errors: string[] }> {
      const stepMs = Math.max(15_000, Math.round((to - from) / POINTS))
      const filled = JSON.parse(JSON.stringify(queries), (_name, value: unknown) =>
        typeof value === 'string' ? fillIn(value, vars, stepMs) : value,
      ) as PanelQuery[]
      const response = await http.request('/api/ds/query', {
        method: 'POST',
        body: {
          from: String(from),
          to: String(to),
          queries: filled.map((query) => ({
            ...query,
            range: true,
            instant: false,
            intervalMs: stepMs,
            maxDataPoints: POINTS,
          })),
        },
        signal,
      })
      // A failed query can make the whole answer 400, with its reason inside.
      if (!response.ok && response.status !== 400) expectOk(response, { name: 'Grafana', hint })
      return readFrames(response.json())
    },

    /** The id of a region with all of these tags and this start; undefined when there is none. */
    async findAnnotation(tags: readonly string[], { from }: Range, signal?: AbortSignal): Promise<number | undefined> {
      const query = { from: from - FOUND_WITHIN_MS, to: from + FOUND_WITHIN_MS, tags, limit: 1 }
      const response = await http.request('/api/annotations', { query, signal })
      return List(z.object({ id: z.number() })).parse(expectOk(response, { name: 'Grafana', hint }).json())[0]?.id
    },

    /** Writes a region that dashboards show by its tags; returns its id. */
    async annotate(region: Range & { text: string; tags: readonly string[] }, signal?: AbortSignal): Promise<number> {
      const { from, to, text, tags } = region
      const response = await http.request('/api/annotations', {
        method: 'POST',
        body: { time: from, timeEnd: to, text, tags },
        signal,
      })
      return z.object({ id: z.number() }).parse(expectOk(response, { name: 'Grafana', hint }).json()).id
    },

    /** False when somebody has deleted it. */
    async changeAnnotation(
      id: number,
      region: Range & { text: string; tags: readonly string[] },
      signal?: AbortSignal,
    ): Promise<boolean> {
      const { from, to, text, tags } = region
      const response = await http.request(`/api/annotations/${id}`, {
        method: 'PATCH',
        body: { time: from, timeEnd: to, text, tags },
        signal,
      })
      if (response.status === 404) return false
      expectOk(response, { name: 'Grafana', hint })
      return true
    },

    /** The address of a Prometheus behind Grafana: the default one, else the first. Undefined when there is none. */
    async prometheusProxy(signal?: AbortSignal): Promise<string | undefined> {
      const response = expectOk(await http.request('/api/datasources', { signal }), { name: 'Grafana', hint })
      const sources = List(
        z.object({ uid: Text, type: Text, isDefault: z.boolean().optional().catch(undefined) }),
      ).parse(response.json())
      const found = sources.filter(({ type, uid }) => type === 'prometheus' && uid)
      const uid = (found.find(({ isDefault }) => isDefault) ?? found[0])?.uid
      return uid && `${http.base}/api/datasources/proxy/uid/${encodeURIComponent(uid)}`
    },

    /** Grafana's page for looking at a query of the default data source. */
    exploreUrl(query: string, { from, to }: Range): string {
      const pane = { queries: [{ refId: 'A', expr: query }], range: { from: String(from), to: String(to) } }
      const asked = new URLSearchParams({ schemaVersion: '1', panes: JSON.stringify({ muster: pane }) })
      return `${http.base}/explore?${asked}`
    },

    /** An image at an address of this Grafana. @throws the error response. */
    async picture(address: string, signal?: AbortSignal): Promise<Buffer> {
      const path = address.slice(http.base.length)
      return expectOk(await http.request(path, { headers: { accept: 'image/*' }, signal }), { name: 'Grafana', hint })
        .bytes
    },
  }
}

export type GrafanaClient = ReturnType<typeof createGrafanaClient>
