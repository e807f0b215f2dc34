import { compare } from './call-graph.ts'
import type { EdgeGap } from './input.ts'
import { scoreShift } from './series-score.ts'
import { mean, quantile, sorted } from './statistics.ts'
import type { Tuning } from './tuning.ts'
import { measured, slice, type Windows } from './windows.ts'

/** How far the time lost on one edge has left its usual range, ms. */
export type GapScore = { client: string; server: string; score: number; baseline: number; now: number }

/** What the edges of one service say together. */
export type NetworkEvidence = { score: number /** Its worst edge. */; worst: GapScore }

/**
 * Time that is lost between the client's clock and the server's: network delay and loss, sidecars, DNS, and the wait for a pooled
 * connection, which lies inside the client's side before the server starts.
 * sigma = max(IQR / 1.349, 30 % of the median, 2 ms).
 */
export const scoreGap = (gap: EdgeGap, windows: Windows, tuning: Tuning): GapScore | undefined => {
  const { baseline, test } = samples(gap, windows)
  if (baseline.length < tuning.baselinePoints || test.length === 0) return undefined
  const ascending = sorted(baseline)
  const median = quantile(ascending, 0.5)
  const spread = (quantile(ascending, 0.75) - quantile(ascending, 0.25)) / 1.349
  const sigma = Math.max(spread, tuning.gapFloorShare * Math.abs(median), tuning.gapFloorMs)
  const { score, delta } = scoreShift({ baseline, test, usual: { median, sigma }, d: 1 }, tuning)
  return { client: gap.client, server: gap.server, score, baseline: median, now: median + delta }
}

const samples = (gap: EdgeGap, { baseline, test }: Windows): { baseline: Float64Array; test: Float64Array } =>
  'values' in gap
    ? {
        baseline: slice(gap, baseline.from, baseline.to, false).values,
        test: slice(gap, test.from, test.to, true).values,
      }
    : { baseline: Float64Array.from(gap.baseline.filter(measured)), test: Float64Array.from(gap.test.filter(measured)) }

/**
 * net(x) = mean of what x's edges keep of their scores, times 1 + 0.15 log2(number of anomalous ones); nothing where none is.
 *
 * Both ends of an edge see its gap, so each end is asked how its other edges fare: an edge keeps s (1 - 0.9 min(1, m / s)) for x,
 * m being the mean over the other edges of the other end. A service whose own network is ill shows it on all its edges and so
 * excuses the neighbours, who show it on one of theirs.
 */
export const networkEvidence = (gaps: readonly GapScore[], tuning: Tuning): Map<string, NetworkEvidence> => {
  const touching = new Map<string, GapScore[]>()
  for (const gap of [...gaps].sort(byEnds)) {
    for (const end of [gap.client, gap.server]) touching.set(end, [...(touching.get(end) ?? []), gap])
  }
  const evidence = new Map<string, NetworkEvidence>()
  for (const [service, edges] of touching) {
    const anomalous = edges.filter(({ score }) => score >= 1).length
    if (anomalous === 0) continue
    const kept = edges.map((edge) => {
      const other = edge.client === service ? edge.server : edge.client
      const others = (touching.get(other) ?? []).filter((one) => one !== edge).map(({ score }) => score)
      const blamed = others.length === 0 ? 0 : mean(others)
      return edge.score <= 0 ? 0 : edge.score * (1 - tuning.explainMax * Math.min(1, blamed / edge.score))
    })
    const score = Math.min(tuning.scoreMax, mean(kept) * (1 + tuning.gapBreadth * Math.log2(anomalous)))
    evidence.set(service, { score, worst: edges.reduce((most, edge) => (edge.score > most.score ? edge : most)) })
  }
  return evidence
}

const byEnds = (a: GapScore, b: GapScore) => compare(a.client, b.client) || compare(a.server, b.server)
