import type { Alert, Signal } from './incident/alert.ts'
import { joinAlert, recordActivity, resolveAlert } from './incident/alert-decisions.ts'
import { correlate } from './incident/correlate.ts'
import { declare } from './incident/decide.ts'
import { type OpeningRule, openingOf } from './incident/opening.ts'
import { type Catalogue, findService } from './incident/service.ts'
import type { Log } from './log.ts'
import type { Metrics } from './metrics.ts'
import type { Recorder } from './record.ts'
import type { Known, Write } from './store/store.ts'

/** What was done with a signal. */
export type Taken = 'declared' | 'held' | 'joined' | 'resolved' | 'recorded' | 'repeated' | 'noted' | 'ignored'

export type AlertsOptions = {
  record: Recorder
  catalogue: Catalogue
  rules: readonly OpeningRule[]
  /** Severity ids, worst first. */
  severities: readonly string[]
  /** How long after an incident's last activity an alert of the same service joins it, ms. */
  windowMs: number
  now: () => number
  log: Log
  metrics: Metrics
}

/** What a page that Muster itself sent is called at its source, so that it comes home to its incident. */
export const pageKey = (incident: string): string => `muster-${incident}`
const OWN_PAGE = /^muster-(INC-\d+)(?:-\d+)?$/

/** An alert comes in: join an open incident, declare one, or hold it for a person to decide. */
export const createAlerts = (options: AlertsOptions) => {
  const { record, catalogue, rules, severities, windowMs, now, log, metrics } = options
  const serviceOf = (alert: Alert) => findService(catalogue, alert)?.id ?? alert.labels.service ?? alert.service

  const fired = (alert: Alert, once: string, at: number): { write: Write; taken: () => Taken } => {
    let taken: Taken = 'ignored'
    let decide: Write['decide'] = () => []
    const to = (known: Known): string | 'new' | undefined => {
      taken = 'ignored'
      if (known.owner(alert.key)) return undefined
      const own = OWN_PAGE.exec(alert.labels.incident_key ?? '')?.[1]
      const home = own === undefined ? undefined : known.open().find(({ incident }) => incident.id === own)
      const match = home
        ? { incident: home.incident, reason: 'the page Muster sent' }
        : correlate(alert, known.open(), { windowMs, now: now(), serviceOf })
      if (match) {
        taken = 'joined'
        decide = (incident) => joinAlert(incident, { alert, reason: match.reason }, { by: alert.source, at })
        return match.incident.id
      }
      const { verdict, severity } = openingOf(alert, findService(catalogue, alert), { rules, severities })
      if (verdict === 'note') {
        taken = 'noted'
        return undefined
      }
      taken = verdict === 'hold' ? 'held' : 'declared'
      const status = verdict === 'hold' ? 'triage' : 'investigating'
      decide = () =>
        declare(
          { title: alert.title, severity, service: serviceOf(alert), status, alert },
          // Declared is when we heard of it; when it began is the alert's to say.
          { by: alert.source, at: now() },
        )
      return 'new'
    }
    return {
      write: { to, decide: (incident) => decide(incident), once, alertKeys: [alert.key] },
      taken: () => taken,
    }
  }

  /** Something about an alert that must belong to an incident already. */
  const followed = (key: string, once: string, decide: Write['decide'], wanted: Taken, from?: 'firing') => {
    let taken: Taken = 'ignored'
    const to = (known: Known) => {
      const owner = known.owner(key)
      taken = owner && (!from || owner.state === from) ? wanted : 'ignored'
      return taken === 'ignored' ? undefined : owner?.incident
    }
    return { write: { to, decide, once, alertKeys: [key] } satisfies Write, taken: () => taken }
  }

  const planFor = (signal: Signal) => {
    const { once, at } = signal
    if (signal.kind === 'alert') {
      const { alert } = signal
      if (alert.state === 'firing') return fired(alert, once, at)
      return followed(
        alert.key,
        once,
        (incident) => resolveAlert(incident, { alert }, { by: alert.source, at }),
        'resolved',
        'firing',
      )
    }
    const { alertKey, activity, text, priority, by } = signal
    const source = alertKey.split(':')[0] as string
    const act = { by: by ? `${source}: ${by}` : source, at }
    return followed(
      alertKey,
      once,
      (incident) => recordActivity(incident, { alertKey, activity, text, priority }, act),
      'recorded',
    )
  }

  return {
    /** Takes one signal; resolves only after its events are on disk. Taken again, it changes nothing. */
    take: async (signal: Signal): Promise<Taken> => {
      const { write, taken } = planFor(signal)
      const outcome = await record.write(write)
      const result = outcome.repeated ? 'repeated' : taken()
      const source = signal.kind === 'alert' ? signal.alert.source : (signal.alertKey.split(':')[0] as string)
      metrics.signals.inc({ source, result })
      log.info('signal taken', { source, result, incident: outcome.incident?.id, once: signal.once })
      return result
    },
  }
}

export type Alerts = ReturnType<typeof createAlerts>
