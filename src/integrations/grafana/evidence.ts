import { bulkhead } from 'cockatiel'
import type { Alert } from '../../incident/alert.ts'
import { messageOf } from '../../incident/errors.ts'
import type { EvidenceRequest, EvidenceSource, Series, Snapshot } from '../../incident/evidence.ts'
import { shorten } from '../../incident/measure.ts'
import { createHttpClient } from '../../platform/http-client.ts'
import { expectOk } from '../../platform/http-status.ts'
import type { GrafanaClient } from './client.ts'
import type { Panel } from './dashboard.ts'
import { type PanelRef, panelOf } from './panel-link.ts'
import { mediaTypeOf } from './picture.ts'

export type GrafanaEvidenceOptions = {
  client: GrafanaClient
  /** Hosts besides Grafana's own that pictures of alerts may be fetched from; never with a token. */
  pictureHosts?: readonly string[]
  /** Requests under way at once, over all incidents: drawing is expensive. */
  atOnce?: number
  /** Limit of one request, ms. */
  timeoutMs?: number
  fetch?: typeof globalThis.fetch | undefined
}

const name = 'grafana'
const MOST_PANELS = 6
const MOST_PICTURES = 3
const MOST_BYTES = 8 * 1024 * 1024

/** A panel to freeze, and who wants it. */
type Wanted = PanelRef & { title?: string | undefined; service?: string | undefined; alerts: boolean }

/**
 * Panels of Grafana, and the alerts' screenshots. A panel of an alert, or one that somebody linked to, is drawn by Grafana
 * where its renderer works, else by us out of the panel's own queries, else it is a link with the reason. Panels of the
 * catalogue are drawn by us first: a picture cannot be judged, and what looks usual is not shown.
 */
export const grafanaEvidence = ({
  client,
  pictureHosts = [],
  atOnce = 3,
  timeoutMs = 10_000,
  fetch,
}: GrafanaEvidenceOptions): EvidenceSource => {
  const turn = bulkhead(atOnce, Number.POSITIVE_INFINITY)

  const panel = async (wanted: Wanted, request: EvidenceRequest, signal: AbortSignal): Promise<Snapshot> => {
    const range = { from: request.from, to: request.to }
    const url = client.link(wanted, range)
    const of = { source: name, url, notes: [] as string[] }
    try {
      const dashboard = await client.dashboard(wanted.uid, signal)
      const found = dashboard.panels.get(wanted.panel)
      const title = wanted.title ?? found?.title ?? `Panel ${wanted.panel}`
      if (!found)
        return { kind: 'missing', source: name, title, url, reason: `The dashboard has no panel ${wanted.panel}.` }
      const render = async (): Promise<Snapshot | undefined> => {
        const picture = await client.render(wanted, range, signal).catch(() => undefined)
        return picture && { ...of, kind: 'image', title, mediaType: 'image/png', base64: picture.toString('base64') }
      }
      const drawn = wanted.alerts ? await render() : undefined
      if (drawn) return drawn
      const vars = { ...dashboard.vars, ...wanted.vars }
      const { series, errors } = await client.query(found.queries, vars, { from: request.past, to: request.to }, signal)
      if (series.length > 0) return chart(wanted, found, title, request, { url, series, errors })
      const rendered = wanted.alerts ? undefined : await render()
      if (rendered) return rendered
      const reason = `Grafana's renderer is not available, and its data could not be drawn: ${errors[0] ?? 'no data'}`
      return { kind: 'missing', source: name, title, url, reason: shorten(reason, 300) }
    } catch (error) {
      return { kind: 'missing', source: name, title: wanted.title ?? 'Grafana panel', url, reason: messageOf(error) }
    }
  }

  const screenshot = async (alert: Alert, title: string, signal: AbortSignal): Promise<Snapshot> => {
    const address = alert.imageUrl ?? ''
    const missing = (reason: string): Snapshot => ({ kind: 'missing', source: name, title, reason, url: address })
    const { origin, hostname } = new URL(address)
    const own = address.startsWith(`${client.base}/`)
    if (!own && !pictureHosts.includes(hostname))
      return missing(
        `The picture is on ${hostname}; list it under evidence.pictureHosts in muster.yaml to have it kept.`,
      )
    try {
      const bytes = own ? await client.picture(address, signal) : await elsewhere(origin, address, signal)
      const mediaType = mediaTypeOf(bytes)
      if (!mediaType) return missing('What answered is no picture.')
      return {
        kind: 'image',
        source: name,
        title,
        mediaType,
        base64: bytes.toString('base64'),
        url: alert.panelUrl ?? address,
        notes: [],
      }
    } catch (error) {
      return missing(messageOf(error))
    }
  }

  /** Without our token: it is for Grafana alone. */
  const elsewhere = async (origin: string, address: string, signal: AbortSignal): Promise<Buffer> => {
    const http = createHttpClient({
      name: new URL(origin).hostname,
      url: origin,
      timeoutMs,
      maxBytes: MOST_BYTES,
      fetch,
    })
    return expectOk(await http.request(address.slice(origin.length), { headers: { accept: 'image/*' }, signal }), {
      name: new URL(origin).hostname,
    }).bytes
  }

  return {
    name,
    async collect(request, signal) {
      const pictures = request.alerts
        .filter(({ imageUrl }) => imageUrl && URL.canParse(imageUrl))
        .map((alert) => ({ alert, title: `Screenshot: ${shorten(alert.title, 150)}` }))
        // A picture does not change: it is fetched once, at once.
        .filter(({ title }) => !request.pictures?.has(title))
        .slice(0, MOST_PICTURES)
      return Promise.all([
        ...pictures.map(({ alert, title }) => turn.execute(() => screenshot(alert, title, signal))),
        ...panelsFor(request, client.base).map((wanted) => turn.execute(() => panel(wanted, request, signal))),
      ])
    },
  }
}

