import type { Alert, Signal } from './incident/alert.ts'
import { joinAlert, recordActivity, resolveAlert } from './incident/alert-decisions.ts'
import { correlate } from './incident/correlate.ts'
import { type Declaration, declare, mergeInto } from './incident/decide.ts'
import { type OpeningRule, openingOf } from './incident/opening.ts'
import { type Catalogue, findService } from './incident/service.ts'
import { isActive } from './incident/status.ts'
import type { Log } from './log.ts'
import type { Metrics } from './metrics.ts'
import type { Recorder } from './record.ts'
import type { Known, Store, Write } from './store/store.ts'

/** What was done with a signal. */
export type Taken =
  | 'declared'
  | 'held'
  | 'joined'
  | 'resolved'
  | 'recorded'
  | 'merged'
  | 'repeated'
  | 'noted'
  | 'ignored'

export type AlertsOptions = {
  record: Recorder
  store: Pick<Store, 'firing'>
  catalogue: Catalogue
  rules: readonly OpeningRule[]
  /** Severity ids, worst first. */
  severities: readonly string[]
  /** How long after an incident's last activity an alert still joins it for its service, ms. */
  windowMs: number
  /** How many incidents alerts may open within how long; what comes above that is held together. */
  budget: { incidents: number; withinMs: number }
  /** Whether opening is paused by hand. */
  isPaused(): Promise<boolean>
  now: () => number
  log: Log
  metrics: Metrics
}

/** What a page that Muster itself sent is called at its source, so that it comes home to its incident. */
export const pageKey = (incident: string): string => `muster-${incident}`
const OWN_PAGE = /^muster-(INC-\d+)(?:-\d+)?$/

/** A source that says "firing" again this long after the end means a new beginning, not a late repetition. */
const REFIRES_AFTER_MS = 120_000

type Plan = { write: Write; taken: () => Taken }

