import type { SignalKind } from './input.ts'

/**
 * Every number of the ranking, with its unit and its reason. They were chosen for how such systems behave and checked
 * on public incident data, none for a single case; `docs/decisions/0005-suspect-ranking.md` states the effect of each
 * one. They are an argument of the ranking so that the bench can disable one and measure its effect.
 */
export type Tuning = {
  /**
   * Minutes kept out of baseline and test before the onset: alerts fire late (`for:`), and the wait is already
   * abnormal.
   */
  guardMinutes: number
  /** Share of the lookback that is at least kept out, for the same reason on coarser grids. */
  guardShare: number
  /** Share of the lookback the guard may take at most, so that a short history still leaves a baseline. */
  guardShareMax: number
  /** Minutes of test window: later points show mitigation and knock-on harm, not the cause. */
  testMinutes: number
  /** Points of test window that are kept even where the step is so coarse that they take longer. */
  testPoints: number
  /** Minutes the onset may be moved back along the alerting service's own series. */
  walkBackMinutes: number
  /** Points of baseline below which a series cannot be judged: quartiles of fewer are meaningless. */
  baselinePoints: number
  /** Points of baseline from which a series' own history defines how high a usual excursion is. */
  calibrationPoints: number

  /** Least sigma as a share of the median: a smaller change is irrelevant, however quiet the history was. */
  floorShare: Record<SignalKind, number>
  /** Least sigma of an error ratio, percentage points: where nothing counts the requests, and where their number proves less. */
  errorFloorPoints: number
  errorFloorLeast: number
  /** A constantly zero series' largest new value counts as this many sigmas: "appeared from nothing" is never infinite. */
  fromZeroSigmas: number
  /** Sigmas that are unusual before the series' own history is considered. */
  referenceSigmas: number
  /** How many separate excursions of the past must have been as high before that height is usual. */
  referenceRank: number
  /** Cap of a score (64 times the usual excursion): beyond it, more is not more certain. */
  scoreMax: number

  /** Least sigma of an edge gap: share of its median, and ms; traces of few requests jitter this much. */
  gapFloorShare: number
  gapFloorMs: number
  /** What each doubling of the number of anomalous edges adds to a service's network evidence. */
  gapBreadth: number

  /** Most of a caller's trouble that callees may explain: never all of it, for a caller may have trouble of its own. */
  explainMax: number
  /** How well a callee's other trouble explains a caller's: a busy callee is slow, and may fail; slow callees become time-outs. */
  busyToLatency: number
  busyToErrors: number
  /** Share of its limit from which a resource counts as full: waiting grows without bound as use nears the limit. */
  fullShare: number
  latencyToErrors: number
  /**
   * Bounds of the calls per caller's request when shares of delay are compared; beyond them the rates describe other
   * requests.
   */
  callsPerRequestMin: number
  callsPerRequestMax: number
  /** A caller's traffic must have risen at least this share of ours to explain ours. */
  trafficExplains: number
  /** What is left of a traffic rise that a caller explains. */
  trafficExplained: number
  /** A caller's part of the rise at a callee from which it floods it, and the least score of one that never called before. */
  floodShare: number
  /** The rise of all calls to a callee, as a share of its usual traffic, from which it can be a flood. */
  floodRise: number
  /** Seconds by which a callee must have been failing before a rise that only reacts to it. */
  reactionSeconds: number
  newCallerScore: number
  /** What is left of a fall of traffic: it is mostly an effect of trouble upstream. */
  trafficDrop: number

  /** Least weight of trouble whose delay or failures are too small to have caused the alert's. */
  impactMin: number
  /** The alerting service's own score from which its delta is good enough to compare with. */
  impactAlertScore: number
  /** Requests in the test window from which latency and error figures count in full. */
  fullVolumeRequests: number

  /** Weight of traffic and of unclassified metrics beside the golden signals. */
  trafficWeight: number
  otherWeight: number
  /** Weight of the kinds an alert is not about. */
  offKindOnErrors: number
  errorsOnLatency: number
  /** What the second kind of evidence adds to the first: kinds of one service are correlated. */
  secondPart: number
  /** Weight of services seen only by their callers: a caller's trouble looks like theirs. */
  virtualWeight: number
  /** Weight of services that requests of the alerting service cannot reach. */
  unreachableWeight: number
  /** Calls followed from the alerting service. */
  maxHops: number

  /** Score, and lead over the second, from which a suspect is called likely; score from which it is called possible. */
  likelyScore: number
  likelyRatio: number
  possibleScore: number
  /** Score of a service that is proven down, and what of it counts where no caller is in trouble. */
  silentScore: number
  unfeltWeight: number
  /** Minutes before the onset in which a change is shown beside its service. */
  changeMinutes: number
}

export const defaultTuning: Tuning = {
  guardMinutes: 5,
  guardShare: 0.1,
  guardShareMax: 0.5,
  testMinutes: 10,
  testPoints: 5,
  walkBackMinutes: 20,
  baselinePoints: 4,
  calibrationPoints: 12,

  floorShare: { latency: 0.05, errors: 0.1, traffic: 0.05, cpu: 0.05, memory: 0.02, saturation: 0.05, other: 0.1 },
  errorFloorPoints: 0.5,
  errorFloorLeast: 0.1,
  fromZeroSigmas: 9,
  referenceSigmas: 3,
  referenceRank: 2,
  scoreMax: 6,

  gapFloorShare: 0.3,
  gapFloorMs: 2,
  gapBreadth: 0.15,

  explainMax: 0.9,
  busyToLatency: 0.7,
  busyToErrors: 0.3,
  fullShare: 0.9,
  latencyToErrors: 0.3,
  callsPerRequestMin: 0.05,
  callsPerRequestMax: 3,
  trafficExplains: 0.8,
  trafficExplained: 0.3,
  floodShare: 0.5,
  floodRise: 0.1,
  reactionSeconds: 120,
  newCallerScore: 3,
  trafficDrop: 0.5,

  impactMin: 0.3,
  impactAlertScore: 0.5,
  fullVolumeRequests: 50,

  trafficWeight: 0.4,
  otherWeight: 0.3,
  offKindOnErrors: 0.4,
  errorsOnLatency: 0.7,
  secondPart: 0.3,
  virtualWeight: 0.5,
  unreachableWeight: 0.3,
  maxHops: 6,

  likelyScore: 2,
  likelyRatio: 1.5,
  possibleScore: 1.5,
  // A fact and no deviation: halfway to the most that a series scores.
  silentScore: 3,
  unfeltWeight: 0.3,
  changeMinutes: 30,
}
