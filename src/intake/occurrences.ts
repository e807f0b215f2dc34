import type { Alert } from '../incident/alert.ts'
import type { Incident } from '../incident/incident.ts'
import { isActive } from '../incident/status.ts'
import type { Known, Owner } from '../store/store.ts'

/** One alert comes and goes, and what senders tell of that may arrive twice, late, or in the wrong order. */

/** What an incident has seen of an alert before this occurrence of it. */
export type Before = {
  /** It was there already: counted once, however often it comes. */
  again?: true
  /** Earlier occurrences that were never told to have ended; this one takes their place. */
  instead?: string[]
}

/** What is known of an alert on the incident that a new occurrence joins. */
export const beforeOf = ({ key, fingerprint }: Alert, incident: string, known: Known): Before => {
  const owner = known.owner(key)
  const sighting = fingerprint === undefined ? undefined : known.sighting(fingerprint)
  const isThere = owner?.incident === incident || sighting?.incidents.has(incident)
  const firing = [...(sighting?.firing ?? [])].flatMap(([one, place]) => (place.incident === incident ? one : []))
  const instead = firing.filter((one) => one !== key)
  return { ...(isThere ? { again: true } : {}), ...(instead.length > 0 ? { instead } : {}) }
}

/** The open incident that an earlier occurrence is on; a message that only holds a storm keeps nothing for ever. */
export const placeOf = ({ fingerprint }: Alert, known: Known): Incident | undefined => {
  if (fingerprint === undefined) return undefined
  return [...known.sighting(fingerprint).incidents]
    .sort(([, a], [, b]) => b - a)
    .flatMap(([id]) => known.incident(id) ?? [])
    .find(({ status, storm }) => isActive(status) && !(storm && status === 'triage'))
}

/** Whether we were told that it ended before we were told that it fired at this time (epoch ms). */
export const hasEnded = ({ key, fingerprint }: Alert, known: Known, at: number): boolean =>
  [key, ...(fingerprint === undefined ? [] : [fingerprint])].some((name) => (known.endedEarly(name) ?? 0) >= at)

/**
 * An end that was before this occurrence began is of an earlier one, and only comes late. By two clocks, because a
 * source's may be wrong: an end between what it calls the beginning and when we heard of that counts.
 */
export const isStale = ({ endsAt }: Pick<Alert, 'endsAt'>, { beganAt, changedAt }: Omit<Owner, 'incident' | 'state'>) =>
  endsAt !== undefined && beganAt !== undefined && endsAt < beganAt && endsAt < changedAt

/** It joins as what it is: over. */
export const overAlready = (alert: Alert, reason: string): { alert: Alert; reason: string } => ({
  alert: { ...alert, state: 'resolved' },
  reason: `${reason}; over already`,
})
