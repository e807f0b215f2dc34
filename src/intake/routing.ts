import type { Alert } from '../incident/alert.ts'
import { correlate } from '../incident/correlate.ts'
import type { Declaration } from '../incident/decide.ts'
import { NO_CALLS, type SeenCalls } from '../incident/graph.ts'
import type { Incident } from '../incident/incident.ts'
import { type OpeningRule, openingOf } from '../incident/opening.ts'
import { type Catalogue, findService, serviceIdOf } from '../incident/service.ts'
import { isActive } from '../incident/status.ts'
import type { Known } from '../store/store.ts'
import { placeOf } from './occurrences.ts'

export type RoutingOptions = {
  catalogue: Catalogue
  /** Who calls whom beyond the catalogue, as last seen; must answer at once. */
  seenCalls?: () => SeenCalls
  rules: readonly OpeningRule[]
  /** Severity ids, worst first. */
  severities: readonly string[]
  /** How long after an incident's last activity an alert of the same service still joins it, ms. */
  windowMs: number
  /** How many incidents alerts may open within a period; further alerts are held together. */
  budget: { incidents: number; withinMs: number }
  /** Matches the incident key of a page that Muster itself sent; its first group is the incident. */
  ownPage: RegExp
  now: () => number
}

export type Join = {
  join: string
  /** For people: `same service web`. */
  reason: string
  /** The severity of the incident this alert would have opened by itself: an incident in triage opens with it. */
  opensAs?: string
  /** It is the page that Muster sent for this incident, not one of its alerts. */
  page?: true
}

/** Where a firing alert goes. */
export type Route = Join | { open: Declaration } | 'noted'

/** `home` is the incident its occurrence already belongs to. */
export type ChooseRoute = (alert: Alert, home: Incident | undefined, known: Known, paused: boolean) => Route

/**
 * Decides where a firing alert goes, and why. Pure apart from the clock; runs inside the transaction that records it.
 */
export const createRouting = ({
  catalogue,
  seenCalls = () => NO_CALLS,
  rules,
  severities,
  windowMs,
  budget,
  ownPage,
  now,
}: RoutingOptions): ChooseRoute => {
  const isRecent = (incident: Incident) => now() - incident.activeAt <= windowMs

  return (alert, home, known, paused) => {
    const service = serviceIdOf(catalogue, alert)
    const candidates = known.open()
    const { verdict, severity } = openingOf(alert, findService(catalogue, alert), { rules, severities })
    const spent = known.openedSince(now() - budget.withinMs)
    const maySpend = !paused && (verdict === 'hold' ? spent.held : spent.open) < budget.incidents

    const paged = ownPage.exec(alert.labels.incident_key ?? '')?.[1]
    const own = candidates.find(({ incident }) => incident.id === paged)
    if (own) return { join: own.incident.id, reason: 'the page Muster sent', page: true }
    // Cancelled while the page was being sent: it is not news, and ends with the incident.
    if (paged) return 'noted'
    const into = (incident: Incident, reason: string): Join => ({
      join: incident.id,
      reason,
      ...(verdict === 'open' && maySpend && !incident.storm ? { opensAs: severity } : {}),
    })
    const before = home ?? placeOf(alert, known)
    if (before && isActive(before.status)) return into(before, 'fires again')
    const match = correlate(alert, candidates, { windowMs, now: now(), service, catalogue, seen: seenCalls() })
    if (match) return into(match.incident, match.reason)

    if (verdict === 'note') return 'noted'
    if (maySpend) {
      const status = verdict === 'hold' ? 'triage' : 'investigating'
      return { open: { title: alert.title, severity, service, alert, status } }
    }
    // Too many at once, or opening is paused: one incident for all of them, with one button.
    const storm = candidates.find(({ incident }) => incident.storm && isRecent(incident))
    if (storm) return { join: storm.incident.id, reason: paused ? 'opening is paused' : 'alert storm' }
    const title = paused ? 'Alerts while opening is paused' : 'Alert storm'
    return { open: { title, severity, alert, status: 'triage', storm: true } }
  }
}
