import type { Alert } from '../incident/alert.ts'
import { resolveAlert } from '../incident/alert-decisions.ts'
import type { Known, Routed } from '../store/store.ts'
import { isStale } from './occurrences.ts'
import type { IntakeResult } from './result.ts'

/** A report that one occurrence of an alert was resolved, at an instant by its source's clock (epoch ms). */
export type Ending = Pick<Alert, 'key' | 'source' | 'title' | 'endsAt'> & { at: number }

/** Resolves the occurrence on the incident it belongs to, while it is firing there. */
export const routeEnd = (ending: Ending, known: Known): Routed<IntakeResult> => {
  const { key, title, source, at } = ending
  const owner = known.owner(key)
  if (owner?.state !== 'firing' || isStale(ending, owner)) return { result: 'ignored' }
  return {
    result: 'resolved',
    to: owner.incident,
    decide: (incident) => resolveAlert(incident, { alert: { key, title } }, { by: source, at }),
  }
}

export type EarlyEnding = Ending & { endsAt: number; fingerprint?: string | undefined; now: number }

/**
 * The resolution of an alert whose firing was never reported. The firing report may still arrive, and must not open an
 * incident: the resolution is remembered. Or it has arrived just now, and is resolved here.
 */
export const routeEarlyEnd = (
  { key, title, source, at, endsAt, fingerprint, now }: EarlyEnding,
  known: Known,
): Routed<IntakeResult> => {
  const names = fingerprint === undefined ? [] : [fingerprint]
  const owner = known.owner(key)
  const firing = names.flatMap((name) => [...known.sighting(name).firing])
  const [occurrence, place] =
    owner?.state === 'firing' ? [key, owner] : (firing.find(([, { beganAt = 0 }]) => beganAt <= endsAt) ?? [])
  if (occurrence === undefined || place === undefined)
    return { result: 'ignored', ended: { names: [key, ...names], at: Math.min(endsAt, now) } }
  return {
    result: 'resolved',
    to: place.incident,
    decide: (incident) => resolveAlert(incident, { alert: { key: occurrence, title } }, { by: source, at }),
  }
}
