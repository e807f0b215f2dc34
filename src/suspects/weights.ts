import type { RankingInput, SignalKind } from './input.ts'
import type { Reading } from './readings.ts'
import type { EvidenceKind } from './result.ts'
import { clamp } from './statistics.ts'
import type { Tuning } from './tuning.ts'

/**
 * Whether this service's trouble could have caused the alerting service's. x = delta rate / (delta_alert rate_alert),
 * the time (or the failures) it added each second relative to what the alerting service added; weight = 0.3 + 0.7
 * min(1, x). 1 where that is unknown.
 */
export const impactWeight = (
  kind: 'latency' | 'errors',
  v: Reading,
  alert: Reading | undefined,
  tuning: Tuning,
): number => {
  const own = v.worst[kind]
  if (!alert || alert.service === v.service || !own || v.rate === undefined || !alert.rate) return 1
  const theirs = alert.scores.find(({ series }) => series.signal === kind && series.metric === own.series.metric)
  if (!theirs || theirs.score < tuning.impactAlertScore || theirs.delta <= 0) return 1
  const share = clamp((own.delta * v.rate) / (theirs.delta * alert.rate), 0, 1)
  return tuning.impactMin + (1 - tuning.impactMin) * share
}

/** Figures of few requests are noise: sqrt(min(1, requests / 50)), as the standard error falls with the root of the count. */
export const volumeWeight = ({ requests }: Reading, tuning: Tuning): number =>
  requests === undefined || tuning.fullVolumeRequests === 0
    ? 1
    : Math.sqrt(clamp(requests / tuning.fullVolumeRequests, 0, 1))

/**
 * Evidence of the kind the alert is about counts in full, other kinds less. Pools, queues, floods and silence count in
 * full for any alert: exhaustion leads to both delay and failures.
 */
export const alertWeight = (kind: EvidenceKind, alert: RankingInput['alert']['signal'], tuning: Tuning): number => {
  if (kind === 'saturation' || kind === 'flood' || kind === 'amplification' || kind === 'silence') return 1
  if (alert === 'errors') return kind === 'errors' ? 1 : tuning.offKindOnErrors
  if (alert === 'latency') return kind === 'errors' ? tuning.errorsOnLatency : 1
  return 1
}

/** Golden signals count in full; traffic and unclassified metrics count less. */
export const kindWeight = (kind: SignalKind, tuning: Tuning): number =>
  kind === 'traffic' ? tuning.trafficWeight : kind === 'other' ? tuning.otherWeight : 1
