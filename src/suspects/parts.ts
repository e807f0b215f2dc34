import type { CallGraph } from './call-graph.ts'
import type { NetworkEvidence } from './edge-gap.ts'
import { explainAway, illness, waitResidual } from './explain-away.ts'
import type { Flood } from './flood.ts'
import type { RankingInput } from './input.ts'
import { placeWeight } from './place.ts'
import type { Reading } from './readings.ts'
import type { EvidenceKind, Explanation, SuspectSignal } from './result.ts'
import { downSignal, endedSignal, floodSignal, networkSignal, seriesSignal } from './signal.ts'
import { loadResidual, trafficResidual } from './traffic.ts'
import type { Tuning } from './tuning.ts'
import { alertWeight, impactWeight, kindWeight, volumeWeight } from './weights.ts'

/** All evidence about one service. */
export type Surroundings = {
  input: RankingInput
  graph: CallGraph
  readings: ReadonlyMap<string, Reading>
  network: ReadonlyMap<string, NetworkEvidence>
  floods: readonly Flood[]
  /** How likely the graph is wrong about unreachable services, 0-1. */
  doubt: number
}

/** One kind of evidence after explanations were subtracted. Kinds of one group observe the same thing. */
export type Part = {
  group: 'saturation' | 'network' | 'latency' | 'errors' | 'traffic' | 'flood' | 'silence' | 'other'
  weighted: number
  signal: SuspectSignal
  explainedBy?: Explanation | undefined
}

/** Every kind of evidence there is about one service. */
export const partsOf = (u: Reading, around: Surroundings, tuning: Tuning): Part[] => {
  const { input } = around
  const place = (group: Part['group']) => placeWeight(u, group, around, tuning)
  const parts = [
    ...hurts(u, around, tuning),
    ...resources(u, around, tuning),
    ...volumes(u, around, tuning),
    ...network(u, around),
    ...floods(u, around, tuning),
    ...silence(u, around, tuning),
  ]
  return parts.map((part) => ({
    ...part,
    weighted: part.weighted * alertWeight(part.signal.kind, input.alert.signal, tuning) * place(part.group),
  }))
}

/** Latency and errors propagate up the calls, so callees are processed first. */
const hurts = (u: Reading, around: Surroundings, tuning: Tuning): Part[] =>
  (['latency', 'errors'] as const).flatMap((kind) => {
    const own = u.worst[kind]
    if (!own) return []
    const called = explainAway(kind, u, around, tuning)
    const { score, explainedBy } = underFlood(kind, u, called, around, tuning)
    const alert = around.readings.get(around.input.alert.service)
    const left = score * impactWeight(kind, u, alert, tuning) * volumeWeight(u, tuning)
    return [{ group: kind, weighted: left, signal: seriesSignal(own, left), explainedBy }]
  })

/**
 * Resources are exhausted locally; no callee can cause that, but load can, and a queue may wait for a callee's
 * resource.
 */
const resources = (u: Reading, around: Surroundings, tuning: Tuning): Part[] =>
  (['saturation', 'cpu', 'memory'] as const).flatMap((kind) => {
    const own = u.worst[kind]
    if (!own) return []
    const loaded = kind === 'saturation' ? waitResidual(u, around, tuning) : { score: loadResidual(kind, u, tuning) }
    const { score, explainedBy } = underFlood(kind, u, loaded, around, tuning)
    return [{ group: 'saturation' as const, weighted: score, signal: seriesSignal(own, score), explainedBy }]
  })

const volumes = (u: Reading, around: Surroundings, tuning: Tuning): Part[] => {
  const { traffic, other } = u.worst
  const parts: Part[] = []
  if (traffic) {
    const { score, explainedBy } = trafficResidual(u, around, tuning)
    const weighted = score * kindWeight('traffic', tuning)
    parts.push({ group: 'traffic', weighted, signal: seriesSignal(traffic, score), explainedBy })
  }
  if (other) {
    const weighted = other.score * kindWeight('other', tuning)
    parts.push({ group: 'other', weighted, signal: seriesSignal(other, other.score) })
  }
  return parts
}

const network = (u: Reading, { network }: Surroundings): Part[] => {
  const evidence = network.get(u.service)
  return evidence ? [{ group: 'network', weighted: evidence.score, signal: networkSignal(evidence) }] : []
}

/**
 * Names who floods a callee, unless another failing callee drives it: a broken cache sends its misses to the database.
 */
const floods = (u: Reading, around: Surroundings, tuning: Tuning): Part[] =>
  around.floods
    .filter(({ client }) => client === u.service)
    .map((flood) => {
      const drivers = around.graph
        .callees(u.service)
        .filter((callee) => (callee === flood.server ? flood.isReaction : !isFlooded(callee, around)))
        .map((callee) => ({ callee, share: driverShare(around.readings.get(callee), flood, tuning) }))
        .sort((a, b) => b.share - a.share)
      const [driver] = drivers
      const score = flood.score * (1 - tuning.explainMax * (driver?.share ?? 0))
      const explainedBy: Explanation | undefined = driver && {
        service: driver.callee,
        edge: { client: u.service, server: driver.callee },
        of: 'flood',
        by: 'saturation',
        share: driver.share,
      }
      return { group: 'flood', weighted: score, signal: floodSignal(flood, score), explainedBy }
    })

/**
 * How much of a flood a failing callee drives. An exhausted resource or one that no longer serves (a hit ratio) does so
 * in full from a score of 2 on: the two deviations are in different units.
 */
const driverShare = (callee: Reading | undefined, flood: Flood, tuning: Tuning): number =>
  Math.max(
    Math.min(1, illness(callee) / flood.score),
    Math.min(1, Math.max(0, callee?.worst.saturation?.score ?? 0) / tuning.likelyScore),
  )

const isFlooded = (service: string, { floods }: Surroundings): boolean =>
  floods.some(({ server, isReaction }) => server === service && !isReaction)

/** What is left of a callee's trouble under a flood: the caller's share of the rise is attributed to the caller. */
const underFlood = (
  of: EvidenceKind,
  u: Reading,
  before: { score: number; explainedBy?: Explanation | undefined },
  around: Surroundings,
  tuning: Tuning,
): { score: number; explainedBy?: Explanation | undefined } => {
  const flood = around.floods
    .filter(({ server, isReaction }) => server === u.service && !isReaction)
    .sort((a, b) => b.share - a.share)[0]
  if (!flood || flood.share <= (before.explainedBy?.share ?? 0)) return before
  const edge = { client: flood.client, server: u.service }
  return {
    score: before.score * (1 - tuning.explainMax * flood.share),
    explainedBy: { service: flood.client, edge, of, by: 'flood', share: flood.share },
  }
}

/**
 * A service that is proven to be down. Without that proof a series that ended is a gap. It counts in full when somebody
 * feels it: the alert is its own or a caller's, a caller is in trouble, or its callers are unknown.
 */
const silence = (u: Reading, { input, graph, readings }: Surroundings, tuning: Tuning): Part[] => {
  if (!u.down) return []
  const callers = graph.callers(u.service)
  const isFelt =
    callers.length === 0 ||
    [u.service, ...callers].includes(input.alert.service) ||
    callers.some((caller) => illness(readings.get(caller)) >= 1)
  const score = isFelt ? tuning.silentScore : tuning.silentScore * tuning.unfeltWeight
  const requests = u.ended.find(({ signal }) => signal === 'traffic')
  return [{ group: 'silence', weighted: score, signal: requests ? endedSignal(requests, score) : downSignal(score) }]
}
