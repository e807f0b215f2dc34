import type { Recorder } from '../engine/record.ts'
import type { Alert, Signal } from '../incident/alert.ts'
import { joinAlert, joinAndOpen, recordActivity, resolveAlert } from '../incident/alert-decisions.ts'
import { declare, mergeInto } from '../incident/decide.ts'
import type { Incident } from '../incident/incident.ts'
import { serviceIdOf } from '../incident/service.ts'
import { isActive } from '../incident/status.ts'
import type { Log } from '../platform/log.ts'
import type { Metrics } from '../platform/metrics.ts'
import type { Known, Owner, Store, Write } from '../store/store.ts'
import { type Before, beforeOf, hasEnded, isStale, overAlready } from './occurrences.ts'
import { createRouting, type Route, type RoutingOptions } from './routing.ts'

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

export type AlertsOptions = Omit<RoutingOptions, 'ownPage'> & {
  record: Recorder
  store: Pick<Store, 'firing'>
  /** Whether opening is paused by hand. */
  isPaused(): Promise<boolean>
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
  const { record, store, catalogue, severities, isPaused, now, log, metrics } = options
  const route = createRouting({ ...options, ownPage: OWN_PAGE })

  /** The facts of joining; of opening, too, when it is only held and the alert is worth more than that. */
  const join = (
    incident: Incident,
    alert: Alert,
    { reason, opensAs }: Extract<Route, { join: string }>,
    before: Before,
    at: number,
  ) => {
    const joining = { alert, reason, ...before, service: serviceIdOf(catalogue, alert) }
    const act = { by: alert.source, at }
    if (opensAs === undefined || incident.status !== 'triage') return joinAlert(incident, joining, act)
    const isWorse = severities.indexOf(opensAs) < severities.indexOf(incident.severity)
    return joinAndOpen(incident, { ...joining, severity: isWorse ? opensAs : undefined, at: now() }, act)
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
      const routed = route(alert, home, known, paused)
      const isOver = hasEnded(alert, known, at)
      // Nobody is called for what has ended; an incident that it belongs to is told of it.
      if (routed === 'noted' || (isOver && !('join' in routed))) {
        taken = 'noted'
        return undefined
      }
      if ('join' in routed) {
        taken = 'joined'
        const before = beforeOf(alert, routed.join, known)
        decide = isOver
          ? (incident) =>
              joinAlert(incident, { ...overAlready(alert, routed.reason), ...before }, { by: alert.source, at })
          : (incident) => join(incident, alert, routed, before, at)
        return routed.join
      }
      taken = routed.open.status === 'triage' ? 'held' : 'declared'
      // Declared is when we heard of it; when it began is the alert's to say.
      decide = () => declare(routed.open, { by: alert.source, at: now() })
      return 'new'
    }
    const groups = alert.group === undefined ? [] : [alert.group]
    const fingerprints = alert.fingerprint === undefined ? [] : [alert.fingerprint]
    const write = { to, decide: (incident: Incident) => decide(incident), once, alertKeys: [alert.key], fingerprints }
    return { write: { ...write, groups }, taken: () => taken }
  }

  /** Something about an alert that belongs to an incident already; nothing otherwise. */
  const followed = (
    key: string,
    once: string,
    decide: Write['decide'],
    wanted: Taken,
    when: (owner: Owner) => boolean = () => true,
  ): Plan => {
    let taken: Taken = 'ignored'
    const to = (known: Known) => {
      const owner = known.owner(key)
      taken = owner && when(owner) ? wanted : 'ignored'
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

  /** The end of one occurrence, said by its key or by what all its occurrences have in common. */
  const end = async (key: string, alert: Pick<Alert, 'source' | 'title' | 'endsAt'>, once: string, at: number) => {
    const ending = (name: string) =>
      carryOut(
        followed(
          key,
          name,
          (incident) => resolveAlert(incident, { alert: { key, title: alert.title } }, { by: alert.source, at }),
          'resolved',
          (owner) => owner.state === 'firing' && !isStale(alert, owner),
        ),
      )
    const first = await ending(`${once}:${key}`)
    // As with "firing": what fired again under the same name ends again, in the same words.
    if (first.taken !== 'repeated' || alert.source === 'pagerduty') return first
    const again = await ending(`${once}:${key}:again:${Math.floor(now() / REFIRES_AFTER_MS)}`)
    return again.taken === 'ignored' ? first : again
  }

  const takeResolved = async (alert: Alert, once: string, at: number) => {
    const own = await end(alert.key, alert, once, at)
    if (own.taken === 'resolved') return own
    // The source does not say which occurrence ended: all that fire under this name.
    const firing = alert.fingerprint === undefined ? [] : await store.firing(alert.fingerprint)
    const others = await Promise.all(firing.map((key) => end(key, alert, once, at)))
    const ended = others.find(({ taken }) => taken === 'resolved')
    if (ended || own.taken === 'repeated' || alert.endsAt === undefined) return ended ?? own
    return carryOut(endedEarly(alert, alert.endsAt, at))
  }

  /** We were not told that it began. That may come late, and must not open what is over; or it has come just now. */
  const endedEarly = (alert: Alert, endsAt: number, at: number): Plan => {
    const { key, title, source, fingerprint } = alert
    const fingerprints = fingerprint === undefined ? [] : [fingerprint]
    let began: string | undefined
    const to = (known: Known) => {
      const owner = known.owner(key)
      const firing = fingerprints.flatMap((name) => [...known.sighting(name).firing])
      const [one, place] =
        owner?.state === 'firing' ? [key, owner] : (firing.find(([, { beganAt = 0 }]) => beganAt <= endsAt) ?? [])
      began = one
      return place?.incident
    }
    const decide: Write['decide'] = (incident) =>
      resolveAlert(incident, { alert: { key: began ?? key, title } }, { by: source, at })
    const early = { names: [key, ...fingerprints], at: Math.min(endsAt, now()) }
    return {
      write: { to, decide, alertKeys: [key], fingerprints, early },
      taken: () => (began ? 'resolved' : 'ignored'),
    }
  }

  const takeActivity = async (signal: Extract<Signal, { kind: 'activity' }>) => {
    const { alertKey, activity, text, priority, by, at, once, into } = signal
    const source = alertKey.split(':')[0] as string
    const act = { by: by ? `${source}: ${by}` : source, at }
    if (signal.alert && activity === 'reopened') await carryOut(reopened(signal.alert, `${once}:alert`, at))
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
    if (activity !== 'merged' || !recorded.incident) return recorded
    const merged = into ? await carryOut(mergedAtSource(alertKey, into, once, act)) : recorded
    // Its source will never say that it ended: from now on only the other one lives there.
    const title = signal.alert?.title ?? recorded.incident.alerts.latest.find(({ key }) => key === alertKey)?.title
    await end(alertKey, { source, title: title ?? text }, `${once}:merged`, at)
    return merged
  }

  /** Said to fire again, at once and where it belongs: an alert of an incident that is over reopens that one. */
  const reopened = (alert: Alert, once: string, at: number): Plan => {
    let taken: Taken = 'ignored'
    const to = (known: Known) => {
      const owner = known.owner(alert.key)
      taken = owner?.state === 'resolved' ? 'joined' : 'ignored'
      return taken === 'joined' ? owner?.incident : undefined
    }
    const joining = { alert: { ...alert, state: 'firing' as const }, reason: 'reopened at its source', again: true }
    const decide: Write['decide'] = (incident) =>
      joinAlert(incident, { ...joining, service: serviceIdOf(catalogue, alert) }, { by: alert.source, at })
    return { write: { to, decide, once, alertKeys: [alert.key] }, taken: () => taken }
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