/** An alert comes in: join an open incident, declare one, or hold it for a person to decide. */
export const createAlerts = (options: AlertsOptions) => {
  const { record, store, catalogue, rules, severities, windowMs, budget, isPaused, now, log, metrics } = options
  const serviceOf = (alert: Alert) => findService(catalogue, alert)?.id ?? alert.labels.service ?? alert.service

  /** Where a firing alert goes, and why. Runs inside the transaction. */
  const route = (
    alert: Alert,
    known: Known,
    paused: boolean,
  ): { join: string; reason: string } | { open: Declaration } | 'noted' => {
    const service = serviceOf(alert)
    const candidates = known.open()
    const own = OWN_PAGE.exec(alert.labels.incident_key ?? '')?.[1]
    if (own !== undefined && candidates.some(({ incident }) => incident.id === own))
      return { join: own, reason: 'the page Muster sent' }
    const match = correlate(alert, candidates, { windowMs, now: now(), service, catalogue })
    if (match) return { join: match.incident.id, reason: match.reason }
    const { verdict, severity } = openingOf(alert, findService(catalogue, alert), { rules, severities })
    if (verdict === 'note') return 'noted'
    const tooMany = known.openedSince(now() - budget.withinMs) >= budget.incidents
    if (!paused && !tooMany)
      return {
        open: { title: alert.title, severity, service, alert, status: verdict === 'hold' ? 'triage' : 'investigating' },
      }
    // Too many at once, or the plug is pulled: one place for all of them, and one button.
    const storm = candidates.find(({ incident }) => incident.storm && now() - incident.activeAt <= windowMs)
    const why = paused ? 'opening is paused' : 'alert storm'
    if (storm) return { join: storm.incident.id, reason: why }
    return {
      open: {
        title: paused ? 'Alerts while opening is paused' : 'Alert storm',
        severity,
        alert,
        status: 'triage',
        storm: true,
      },
    }
  }

  const fired = (alert: Alert, once: string, at: number, paused: boolean, again: boolean): Plan => {
    let taken: Taken = 'ignored'
    let decide: Write['decide'] = () => []
    const to = (known: Known): string | 'new' | undefined => {
      taken = 'ignored'
      const owner = known.owner(alert.key)
      const refires = owner?.state === 'resolved' && now() - owner.changedAt >= REFIRES_AFTER_MS
      if (owner && !refires) return undefined
      if (again && !refires) return undefined
      const home = owner && known.incident(owner.incident)
      const routed =
        home && isActive(home.status) ? { join: home.id, reason: 'fires again' } : route(alert, known, paused)
      if (routed === 'noted') {
        taken = 'noted'
        return undefined
      }
      if ('join' in routed) {
        taken = 'joined'
        decide = (incident) =>
          joinAlert(incident, { alert, reason: routed.reason, service: serviceOf(alert) }, { by: alert.source, at })
        return routed.join
      }
      taken = routed.open.status === 'triage' ? 'held' : 'declared'
      // Declared is when we heard of it; when it began is the alert's to say.
      decide = () => declare(routed.open, { by: alert.source, at: now() })
      return 'new'
    }
    return { write: { to, decide: (incident) => decide(incident), once, alertKeys: [alert.key] }, taken: () => taken }
  }

  /** Something about an alert that belongs to an incident already; nothing otherwise. */
  const followed = (key: string, once: string, decide: Write['decide'], wanted: Taken, from?: 'firing'): Plan => {
    let taken: Taken = 'ignored'
    const to = (known: Known) => {
      const owner = known.owner(key)
      taken = owner && (!from || owner.state === from) ? wanted : 'ignored'
      return taken === 'ignored' ? undefined : owner?.incident
    }
    return { write: { to, decide, once, alertKeys: [key] }, taken: () => taken }
  }

  const carryOut = async ({ write, taken }: Plan) => {
    const { incident, repeated } = await record.write(write)
    return { incident, taken: repeated ? ('repeated' as const) : taken() }
  }

  const takeFiring = async (alert: Alert, once: string, at: number) => {
    const paused = await isPaused()
    const first = await carryOut(fired(alert, once, at, paused, false))
    // Sources that send states, not events, say the same thing when it begins anew; those with an id for each event do not.
    if (first.taken !== 'repeated' || alert.source === 'pagerduty') return first
    const again = await carryOut(
      fired(alert, `${once}:again:${Math.floor(now() / REFIRES_AFTER_MS)}`, at, paused, true),
    )
    return again.taken === 'ignored' ? first : again
  }

  const takeResolved = async (alert: Alert, once: string, at: number) => {
    const end = (key: string) =>
      carryOut(
        followed(
          key,
          `${once}:${key}`,
          (incident) => resolveAlert(incident, { alert: { ...alert, key } }, { by: alert.source, at }),
          'resolved',
          'firing',
        ),
      )
    const own = await end(alert.key)
    if (own.taken !== 'ignored' || alert.fingerprint === undefined) return own
    // The source does not say which occurrence ended: all that fire under this name.
    const others = await Promise.all((await store.firing(alert.fingerprint)).map(end))
    return others.find(({ taken }) => taken === 'resolved') ?? own
  }

  const takeActivity = async (signal: Extract<Signal, { kind: 'activity' }>) => {
    const { alertKey, activity, text, priority, by, at, once, into } = signal
    const source = alertKey.split(':')[0] as string
    const act = { by: by ? `${source}: ${by}` : source, at }
    // We never saw it fire: the delivery was lost, and the alert is told whole here.
    if (signal.alert?.state === 'firing') await takeFiring(signal.alert, `${once}:alert`, at)
    const recorded = await carryOut(
      followed(
        alertKey,
        once,
        (incident) => recordActivity(incident, { alertKey, activity, text, priority }, act),
        'recorded',
      ),
    )
    if (activity !== 'merged' || !into || !recorded.incident) return recorded
    return carryOut(mergedAtSource(alertKey, into, once, act))
  }

  /** Two of our incidents whose alerts were merged at their source are one. */
  const mergedAtSource = (from: string, into: string, once: string, act: { by: string; at: number }): Plan => {
    let taken: Taken = 'recorded'
    let target = ''
    const to = (known: Known) => {
      const [here, there] = [known.owner(from), known.owner(into)]
      target = there?.incident ?? ''
      const home = here && known.incident(here.incident)
      // Only when nothing else keeps it open: an incident with other alerts goes on.
      taken =
        home && target && target !== home.id && home.alerts.total === 1 && isActive(home.status) ? 'merged' : 'recorded'
      return taken === 'merged' ? home?.id : undefined
    }
    const decide: Write['decide'] = (incident) =>
      mergeInto(incident, { into: target, text: 'merged at the source' }, act)
    return { write: { to, decide, once: `${once}:merge`, alertKeys: [from, into] }, taken: () => taken }
  }

  return {
    /** Takes one signal; resolves only after its events are on disk. Taken again, it changes nothing. */
    take: async (signal: Signal): Promise<Taken> => {
      const { once, at } = signal
      const { taken, incident } =
        signal.kind === 'activity'
          ? await takeActivity(signal)
          : signal.alert.state === 'firing'
            ? await takeFiring(signal.alert, once, at)
            : await takeResolved(signal.alert, once, at)
      const source = signal.kind === 'alert' ? signal.alert.source : (signal.alertKey.split(':')[0] as string)
      metrics.signals.inc({ source, result: taken })
      log.info('signal taken', { source, result: taken, incident: incident?.id, once })
      return taken
    },
  }
}

export type Alerts = ReturnType<typeof createAlerts>
