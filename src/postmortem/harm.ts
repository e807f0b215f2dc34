import type { Incident } from '../incident/incident.ts'
import { isAssumed, type Milestones } from '../incident/milestones.ts'
import type { Signal } from './evidence.ts'
import { type FailedRequests, failedRequests } from './failed-requests.ts'
import { type Episode, type Interval, onsetOf, type Reading } from './readings.ts'
import { isErrorShare, isTraffic } from './signal-kind.ts'

/** How long the harm lasted, as far as a graph shows it. */
export type Harm = {
  /** The signal it is derived from, by title; null when no graph shows it. */
  signal: string | null
  /** When the signal left its usual range, epoch ms. */
  began: number | null
  /** It was out of its usual range where the data begin: the harm is older than that. */
  older: boolean
  /** When it came back for good; null while it has not. */
  ended: number | null
  /** Every time it was out of its usual range, from `began` on. */
  episodes: Interval[]
  /** Those of them that began after the incident was called mitigated. */
  relapses: Interval[]
  /** Requests that failed while it was out of range; null where no graphs tell. */
  failed: FailedRequests | null
}

/** Without a threshold, lower excursions than this share of the worst one are aftershocks, not the harm again. */
const RELAPSE = 0.2

/** Beyond its threshold where it has one; a query declares the side that hurts by where its worst value lies. */
const isHarm = ({ peak }: Episode, { threshold, worst, heightOf }: Reading): boolean =>
  threshold === null || worst.value < threshold ? heightOf(peak) >= RELAPSE : peak >= threshold

const NONE: Harm = { signal: null, began: null, older: false, ended: null, episodes: [], relapses: [], failed: null }

/** Reads the harm off the signal that alerted, or off the one nearest to what the incident is about. */
export const harmOf = (incident: Incident, evidence: readonly Signal[]): Harm => {
  const { detected, mitigated } = incident.milestones
  const signal = decisive(incident, evidence)
  const reading = signal?.reading
  const began = reading && onsetOf(reading, detected?.at ?? incident.declaredAt)
  if (!signal || !reading || began === undefined) return NONE
  const episodes = reading.episodes.filter((one) => one.from === began || (one.from > began && isHarm(one, reading)))
  const lastOut = episodes.at(-1)?.to ?? began
  return {
    signal: signal.title,
    began,
    older: reading.usual === null && began === reading.first.at,
    ended: lastOut < reading.last.at ? lastOut : null,
    episodes,
    relapses: mitigated ? episodes.filter(({ from }) => from > mitigated.at) : [],
    failed: failedRequests(
      evidence.filter((signal) => isOwn(signal, incident)),
      { from: began, to: lastOut },
    ),
  }
}

/** When the harm ended for good, epoch ms, where it came back after the mitigation. */
export const heldAtOf = ({ relapses, ended }: Harm): number | undefined =>
  relapses.length > 0 && ended !== null ? ended : undefined

/** The milestones, with the start of the impact taken from the graph until somebody records it. */
export const withEstimate = (milestones: Milestones, { began, older, signal }: Harm): Milestones => {
  const known = milestones.impact_started
  if (began === null || known?.corrected) return milestones
  // A graph may move later than its alert; then the alert is the better witness.
  if (known && isAssumed(known) && known.at < began) return milestones
  const source = older
    ? `or earlier: "${signal}" was out of its usual range where its data begin`
    : `"${signal}" left its usual range`
  return { ...milestones, impact_started: { at: began, source, corrected: false, estimate: true } }
}

/**
 * The signal the impact is derived from: the alert's own; else of the incident's service the one its title names,
 * errors, latency, anything; else whatever else moved.
 */
const decisive = (incident: Incident, evidence: readonly Signal[]): Signal | undefined => {
  const moved = evidence.filter((signal) => signal.reading?.moved && !isTraffic(signal))
  const own = moved.filter((signal) => isOwn(signal, incident))
  const about = wordsOf(`${incident.alert?.title ?? ''} ${incident.title}`)
  const alike = (signals: Signal[]) =>
    signals
      .map((signal) => ({ signal, common: wordsOf(signal.title).intersection(about).size }))
      .filter(({ common }) => common > 0)
      .sort((a, b) => b.common - a.common)[0]?.signal
  return (
    moved.find(({ query }) => query !== null && query === incident.alert?.query) ??
    alike(own) ??
    own.find(isErrorShare) ??
    own.find(({ signal }) => signal === 'latency') ??
    own[0] ??
    alike(moved) ??
    moved[0]
  )
}

/** Of the service the incident is about; a source that names no service was queried for that one. */
const isOwn = ({ service }: Signal, incident: Incident): boolean => (service ?? incident.service) === incident.service

const wordsOf = (text: string): Set<string> =>
  new Set([...text.toLowerCase().matchAll(/[\p{L}\p{N}]{3,}/gu)].map(([word]) => word))
