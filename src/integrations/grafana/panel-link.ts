/** A dashboard with the variable values to show it with. */
export type DashboardRef = {
  uid: string
  /** Values of the dashboard's variables by name; several where a link has several. */
  vars: Record<string, string[]>
}

/** One panel of a dashboard. */
export type PanelRef = DashboardRef & { panel: number }

/** What a link leads to, and the range it shows as Grafana writes it: `now-6h`, `1763693100000`. */
export type Linked = DashboardRef & { panel?: number; range?: { from: string; to: string } }

/**
 * What a link of Grafana leads to: a panel (`/d/<uid>/<slug>?viewPanel=4&var-service=web`, `/d-solo/...?panelId=4`) or
 * the whole dashboard. Undefined for a link to something else, or to another Grafana.
 */
export const linkedTo = (link: string, grafanaUrl: string): Linked | undefined => {
  const [, uid] = /^\/d(?:-solo)?\/([\w-]+)/.exec(pathOf(link, grafanaUrl) ?? '') ?? []
  if (!uid) return undefined
  const url = new URL(link)
  // Newer versions write `panel-4`.
  const [, panel] =
    /^(?:panel-)?(\d+)$/.exec(url.searchParams.get('viewPanel') ?? url.searchParams.get('panelId') ?? '') ?? []
  const vars: DashboardRef['vars'] = {}
  for (const [name, value] of url.searchParams)
    if (name.startsWith('var-')) vars[name.slice(4)] = [...(vars[name.slice(4)] ?? []), value]
  const [from, to] = [url.searchParams.get('from'), url.searchParams.get('to')]
  return { uid, vars, ...(panel ? { panel: Number(panel) } : {}), ...(from && to ? { range: { from, to } } : {}) }
}

/** The path of a short link, `/goto/Cmj5_r7Ng`, as Grafana's Share makes them; undefined for any other link. */
export const shortPath = (link: string, grafanaUrl: string): string | undefined =>
  /^\/goto\/[\w-]+/.exec(pathOf(link, grafanaUrl) ?? '')?.[0]

/** The path below Grafana's own address; undefined for a link to elsewhere. */
const pathOf = (link: string, grafanaUrl: string): string | undefined => {
  if (!URL.canParse(link)) return undefined
  const [url, home] = [new URL(link), new URL(grafanaUrl)]
  const prefix = home.pathname.replace(/\/+$/, '')
  return url.origin === home.origin && url.pathname.startsWith(`${prefix}/`)
    ? url.pathname.slice(prefix.length)
    : undefined
}

const UNITS_MS: Record<string, number> = { s: 1e3, m: 6e4, h: 3.6e6, d: 8.64e7, w: 6.048e8, M: 2.592e9, y: 3.1536e10 }
/** A longer range has points too far apart to show anything. */
const LONGEST_MS = 366 * 86_400_000

/**
 * The range of a link in epoch ms; undefined for one that cannot be read.
 * @param at what `now` means: when the link was given, epoch ms
 */
export const rangeOf = (
  { range }: Pick<Linked, 'range'>,
  at: number,
): { from: number; to: number; follows: boolean } | undefined => {
  const [from, to] = [instantOf(range?.from, at), instantOf(range?.to, at)]
  if (from === undefined || to === undefined || from >= to || to - from > LONGEST_MS) return undefined
  return { from, to: Math.min(to, at), follows: range?.to === 'now' }
}

/** Grafana: epoch ms, `now`, `now-6h`, `now-1d/d` (the rounding is ignored), or ISO 8601. */
const instantOf = (text: string | undefined, at: number): number | undefined => {
  if (text === undefined) return undefined
  if (/^\d{12,14}$/.test(text)) return Number(text)
  const [relative, sign, count, unit] = /^now(?:([+-])(\d{1,6})([smhdwMy]))?(?:\/[smhdwMy])?$/.exec(text) ?? []
  if (relative !== undefined) return at + Number(`${sign ?? '+'}${count ?? 0}`) * (UNITS_MS[unit ?? 's'] ?? 0)
  const parsed = Date.parse(text)
  return /^\d{4}-\d{2}-\d{2}/.test(text) && !Number.isNaN(parsed) ? parsed : undefined
}

/** The panel that a link leads to; undefined for any other link. */
export const panelOf = (link: string, grafanaUrl: string): PanelRef | undefined => {
  const found = linkedTo(link, grafanaUrl)
  return found?.panel === undefined ? undefined : { uid: found.uid, panel: found.panel, vars: found.vars }
}
