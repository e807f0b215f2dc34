import { z } from 'zod'
import { List, Part, Text } from '../../incident/outside.ts'

/** One query of a panel as `/api/ds/query` takes it. */
export type PanelQuery = { refId: string; datasource: { uid?: string; type?: string }; [member: string]: unknown }

/** What Muster needs of a panel to draw it. */
export type Panel = {
  title: string
  type: string
  unit: string
  threshold?: number
  queries: PanelQuery[]
}

/** A dashboard's panels by id, and the current values of its variables. */
export type Dashboard = { title: string; panels: ReadonlyMap<number, Panel>; vars: Record<string, string[]> }

const Target = z.looseObject({
  refId: Text,
  hide: z.boolean().optional().catch(undefined),
  datasource: z.unknown().optional(),
})
const FieldConfig = Part({
  defaults: Part({
    unit: Text,
    thresholds: Part({ steps: List(z.object({ value: z.number().nullable().optional() })) }),
  }),
})
const Variable = z.object({
  name: Text,
  current: Part({
    value: z
      .union([z.string(), z.array(z.string())])
      .optional()
      .catch(undefined),
  }),
})

const PanelV1 = z.object({
  id: z.number(),
  type: Text,
  title: Text,
  datasource: z.unknown().optional(),
  fieldConfig: FieldConfig,
  targets: List(Target),
  panels: z.array(z.unknown()).optional().catch(undefined),
})
const V1 = z.object({
  title: Text,
  panels: z.array(z.unknown()),
  templating: Part({ list: List(Variable) }),
})

/** Grafana 13, schema v2: panels are elements, queries are wrapped in kinds. */
const QueryV2 = z.object({
  spec: z.object({
    refId: Text,
    hidden: z.boolean().optional().catch(undefined),
    query: z.object({
      group: Text,
      kind: Text,
      datasource: Part({ name: Text }),
      spec: z.record(z.string(), z.unknown()).catch({}),
    }),
  }),
})
const ElementV2 = z.object({
  kind: z.literal('Panel'),
  spec: z.object({
    id: z.number(),
    title: Text,
    data: Part({ spec: Part({ queries: List(QueryV2) }) }),
    vizConfig: Part({ group: Text, kind: Text, spec: Part({ fieldConfig: FieldConfig }) }),
  }),
})
const V2 = z.object({
  title: Text,
  elements: z.record(z.string(), z.unknown()),
  variables: List(z.object({ spec: Variable })),
})

/** Reads a dashboard of schema v1 or v2, as either of Grafana's APIs wraps it; undefined when it is neither. */
export const readDashboard = (body: unknown): Dashboard | undefined => {
  const wrapped = z.object({ dashboard: z.unknown().optional(), spec: z.unknown().optional() }).safeParse(body).data
  const inner = wrapped?.dashboard ?? wrapped?.spec ?? body
  const v2 = V2.safeParse(inner)
  if (v2.success) return dashboardV2(v2.data)
  const v1 = V1.safeParse(inner)
  return v1.success ? dashboardV1(v1.data) : undefined
}

const dashboardV1 = ({ title = 'A dashboard', panels, templating }: z.infer<typeof V1>): Dashboard => ({
  title,
  vars: valuesOf(templating?.list ?? []),
  panels: new Map(panels.flatMap(panelsV1)),
})

/** The panels of a collapsed row stand inside the row. */
const panelsV1 = (given: unknown): [number, Panel][] => {
  const panel = PanelV1.safeParse(given).data
  if (!panel) return []
  const own: Panel = {
    title: panel.title ?? 'A panel',
    type: panel.type ?? '',
    ...configOf(panel.fieldConfig),
    queries: panel.targets
      .filter(({ hide }) => !hide)
      .map((target, i) => ({
        ...target,
        refId: target.refId ?? String.fromCharCode(65 + i),
        datasource: sourceOf(target.datasource) ?? sourceOf(panel.datasource) ?? {},
      })),
  }
  return [[panel.id, own], ...(panel.panels ?? []).flatMap(panelsV1)]
}

const dashboardV2 = ({ title = 'A dashboard', elements, variables }: z.infer<typeof V2>): Dashboard => ({
  title,
  vars: valuesOf(variables.map(({ spec }) => spec)),
  panels: new Map(
    Object.values(elements).flatMap((element): [number, Panel][] => {
      const panel = ElementV2.safeParse(element).data?.spec
      if (!panel) return []
      const queries = panel.data?.spec?.queries ?? []
      return [
        [
          panel.id,
          {
            title: panel.title ?? 'A panel',
            type: panel.vizConfig?.group ?? panel.vizConfig?.kind ?? '',
            ...configOf(panel.vizConfig?.spec?.fieldConfig),
            queries: queries
              .filter(({ spec }) => !spec.hidden)
              .map(({ spec: { refId, query } }, i) => ({
                ...query.spec,
                refId: refId ?? String.fromCharCode(65 + i),
                datasource: {
                  ...(query.datasource?.name ? { uid: query.datasource.name } : {}),
                  ...((query.group ?? query.kind) ? { type: (query.group ?? query.kind) as string } : {}),
                },
              })),
          },
        ],
      ]
    }),
  ),
})

const configOf = (config: z.infer<typeof FieldConfig>): Pick<Panel, 'unit' | 'threshold'> => {
  const steps = config?.defaults?.thresholds?.steps ?? []
  // The first step is the colour of everything below; the last is where it is worst.
  const threshold = steps.map(({ value }) => value).findLast((value) => typeof value === 'number')
  return {
    unit: config?.defaults?.unit ?? '',
    ...(typeof threshold === 'number' && steps.length > 1 ? { threshold } : {}),
  }
}

const sourceOf = (given: unknown): PanelQuery['datasource'] | undefined => {
  // Old dashboards name a data source by its name alone.
  if (typeof given === 'string') return { uid: given }
  const source = z.object({ uid: Text, type: Text }).safeParse(given).data
  return source && (source.uid || source.type)
    ? { ...(source.uid ? { uid: source.uid } : {}), ...(source.type ? { type: source.type } : {}) }
    : undefined
}

const valuesOf = (
  variables: { name?: string | undefined; current?: { value?: string | string[] | undefined } | undefined }[],
) =>
  Object.fromEntries(
    variables.flatMap(({ name, current }) =>
      name && current?.value !== undefined ? [[name, [current.value].flat()] as const] : [],
    ),
  )

/** The text with Grafana's variables filled in: `$name`, `${name}`, `${name:regex}`, `[[name]]`. */
export const fillIn = (text: string, vars: Record<string, string[]>, rateMs: number): string => {
  const builtIn: Record<string, string[]> = {
    __rate_interval: [`${Math.max(120, Math.round(rateMs / 250))}s`],
    __interval: [`${Math.max(15, Math.round(rateMs / 1000))}s`],
    __interval_ms: [String(Math.max(15_000, rateMs))],
    __range: [`${Math.round((rateMs * 240) / 1000)}s`],
  }
  return text.replace(/\$\{(\w+)(?::\w+)?\}|\$(\w+)|\[\[(\w+)\]\]/g, (whole, braced, plain, square) => {
    const values = builtIn[braced ?? plain ?? square] ?? vars[braced ?? plain ?? square]
    if (!values || values.length === 0) return whole
    const [only] = values
    // "All" is every value: in PromQL any that is there.
    if (values.length === 1) return only === '$__all' ? '.*' : (only as string)
    return `(${values.map((value) => value.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('|')})`
  })
}