/** The panel drawn by us, with its title, unit and threshold. */
const chart = (
  { alerts, service }: Wanted,
  { queries, unit, threshold }: Panel,
  title: string,
  { past, to, at }: EvidenceRequest,
  { url, series, errors }: { url: string; series: Series[]; errors: string[] },
): Snapshot => ({
  ...{ kind: 'chart', source: name, title, query: queryOf(queries), unit, series, at, from: past, to, url },
  ...(alerts ? { alerts } : {}),
  ...(threshold === undefined ? {} : { threshold }),
  ...(service === undefined ? {} : { service }),
  notes: errors.slice(0, 1).map((error) => `A query of the panel failed: ${shorten(error, 200)}`),
})

/** Panels that somebody asked for first, then those of alerts, then the catalogue's; each once. */
const panelsFor = ({ panels = [], alerts, targets }: EvidenceRequest, base: string): Wanted[] => {
  const linked = panels.flatMap((link) => panelOf(link, base) ?? []).map((ref) => ({ ...ref, alerts: true }))
  const alerted = alerts.flatMap(({ panelUrl, labels, service }) => {
    const ref = panelUrl && panelOf(panelUrl, base)
    return ref ? [{ ...ref, alerts: true, service: labels.service ?? service }] : []
  })
  const listed = targets.flatMap(({ id, service }) =>
    (service?.dashboards ?? []).flatMap(({ uid, panel, title, vars = {} }) =>
      uid && panel !== undefined
        ? [
            {
              uid,
              panel,
              title,
              service: id,
              alerts: false,
              vars: Object.fromEntries(Object.entries(vars).map(([name, value]) => [name, [value]])),
            },
          ]
        : [],
    ),
  )
  const wanted = new Map<string, Wanted>()
  for (const one of [...linked, ...alerted, ...listed]) {
    const key = `${one.uid} ${one.panel}`
    if (!wanted.has(key)) wanted.set(key, one)
  }
  return [...wanted.values()].slice(0, MOST_PANELS)
}

const queryOf = (queries: readonly { [member: string]: unknown }[]): string =>
  queries
    .flatMap(({ expr, query, rawSql }) => [expr, query, rawSql].filter((text) => typeof text === 'string'))
    .join('; ') || 'the panel\u2019s own query'
