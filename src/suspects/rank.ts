import { callGraph, compare } from './call-graph.ts'
import { networkEvidence, scoreGap } from './edge-gap.ts'
import { floodsOf } from './flood.ts'
import type { RankingInput } from './input.ts'
import { labelOf } from './label.ts'
import { windowsOf } from './onset.ts'
import { graphDoubt, reachable, seenByCallersOnly } from './place.ts'
import { type Reading, readServices } from './readings.ts'
import type { Ranking, Suspect, Unread } from './result.ts'
import { judge } from './service-score.ts'
import { defaultTuning, type Tuning } from './tuning.ts'
import { measured } from './windows.ts'

/** How many signals are kept beside a suspect. */
const SIGNALS_SHOWN = 3

/**
 * Which service is the most likely cause of an alert, from golden signals and the call graph alone. Pure and deterministic: the
 * same input gives the same answer, in whatever order its parts arrive.
 */
export const rankSuspects = (input: RankingInput, tuning: Tuning = defaultTuning): Ranking => {
  const windows = windowsOf(input, tuning)
  const graph = callGraph(input, tuning)
  const readings = readServices(input, windows, tuning)
  const gaps = input.edgeGaps.map((gap) => scoreGap(gap, windows, tuning)).filter((gap) => gap !== undefined)
  const network = networkEvidence(gaps, tuning)
  const floods = floodsOf(input.edges, { graph, readings }, windows, tuning)
  const around = { input, graph, readings, network, floods, doubt: graphDoubt(readings.values(), graph, input) }
  const judged = [...readings.values()].map((reading) => {
    const { score, signals, explainedBy } = judge(reading, around, tuning)
    return {
      service: reading.service,
      score,
      label: 'no clear suspect',
      signals: signals.filter((signal) => signal.score >= 1).slice(0, SIGNALS_SHOWN),
      explainedBy,
      reachable: reachable(reading, graph),
      hops: graph.hops.get(reading.service),
      virtual: seenByCallersOnly(reading.service, input),
      status: reading.status,
      changes: (input.changes ?? []).filter(
        ({ service, at }) =>
          service === reading.service &&
          at >= windows.test.from - tuning.changeMinutes * 60_000 &&
          at <= windows.test.from,
      ),
    } satisfies Suspect
  })
  // The alerting service stays in the list without evidence: it is known to be affected.
  const suspects: Suspect[] = judged
    .filter(({ service, score }) => score > 0 || service === input.alert.service)
    .sort(bySuspicion)
  const scores = suspects.map(({ score }) => score)
  const labelled = suspects.map((suspect, index) => ({ ...suspect, label: labelOf(index, scores, tuning) }))
  const scored = [...readings.values()].reduce((sum, { scores }) => sum + scores.length, 0)
  return {
    label: labelled[0]?.label ?? 'no clear suspect',
    suspects: labelled,
    unread: unreadOf([...readings.values()]),
    read: { series: scored, of: input.series.length },
    alert: { service: input.alert.service },
    onset: windows.test.from,
    baseline: windows.baseline,
  }
}

const UNREAD_ORDER = ['new', 'silent', 'no data']

const unreadOf = (readings: Reading[]): Unread[] =>
  readings
    .flatMap(({ service, status, fresh, ended }): Unread[] => {
      if (status === 'read') return []
      const latest = [...fresh, ...ended].flatMap(({ metric, unit, values }) => {
        const value = values.findLast(measured)
        return measured(value) ? [{ metric, unit, value }] : []
      })
      return [{ service, status, latest }]
    })
    .sort((a, b) => UNREAD_ORDER.indexOf(a.status) - UNREAD_ORDER.indexOf(b.status) || compare(a.service, b.service))

/** Score; then whether a resource ran out; then the deeper, the earlier, and the name, so that the order is always the same. */
const bySuspicion = (a: Suspect, b: Suspect): number =>
  b.score - a.score ||
  Number(saturated(b)) - Number(saturated(a)) ||
  (b.hops ?? -1) - (a.hops ?? -1) ||
  firstSeen(a) - firstSeen(b) ||
  compare(a.service, b.service)

const saturated = ({ signals }: Suspect) =>
  signals.some(({ kind }) => kind === 'saturation' || kind === 'cpu' || kind === 'memory')

const firstSeen = ({ signals }: Suspect) =>
  Math.min(...signals.map(({ since }) => since ?? Number.MAX_SAFE_INTEGER), Number.MAX_SAFE_INTEGER)
