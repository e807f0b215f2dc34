import { choose } from '../evidence/choose.ts'
import { judge, type Span } from '../evidence/judge.ts'
import { wholeIncident } from '../evidence/whole-incident.ts'
import type { IncidentEvent, SnapshotRef, UsualSignals } from '../incident/event.ts'
import type { ChartSnapshot, LogsSnapshot, Mark, Snapshot } from '../incident/evidence.ts'
import { shorten } from '../incident/measure.ts'
import type { Catalogue } from '../incident/service.ts'

/** A snapshot with what is said of it in the log. */
export type Kept = { snapshot: Snapshot } & Pick<SnapshotRef, 'standing' | 'ordinary'>

/** Number of charts at the opening and later: enough to see the whole, few enough to look at. */
const MOST_CHARTS = 4
/** How many normal signals are named per service. */
const MOST_TITLES = 6

export type KeepOptions = {
  span: Span
  catalogue: Catalogue
  /** The incident's own service: its charts need no service name in the title. */
  main: string | undefined
  /** Services whose alerts fire. */
  alerting: readonly string[]
}

/**
 * A panel of Grafana and a query of the catalogue are often the same: it is drawn once, by whoever was asked first, and
 * keeps what only the other knew.
 */
const withoutTwins = (charts: readonly ChartSnapshot[]): ChartSnapshot[] => {
  const byQuery = Map.groupBy(charts, ({ query, service, chosen, title }) =>
    JSON.stringify([query.replace(/\s+/g, ''), service, chosen ? title : '']),
  )
  return [...byQuery.values()].map(([first, ...others]) => {
    const chart = first as ChartSnapshot
    const threshold = [chart, ...others].find((one) => one.threshold !== undefined)?.threshold
    return {
      ...chart,
      ...(others.some(({ alerts }) => alerts) ? { alerts: true } : {}),
      ...(threshold === undefined ? {} : { threshold }),
    }
  })
}

/** Selects what to keep of the collected evidence: signals that moved, furthest first; the others as one line. */
export const worthKeeping = (
  snapshots: readonly Snapshot[],
  { span, catalogue, main, alerting }: KeepOptions,
): { kept: Kept[]; usual: UsualSignals[] } => {
  const charts = judge(withoutTwins(snapshots.filter((one) => one.kind === 'chart')), span, alerting)
  const isAlerting = (service: string | undefined) => service !== undefined && alerting.includes(service)
  const chosen = choose(charts, { most: MOST_CHARTS, isAlerting: (service) => service === main || isAlerting(service) })
  const calm = chosen.shown.length === 0 ? own(chosen.usual, main) : undefined
  const usual = chosen.usual.filter((chart) => chart !== calm)
  const quiet = snapshots.filter((one) => one.kind === 'logs').filter(isQuiet)
  const named = (chart: ChartSnapshot): ChartSnapshot => ({ ...chart, title: titleOf(chart, catalogue, main) })
  // Error and traffic series are kept because they later tell how many customers were affected.
  const forTheRecord = usual.filter(
    ({ service, signal }) => isAlerting(service) && (signal === 'errors' || signal === 'traffic'),
  )
  const kept: Kept[] = [
    ...(calm ? [{ snapshot: named(calm), ordinary: true }] : chosen.shown.map((chart) => ({ snapshot: named(chart) }))),
    ...snapshots
      .filter((one) => one.kind === 'image' || (one.kind === 'logs' && !isQuiet(one)))
      .map((snapshot) => ({ snapshot })),
    ...chosen.also.map((chart) => ({ snapshot: named(chart), standing: 'also' as const })),
    ...forTheRecord.map((chart) => ({ snapshot: named(chart), standing: 'usual' as const })),
    ...quiet.map((snapshot) => ({ snapshot, standing: 'usual' as const })),
    ...inOneLine(snapshots.filter((one) => one.kind === 'missing')).map((snapshot) => ({ snapshot })),
  ]
  return { kept, usual: usualOf([...usual, ...quiet.map(({ service }) => ({ service, title: 'Logs' }))], catalogue) }
}

/** Lines were read, and none of them is new or a warning. */
const isQuiet = ({ patterns }: LogsSnapshot): boolean => patterns?.length === 0

/** Where nothing is unusual, one graph of the incident's own service lets people see for themselves that it is so. */
const own = (charts: readonly ChartSnapshot[], main: string | undefined): ChartSnapshot | undefined =>
  charts.find(({ service, signal }) => service === main && (signal === 'latency' || signal === 'errors'))

/** `MySQL (RDS): open connections`; of the incident's own service just `P90 latency`. */
const titleOf = ({ title, service }: ChartSnapshot, catalogue: Catalogue, main: string | undefined): string => {
  if (service === undefined || service === main) return title
  const prefix = `${catalogue.get(service)?.name ?? service}: `
  return title.startsWith(prefix)
    ? title
    : prefix + title.replace(/^\p{Lu}(?=\p{Ll})/u, (letter) => letter.toLowerCase())
}

