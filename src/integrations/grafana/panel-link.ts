/** A panel of a dashboard, and how it is to be seen. */
export type PanelRef = {
  uid: string
  panel: number
  /** Values of the dashboard's variables by name; several where a link has several. */
  vars: Record<string, string[]>
}

/**
 * The panel a link of Grafana leads to: `/d/<uid>/<slug>?viewPanel=4&var-service=web`, `/d-solo/...?panelId=4`.
 * Undefined for a link to something else, or to another Grafana.
 */
export const panelOf = (link: string, grafanaUrl: string): PanelRef | undefined => {
  if (!URL.canParse(link)) return undefined
  const [url, home] = [new URL(link), new URL(grafanaUrl)]
  const prefix = home.pathname.replace(/\/+$/, '')
  if (url.origin !== home.origin || !url.pathname.startsWith(`${prefix}/`)) return undefined
  const [, uid] = /^\/d(?:-solo)?\/([\w-]+)/.exec(url.pathname.slice(prefix.length)) ?? []
  // Newer versions write `panel-4`.
  const [, panel] =
    /^(?:panel-)?(\d+)$/.exec(url.searchParams.get('viewPanel') ?? url.searchParams.get('panelId') ?? '') ?? []
  if (!uid || !panel) return undefined
  const vars: PanelRef['vars'] = {}
  for (const [name, value] of url.searchParams)
    if (name.startsWith('var-')) vars[name.slice(4)] = [...(vars[name.slice(4)] ?? []), value]
  return { uid, panel: Number(panel), vars }
}
