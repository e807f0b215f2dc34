import { bulkhead } from 'cockatiel'
import { messageOf } from '../../incident/errors.ts'
import type { EvidenceRequest, EvidenceSource, Series, Snapshot } from '../../incident/evidence.ts'
import { shorten } from '../../incident/measure.ts'
import type { GrafanaClient } from './client.ts'
import type { Panel } from './dashboard.ts'
import { linkedTo, type PanelRef, panelOf, rangeOf } from './panel-link.ts'

export type GrafanaEvidenceOptions = {
  client: GrafanaClient
  /** Concurrent requests over all incidents: rendering is expensive. */
  atOnce?: number
}

const name = 'grafana'
const MOST_PANELS = 6
/** Of a dashboard that somebody links to; its top is what its authors want to be seen. */
const MOST_OF_DASHBOARD = 4

/** A panel to freeze, and who wants it. */
type Wanted = PanelRef & {
  title?: string | undefined
  service?: string | undefined
  alerts: boolean
  /** The range that its link shows, where that is another than the incident's; epoch ms. */
  chosen?: { from: number; to: number } | undefined
}
/** A link that could not be followed, said in a line. */
type Refused = { link: string; reason: string }

/**
 * Panels of Grafana. A panel of an alert, or one that somebody linked to, is rendered by Grafana where its renderer
 * works; otherwise we draw the panel's own queries; otherwise it is a link with the reason. Panels of the catalogue are
 * drawn by us first: an image cannot be judged, and what looks usual is not shown.
 */
export const grafanaEvidence = ({ client, atOnce = 3 }: GrafanaEvidenceOptions): EvidenceSource => {
  const turn = bulkhead(atOnce, Number.POSITIVE_INFINITY)

  const panel = async (wanted: Wanted, request: EvidenceRequest, signal: AbortSignal): Promise<Snapshot> => {
    const range = wanted.chosen ?? { from: request.from, to: request.to }
    const url = client.link(wanted, range)
    const of = { source: name, url, notes: [] as string[] }
    try {
      const dashboard = await client.dashboard(wanted.uid, signal)
      const found = dashboard.panels.get(wanted.panel)
      const title = titleOf(wanted, found)
      if (!found)
        return { kind: 'missing', source: name, title, url, reason: `The dashboard has no panel ${wanted.panel}.` }
      const render = async (): Promise<Snapshot | undefined> => {
        const picture = await client.render(wanted, range, signal).catch(() => undefined)
        return picture && { ...of, kind: 'image', title, mediaType: 'image/png', base64: picture.toString('base64') }
      }
      const drawn = wanted.alerts ? await render() : undefined
      if (drawn) return drawn
      const vars = { ...dashboard.vars, ...wanted.vars }
      const { series, errors } = await client.query(
        found.queries,
        vars,
        wanted.chosen ?? { from: request.past, to: request.to },
        signal,
      )
      if (series.length > 0) return chart(wanted, found, title, request, { url, series, errors })
      const rendered = wanted.alerts ? undefined : await render()
      if (rendered) return rendered
      const reason = `Grafana's renderer is not available, and its data could not be drawn: ${errors[0] ?? 'no data'}`
      return { kind: 'missing', source: name, title, url, reason: shorten(reason, 300) }
    } catch (error) {
      return { kind: 'missing', source: name, title: wanted.title ?? 'Grafana panel', url, reason: messageOf(error) }
    }
  }

  /** The panel that a link leads to, or the first panels with data of the dashboard that it leads to. */
  const panelsIn = async (
    { link, at }: { link: string; at: number },
    { from }: EvidenceRequest,
    signal: AbortSignal,
  ): Promise<(Wanted | Refused)[]> => {
    let to: ReturnType<typeof linkedTo>
    try {
      to = linkedTo(await turn.execute(() => client.longLink(link, signal)), client.base)
    } catch (error) {
      return [{ link, reason: messageOf(error) }]
    }
    if (!to) return []
    const range = rangeOf(to, at)
    // "The last hour" is what is shown anyway, and it goes on while the incident does.
    const chosen = range && !(range.follows && range.from >= from) ? { from: range.from, to: range.to } : undefined
    const { uid, vars } = to
    if (to.panel !== undefined) return [{ uid, vars, panel: to.panel, alerts: true, chosen }]
    const dashboard = await turn.execute(() => client.dashboard(uid, signal)).catch(() => undefined)
    // A read error is reported under the first panel, which every dashboard has.
    const panels = dashboard ? [...dashboard.panels].filter(([, { queries }]) => queries.length > 0) : [[1] as const]
    return panels.slice(0, MOST_OF_DASHBOARD).map(([number]) => ({ uid, vars, panel: number, alerts: true, chosen }))
  }

  return {
    name,
    async collect(request, signal) {
      const followed = await Promise.all(
        (request.panels ?? []).slice(0, MOST_PANELS).map((link) => panelsIn(link, request, signal)),
      )
      const linked = followed.flat().filter((one) => 'uid' in one)
      const refused = followed.flat().filter((one) => 'reason' in one)
      const shown = await Promise.all(
        panelsFor(request, linked, client.base).map((wanted) => turn.execute(() => panel(wanted, request, signal))),
      )
      return [
        ...shown,
        ...refused.map(
          ({ link, reason }): Snapshot => ({ kind: 'missing', source: name, title: 'Grafana link', url: link, reason }),
        ),
      ]
    },
  }
}

/** With its range where somebody chose one: the same panel may stand beside it over the incident. */
const titleOf = ({ title, panel, chosen }: Wanted, found: Panel | undefined): string => {
  const own = title ?? found?.title ?? `Panel ${panel}`
  if (!chosen) return own
  const [from, to] = [chosen.from, chosen.to].map((time) => new Date(time).toISOString().slice(0, 16).replace('T', ' '))
  return `${own}, ${from} to ${from?.slice(0, 10) === to?.slice(0, 10) ? to?.slice(11) : to} UTC`
}

/** The panel drawn by us, with its title, unit and threshold. */
const chart = (
  { alerts, service, chosen }: Wanted,
  { queries, unit, threshold }: Panel,
  title: string,
  { past, to, at }: EvidenceRequest,
  { url, series, errors }: { url: string; series: Series[]; errors: string[] },
): Snapshot => ({
  kind: 'chart',
  source: name,
  title,
  query: queryOf(queries),
  unit,
  series,
  at,
  from: past,
  to,
  url,
  ...(chosen ? { ...chosen, chosen: true } : {}),
  ...(alerts ? { alerts } : {}),
  ...(threshold === undefined ? {} : { threshold }),
  ...(service === undefined ? {} : { service }),
  notes: errors.slice(0, 1).map((error) => `A query of the panel failed: ${shorten(error, 200)}`),
})

/** Requested panels first, then those of alerts, then the catalogue's; each once. */
const panelsFor = ({ alerts, targets }: EvidenceRequest, linked: readonly Wanted[], base: string): Wanted[] => {
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
    const key = JSON.stringify([one.uid, one.panel, 'chosen' in one ? one.chosen : undefined])
    if (!wanted.has(key)) wanted.set(key, one)
  }
  return [...wanted.values()].slice(0, MOST_PANELS)
}

const queryOf = (queries: readonly { [member: string]: unknown }[]): string =>
  queries
    .flatMap(({ expr, query, rawSql }) => [expr, query, rawSql].filter((text) => typeof text === 'string'))
    .join('; ') || 'the panel\u2019s own query'