const usualOf = (
  charts: readonly Pick<ChartSnapshot, 'service' | 'title' | 'nearby'>[],
  catalogue: Catalogue,
): UsualSignals[] =>
  [
    ...Map.groupBy(
      charts.filter(({ nearby }) => !nearby),
      ({ service }) => service,
    ),
  ].map(([service, group]) => {
    const titles = [...new Set(group.map(({ title }) => title))]
    return {
      ...(service === undefined ? {} : { service: catalogue.get(service)?.name ?? service }),
      titles: titles.slice(0, MOST_TITLES),
      count: titles.length,
    }
  })

type Missing = Extract<Snapshot, { kind: 'missing' }>

/** A source that does not respond is reported once, not for each of its graphs. */
const inOneLine = (missing: readonly Missing[]): Missing[] =>
  [...Map.groupBy(missing, ({ source, reason }) => JSON.stringify([source, reason])).values()].map((group) => {
    const [first] = group as [Missing, ...Missing[]]
    const title = [...new Set(group.map(({ title }) => title))].join(', ')
    return group.length === 1 ? first : { kind: 'missing', source: first.source, title, reason: first.reason }
  })

/** How the log describes a snapshot. */
export const refOf = (hash: string, { snapshot, standing, ordinary }: Kept, again: boolean): SnapshotRef => ({
  hash,
  kind: snapshot.kind,
  source: snapshot.source,
  title: snapshot.title,
  ...('query' in snapshot ? { query: snapshot.query } : {}),
  ...(snapshot.kind === 'chart' ? numbersOf(snapshot) : {}),
  ...(snapshot.kind === 'logs' ? worstLine(snapshot) : {}),
  ...(snapshot.kind === 'missing' ? { reason: snapshot.reason } : {}),
  ...(snapshot.url ? { url: snapshot.url } : {}),
  ...(standing ? { standing } : {}),
  ...(ordinary ? { ordinary } : {}),
  ...(again ? { again } : {}),
})

const numbersOf = ({ unit, before, now, peak, limit, calm, service, score }: ChartSnapshot) => ({
  unit,
  before,
  now,
  ...(peak ? { peak } : {}),
  ...(limit === undefined ? {} : { limit }),
  ...(calm === null ? { restless: true } : {}),
  ...(service === undefined ? {} : { service }),
  ...(score === undefined ? {} : { score }),
})

/** Slack wraps a line of this length to two lines on a phone. */
const LONGEST_QUOTE = 160

const worstLine = ({ patterns = [], service }: LogsSnapshot): Pick<SnapshotRef, 'worst' | 'service'> => {
  const [worst] = patterns
  return {
    ...(service === undefined ? {} : { service }),
    ...(worst
      ? {
          worst: {
            text: shorten(worst.example, LONGEST_QUOTE),
            count: worst.count,
            first: worst.first,
            isNew: worst.isNew,
          },
        }
      : {}),
  }
}

/** Titles shown by earlier collections for this incident. */
export const shownBefore = (events: readonly IncidentEvent[]): ReadonlySet<string> =>
  new Set(
    events.flatMap((event) =>
      event.type === 'evidence_collected'
        ? event.snapshots.filter(({ kind, standing }) => kind !== 'missing' && !standing).map(({ title }) => title)
        : [],
    ),
  )

/** Signals drawn at the end: those of the latest collection and those of earlier ones that it could not repeat. */
const MOST_WHOLE = 8

/** Charts shown for this incident so far, in order. */
export const chartsShown = (events: readonly IncidentEvent[]): SnapshotRef[] =>
  events.flatMap((event) =>
    event.type === 'evidence_collected'
      ? event.snapshots.filter(({ kind, standing }) => kind === 'chart' && standing === undefined)
      : [],
  )

/**
 * Every signal that was ever shown as one chart over the whole incident.
 * @param frozen the earlier charts by title, oldest first
 */
export const whole = (
  kept: readonly Kept[],
  frozen: ReadonlyMap<string, ChartSnapshot[]>,
  marks: readonly Mark[],
): Kept[] => {
  const now = new Map(kept.flatMap(({ snapshot }) => (snapshot.kind === 'chart' ? [[snapshot.title, snapshot]] : [])))
  const titles = [
    ...frozen.keys(),
    ...kept.flatMap(({ snapshot, standing }) =>
      snapshot.kind === 'chart' && !snapshot.chosen && !standing ? [snapshot.title] : [],
    ),
  ]
  const drawn = [...new Set(titles)].slice(0, MOST_WHOLE).flatMap((title): Kept[] => {
    const latest = now.get(title)
    const chart = wholeIncident([...(frozen.get(title) ?? []), ...(latest ? [latest] : [])], marks)
    return chart ? [{ snapshot: chart }] : []
  })
  const has = new Set(drawn.map(({ snapshot }) => snapshot.title))
  return [...drawn, ...kept.filter(({ snapshot }) => snapshot.kind !== 'chart' || !has.has(snapshot.title))]
}
