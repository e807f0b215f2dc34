import type { Alert, Signal } from '../incident/alert.ts'
import { joinAlert, recordActivity } from '../incident/alert-decisions.ts'
import { type Act, mergeInto } from '../incident/decide.ts'
import { type Catalogue, serviceIdOf } from '../incident/service.ts'
import { isActive } from '../incident/status.ts'
import type { Known, Routed } from '../store/store.ts'
import type { IntakeResult } from './result.ts'

type Activity = Extract<Signal, { kind: 'activity' }>

const actOf = ({ alertKey, by, at }: Activity): Act => {
  const source = alertKey.split(':')[0] as string
  return { by: by ? `${source}: ${by}` : source, at }
}

/** Records activity on an alert at its source, on the incident it belongs to. */
export const routeActivity = (signal: Activity, known: Known): Routed<IntakeResult> => {
  const { alertKey, activity, text, priority } = signal
  const owner = known.owner(alertKey)
  if (!owner) return { result: 'ignored' }
  return {
    result: 'recorded',
    to: owner.incident,
    decide: (incident) => recordActivity(incident, { alertKey, activity, text, priority }, actOf(signal)),
  }
}

/** An alert reopened at its source fires again where it belongs, at once: it reopens an incident that is over. */
export const routeReopened = (alert: Alert, at: number, known: Known, catalogue: Catalogue): Routed<IntakeResult> => {
  const owner = known.owner(alert.key)
  if (owner?.state !== 'resolved') return { result: 'ignored' }
  const joining = {
    alert: { ...alert, state: 'firing' as const },
    reason: 'reopened at its source',
    again: true,
    service: serviceIdOf(catalogue, alert),
  }
  return {
    result: 'joined',
    to: owner.incident,
    decide: (incident) => joinAlert(incident, joining, { by: alert.source, at }),
  }
}

/** Merging two alerts at their source merges our incidents, unless other alerts keep the first one open. */
export const routeMergedAtSource = (signal: Activity, into: string, known: Known): Routed<IntakeResult> => {
  const owner = known.owner(signal.alertKey)
  const target = known.owner(into)?.incident
  const home = owner && known.incident(owner.incident)
  if (!home || !target || target === home.id || home.alerts.total !== 1 || !isActive(home.status))
    return { result: 'recorded' }
  return {
    result: 'merged',
    to: home.id,
    decide: (incident) => mergeInto(incident, { into: target, text: 'merged at the source' }, actOf(signal)),
  }
}
