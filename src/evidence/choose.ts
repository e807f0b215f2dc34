import type { ChartSnapshot, SignalKind } from '../incident/evidence.ts'

/** Charts in order of relevance. */
export type Chosen = {
  /** Drawn. */
  shown: ChartSnapshot[]
  /** Unusual as well, named in a line. */
  also: ChartSnapshot[]
  usual: ChartSnapshot[]
}

/** The score from which a chart is unusual: the further from the alert, the more it must have moved. */
const ALERTING = 1
const DEPENDED_ON = 1.5
const NEARBY = 2
/** Share of its limit from which a resource counts as full. */
const FULL = 0.9
/** Charts of one service before the others have had theirs. */
const MOST_OF_ONE = 2

/**
 * The charts that moved furthest, at most `most`, so that no service crowds out the others. What an alert fired on
 * comes first in any case; charts in their usual range are not drawn.
 * @param isAlerting whether an alert fires on the service
 */
export const choose = (
  charts: readonly ChartSnapshot[],
  { most, isAlerting }: { most: number; isAlerting(service: string | undefined): boolean },
): Chosen => {
  const isUnusual = (chart: ChartSnapshot) => {
    const edge = chart.nearby ? NEARBY : isAlerting(chart.service) ? ALERTING : DEPENDED_ON
    return chart.alerts === true || (chart.score ?? 0) >= edge || hasFilled(chart)
  }
  const rankOf = (chart: ChartSnapshot) => rank(chart, isAlerting(chart.service))
  const moved = charts.filter(isUnusual).toSorted((a, b) => rankOf(b) - rankOf(a))
  const shown: ChartSnapshot[] = []
  for (const limit of [MOST_OF_ONE, Number.POSITIVE_INFINITY])
    for (const chart of moved) {
      const ofService = shown.filter(({ service }) => service === chart.service).length
      if (shown.length < most && ofService < limit && !shown.includes(chart)) shown.push(chart)
    }
  return {
    shown: shown.toSorted((a, b) => rankOf(b) - rankOf(a)),
    also: moved.filter((chart) => !shown.includes(chart)),
    usual: charts.filter((chart) => !isUnusual(chart)),
  }
}

/** It was below its limit, and is or was at it. */
export const hasFilled = ({ limit, before, now, peak }: ChartSnapshot): boolean =>
  limit !== undefined &&
  limit > 0 &&
  Math.max(now ?? 0, peak?.value ?? 0) >= FULL * limit &&
  (before ?? 0) < FULL * limit

/** In units of the score. */
const rank = (chart: ChartSnapshot, isAlerting: boolean): number =>
  (chart.alerts ? 100 : 0) +
  (chart.score ?? 0) +
  // Nothing explains more than a resource that has run out.
  (hasFilled(chart) ? 2 : 0) +
  // Latency and failures of a callee may be symptoms of the same cause; an exhausted resource is its own.
  (isAlerting ? 0 : OF_ANOTHER[chart.signal ?? 'other']) +
  // Scores end at six; beyond it, the ratio to the usual value still discriminates.
  Math.min(1, Math.abs(Math.log10(ratioOf(chart))) / 4) -
  (chart.nearby ? 1 : 0)

const OF_ANOTHER: Record<SignalKind, number> = {
  saturation: 1,
  cpu: 1,
  memory: 1,
  latency: -1,
  errors: -1,
  // More requests, and pods that come and go, are seldom the harm itself.
  traffic: -1,
  other: -1,
}

const ratioOf = ({ before, now, peak }: ChartSnapshot): number => {
  const worst = peak?.value ?? now ?? 0
  return before && worst ? Math.max(1e-4, Math.abs(worst / before)) : 1
}
