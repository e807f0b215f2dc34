/** A dashboard with the variable values to show it with. */
export type DashboardRef = {
  uid: string
  /** Values of the dashboard's variables by name; several where a link has several. */
  vars: Record<string, string[]>
}

/** One panel of a dashboard. */
export type PanelRef = DashboardRef & { panel: number }

/**
 * What a link of Grafana leads to: a panel (`/d/<uid>/<slug>?viewPanel=4&var-service=web`, `/d-solo/...?panelId=4`) or
 * the whole dashboard. Undefined for a link to something else, or to another Grafana.
 */
export const linkedTo = (
  link: string,
  grafanaUrl: string,
): PanelRef | (DashboardRef & { panel?: undefined }) | undefined => {
  if (!URL.canParse(link)) return undefined
  const [url, home] = [new URL(link), new URL(grafanaUrl)]
  const prefix = home.pathname.replace(/\/+$/, '')
  if (url.origin !== home.origin || !url.pathname.startsWith(`${prefix}/`)) return undefined
  const [, uid] = /^\/d(?:-solo)?\/([\w-]+)/.exec(url.pathname.slice(prefix.length)) ?? []
  if (!uid) return undefined
  // Newer versions write `panel-4`.
  const [, panel] =
    /^(?:panel-)?(\d+)$/.exec(url.searchParams.get('viewPanel') ?? url.searchParams.get('panelId') ?? '') ?? []
  const vars: DashboardRef['vars'] = {}
  for (const [name, value] of url.searchParams)
    if (name.startsWith('var-')) vars[name.slice(4)] = [...(vars[name.slice(4)] ?? []), value]
  return panel ? { uid, panel: Number(panel), vars } : { uid, vars }
}

/** The panel that a link leads to; undefined for any other link. */
export const panelOf = (link: string, grafanaUrl: string): PanelRef | undefined => {
  const found = linkedTo(link, grafanaUrl)
  return found?.panel === undefined ? undefined : found
}
