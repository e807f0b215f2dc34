import type { Alert } from '../incident/alert.ts'
import type { Incident } from '../incident/incident.ts'
import { isActive } from '../incident/status.ts'
import type { Known, Owner } from '../store/store.ts'

/** Alerts flap, and their senders deliver reports twice, late, or out of order. */

/** What an incident has seen of an alert before this occurrence. */
export type Before = {
  /** The incident already counts this alert. */
  again?: true
  /** Earlier occurrences whose resolution was never reported; this one supersedes them. */
  instead?: string[]
}

/** Earlier occurrences of an alert on the incident that a new one joins. */
export const beforeOf = ({ key, fingerprint }: Alert, incident: string, known: Known): Before => {
  const owner = known.owner(key)
  const sighting = fingerprint === undefined ? undefined : known.sighting(fingerprint)
  const isThere = owner?.incident === incident || sighting?.incidents.has(incident)
  const firing = [...(sighting?.firing ?? [])].flatMap(([one, place]) => (place.incident === incident ? one : []))
  const instead = firing.filter((one) => one !== key)
  return { ...(isThere ? { again: true } : {}), ...(instead.length > 0 ? { instead } : {}) }
}

/** The open incident that an earlier occurrence joined. A storm held in triage does not attract later alerts. */
export const placeOf = ({ fingerprint }: Alert, known: Known): Incident | undefined => {
  if (fingerprint === undefined) return undefined
  return [...known.sighting(fingerprint).incidents]
    .sort(([, a], [, b]) => b - a)
    .flatMap(([id]) => known.incident(id) ?? [])
    .find(({ status, storm }) => isActive(status) && !(storm && status === 'triage'))
}

/** Whether its resolution was reported before this report that it fired at `at` (epoch ms). */
export const hasEnded = ({ key, fingerprint }: Alert, known: Known, at: number): boolean =>
  [key, ...(fingerprint === undefined ? [] : [fingerprint])].some((name) => (known.endedEarly(name) ?? 0) >= at)

/**
 * A late resolution of an earlier occurrence: it precedes this one's start. Two clocks are used, because a source's may
 * be wrong: a resolution between the source's start time and our receipt counts for this occurrence.
 */
export const isStale = ({ endsAt }: Pick<Alert, 'endsAt'>, { beganAt, changedAt }: Omit<Owner, 'incident' | 'state'>) =>
  endsAt !== undefined && beganAt !== undefined && endsAt < beganAt && endsAt < changedAt

/** An alert whose resolution arrived first joins as resolved. */
export const joinedAfterEnd = (alert: Alert, reason: string): { alert: Alert; reason: string } => ({
  alert: { ...alert, state: 'resolved' },
  reason: `${reason}; already resolved`,
})
