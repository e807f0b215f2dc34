import type { Alert } from '../incident/alert.ts'
import { joinAlert, joinAndOpen } from '../incident/alert-decisions.ts'
import { declare } from '../incident/decide.ts'
import type { IncidentEvent } from '../incident/event.ts'
import type { Incident } from '../incident/incident.ts'
import { type Catalogue, serviceIdOf } from '../incident/service.ts'
import type { Known, Routed } from '../store/store.ts'
import { type Before, beforeOf, hasEnded, joinedAfterEnd } from './occurrences.ts'
import type { IntakeResult } from './result.ts'
import type { ChooseRoute, Join } from './routing.ts'

/** "Firing" reported this long after the resolution means a new occurrence, not a late repetition. */
export const REFIRES_AFTER_MS = 120_000

export type FiringOptions = {
  chooseRoute: ChooseRoute
  catalogue: Catalogue
  /** Severity ids, worst first. */
  severities: readonly string[]
  now: () => number
}

/** A report that an alert is firing, at an instant by its source's clock (epoch ms). */
export type FiringSignal = {
  alert: Alert
  at: number
  paused: boolean
  /** The same report was ingested before: it counts only if the alert has been resolved since. */
  refiredOnly?: boolean
}

/** Where a firing alert goes, and the events to record there. */
export const routeFiring = (
  { alert, at, paused, refiredOnly = false }: FiringSignal,
  known: Known,
  options: FiringOptions,
): Routed<IntakeResult> => {
  const { chooseRoute, now } = options
  const owner = known.owner(alert.key)
  const refired = owner?.state === 'resolved' && now() - owner.changedAt >= REFIRES_AFTER_MS
  if ((owner || refiredOnly) && !refired) return { result: 'ignored' }

  const route = chooseRoute(alert, owner && known.incident(owner.incident), known, paused)
  const ended = hasEnded(alert, known, at)
  if (route === 'noted') return { result: 'noted' }
  if ('open' in route) {
    // Nobody is paged for an alert that is over.
    if (ended) return { result: 'noted' }
    return {
      result: route.open.status === 'triage' ? 'held' : 'declared',
      to: 'new',
      // The incident is declared when we receive the alert; the alert itself says when it started.
      decide: () => declare(route.open, { by: alert.source, at: now() }),
    }
  }
  const before = beforeOf(alert, route.join, known)
  return {
    result: 'joined',
    to: route.join,
    decide: (incident) =>
      ended
        ? joinAlert(
            incident,
            { ...joinedAfterEnd(alert, route.reason), ...before, page: route.page },
            { by: alert.source, at },
          )
        : join(incident, alert, { route, before, at }, options),
  }
}

/** Joins the incident, and opens it when it was only held and this alert warrants more. */
const join = (
  incident: Incident,
  alert: Alert,
  { route: { reason, opensAs, page }, before, at }: { route: Join; before: Before; at: number },
  { severities, catalogue, now }: FiringOptions,
): IncidentEvent[] => {
  const joining = { alert, reason, ...before, service: serviceIdOf(catalogue, alert), page }
  const act = { by: alert.source, at }
  if (opensAs === undefined || incident.status !== 'triage') return joinAlert(incident, joining, act)
  const isWorse = severities.indexOf(opensAs) < severities.indexOf(incident.severity)
  return joinAndOpen(incident, { ...joining, severity: isWorse ? opensAs : undefined, at: now() }, act)
}
