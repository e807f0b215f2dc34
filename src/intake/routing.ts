import type { Alert } from '../incident/alert.ts'
import { correlate } from '../incident/correlate.ts'
import type { Declaration } from '../incident/decide.ts'
import type { Incident } from '../incident/incident.ts'
import { type OpeningRule, openingOf } from '../incident/opening.ts'
import { type Catalogue, findService, serviceIdOf } from '../incident/service.ts'
import { isActive } from '../incident/status.ts'
import type { Known } from '../store/store.ts'
import { placeOf } from './occurrences.ts'

export type RoutingOptions = {
  catalogue: Catalogue
  rules: readonly OpeningRule[]
  /** Severity ids, worst first. */
  severities: readonly string[]
  /** How long after an incident's last activity an alert still joins it for its service, ms. */
  windowMs: number
  /** How many incidents alerts may open within how long; what comes above that is held together. */
  budget: { incidents: number; withinMs: number }
  /** What a page that Muster itself sent is called at its source. */
  ownPage: RegExp
  now: () => number
}

/** Where a firing alert goes. */
export type Route =
  | {
      join: string
      /** For people: `same service web, 3 min ago`. */
      reason: string
      /** Set when the alert would have opened an incident of this severity: what is held then is held no longer. */
      opensAs?: string
    }
  | { open: Declaration }
  | 'noted'

/** Decides where a firing alert goes, and why. Pure but for the clock; runs inside the transaction that writes it. */
export const createRouting = ({ catalogue, rules, severities, windowMs, budget, ownPage, now }: RoutingOptions) => {
  const isRecent = (incident: Incident) => now() - incident.activeAt <= windowMs

  return (alert: Alert, home: Incident | undefined, known: Known, paused: boolean): Route => {
    const service = serviceIdOf(catalogue, alert)
    const candidates = known.open()
    const { verdict, severity } = openingOf(alert, findService(catalogue, alert), { rules, severities })
    const spent = known.openedSince(now() - budget.withinMs)
    const maySpend = !paused && (verdict === 'hold' ? spent.held : spent.open) < budget.incidents

    const into = (incident: Incident, reason: string) => ({
      join: incident.id,
      reason,
      ...(verdict === 'open' && maySpend && !incident.storm ? { opensAs: severity } : {}),
    })
    const before = home ?? placeOf(alert, known)
    if (before && isActive(before.status)) return into(before, 'fires again')
    const own = ownPage.exec(alert.labels.incident_key ?? '')?.[1]
    const paged = candidates.find(({ incident }) => incident.id === own)
    if (paged) return into(paged.incident, 'the page Muster sent')
    const match = correlate(alert, candidates, { windowMs, now: now(), service, catalogue })
    if (match) return into(match.incident, match.reason)

    if (verdict === 'note') return 'noted'
    if (maySpend) {
      const status = verdict === 'hold' ? 'triage' : 'investigating'
      return { open: { title: alert.title, severity, service, alert, status } }
    }
    // Too many at once, or the plug is pulled: one place for all of them, and one button.
    const storm = candidates.find(({ incident }) => incident.storm && isRecent(incident))
    if (storm) return { join: storm.incident.id, reason: paused ? 'opening is paused' : 'alert storm' }
    const title = paused ? 'Alerts while opening is paused' : 'Alert storm'
    return { open: { title, severity, alert, status: 'triage', storm: true } }
  }
}
