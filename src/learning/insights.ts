import type { IncidentFacts } from '../incident/index-entry.ts'
import type { Insights, SpanSummary } from '../incident/insights.ts'
import { SPANS } from '../incident/milestones.ts'

const MOST_REPEATS = 5
/** Open action items that are listed. */
const MOST_ITEMS = 50
/** Fewer values have no ninetieth percentile worth the name. */
const FEWEST_FOR_P90 = 5
/** Points of the trend: a quarter has 13 weeks, and a day is the shortest stretch. */
const MOST_STRETCHES = 13
const DAY_MS = 86_400_000

/**
 * Computes statistics over incidents. Unknown values are excluded and counted, never treated as zero.
 * @param from epoch ms, like `to`
 */
export const insightsOf = (
  all: readonly IncidentFacts[],
  { from, to, about }: { from: number; to: number; about?: string | undefined },
): Insights => {
  const count = (status: string) => all.filter((one) => !one.drill && one.status === status).length
  const real = all.filter(({ drill, status }) => !drill && !['cancelled', 'merged', 'triage'].includes(status))
  const repeats = tally(real.flatMap(({ rules }) => [...new Set(rules)])).filter(([, times]) => times > 1)
  return {
    from,
    to,
    ...(about === undefined ? {} : { about }),
    incidents: real.length,
    imported: real.filter(({ imported }) => imported !== undefined).length,
    apart: {
      drills: all.filter(({ drill }) => drill).length,
      cancelled: count('cancelled'),
      merged: count('merged'),
      triage: count('triage'),
    },
    bySeverity: tally(real.map(({ severity }) => severity)).map(([severity, times]) => ({ severity, count: times })),
    byService: tally(real.flatMap(({ service }) => service ?? [])).map(([service, times]) => ({
      service,
      count: times,
    })),
    spans: SPANS.flatMap(({ name }) => summary(name, real)),
    assumedStarts: real.filter(({ assumedStart }) => assumedStart).length,
    repeats: repeats.slice(0, MOST_REPEATS).map(([rule, times]) => ({ rule: rule.replace(/ @ $/, ''), count: times })),
    actions: actionsOf(real),
    updates: updatesOf(real),
    suspects: recordOf(real),
    trend: trendOf(real, from, to),
  }
}

/** How often each value occurs, the most frequent first. */
const tally = (values: readonly string[]): [string, number][] => {
  const counts = new Map<string, number>()
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1)
  return [...counts].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))
}

const summary = (name: string, incidents: readonly IncidentFacts[]): SpanSummary[] => {
  const values = incidents.flatMap(({ spans }) => spans[name] ?? []).sort((a, b) => a - b)
  if (values.length === 0) return []
  return [
    {
      name,
      known: values.length,
      median: percentile(values, 50),
      ...(values.length < FEWEST_FOR_P90 ? {} : { p90: percentile(values, 90) }),
    },
  ]
}

/** Nearest rank: always a value that occurred. `sorted` ascending, not empty. */
const percentile = (sorted: readonly number[], percent: number): number =>
  sorted[Math.max(0, Math.ceil((percent / 100) * sorted.length) - 1)] as number

const actionsOf = (incidents: readonly IncidentFacts[]): Insights['actions'] => {
  const items = incidents.flatMap(({ id, declaredAt, openActions }) =>
    openActions.map(({ text, owner }) => ({ incident: id, text, at: declaredAt, ...(owner ? { owner } : {}) })),
  )
  return {
    open: items.length,
    done: incidents.reduce((sum, { doneActions }) => sum + doneActions, 0),
    items: items.sort((a, b) => a.at - b.at).slice(0, MOST_ITEMS),
  }
}

const updatesOf = (incidents: readonly IncidentFacts[]): Insights['updates'] => ({
  due: incidents.reduce((sum, { updates }) => sum + (updates?.due ?? 0), 0),
  onTime: incidents.reduce((sum, { updates }) => sum + (updates?.onTime ?? 0), 0),
})

const recordOf = (incidents: readonly IncidentFacts[]): Insights['suspects'] => {
  const judged = incidents.filter(({ cause }) => cause !== undefined)
  const right = judged.filter(({ cause, suspect }) => suspect?.service === cause).length
  const silent = judged.filter(({ suspect }) => suspect === undefined).length
  return { judged: judged.length, right, wrong: judged.length - right - silent, silent }
}

const trendOf = (incidents: readonly IncidentFacts[], from: number, to: number): Insights['trend'] => {
  const stretches = Math.max(1, Math.min(MOST_STRETCHES, Math.floor((to - from) / DAY_MS)))
  const width = Math.max(1, (to - from) / stretches)
  return Array.from({ length: stretches }, (_, i) => {
    const of = incidents.filter(
      ({ declaredAt }) => Math.min(stretches - 1, Math.floor((declaredAt - from) / width)) === i,
    )
    const [resolve] = summary('Time to resolve', of)
    return { from: Math.round(from + i * width), count: of.length, ...(resolve ? { resolve: resolve.median } : {}) }
  })
}
