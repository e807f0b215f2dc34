import type { Recorder } from '../engine/record.ts'
import type { Alert, Picture, Signal } from '../incident/alert.ts'
import type { Incident } from '../incident/incident.ts'
import { screenshotTitle } from '../incident/screenshot.ts'
import type { Log } from '../platform/log.ts'
import type { Metrics } from '../platform/metrics.ts'
import type { RoutedWrite, Store } from '../store/store.ts'
import { routeActivity, routeMergedAtSource, routeReopened } from './activity.ts'
import { type FiringOptions, type FiringSignal, REFIRES_AFTER_MS, routeFiring } from './firing.ts'
import { type Ending, routeEarlyEnd, routeEnd } from './resolved.ts'
import type { IntakeResult } from './result.ts'
import { createRouting, type RoutingOptions } from './routing.ts'

export type AlertsOptions = Omit<RoutingOptions, 'ownPage'> & {
  record: Recorder
  store: Pick<Store, 'firing' | 'freeze'>
  /** Whether somebody paused automatic incidents. */
  isPaused(): Promise<boolean>
  log: Log
  metrics: Metrics
}

/** The incident key of a page that Muster sends, by which its webhooks find their incident. */
export const pageKey = (incident: string): string => `muster-${incident}`
const OWN_PAGE = /^muster-(INC-\d+)(?:-\d+)?$/

type Ingested = { result: IntakeResult; incident: Incident | undefined }
type Activity = Extract<Signal, { kind: 'activity' }>

/** Ingests reports from alert sources: an alert joins an open incident, opens one, or is held in triage. */
export const createAlerts = (options: AlertsOptions) => {
  const { record, store, catalogue, isPaused, now, log, metrics } = options
  const firing: FiringOptions = { ...options, chooseRoute: createRouting({ ...options, ownPage: OWN_PAGE }) }

  /** Resolves only after the signal's events are on disk. Ingesting it again changes nothing. */
  const ingest = async (signal: Signal): Promise<IntakeResult> => {
    const { result, incident } = await ingestAny(signal)
    const source = signal.kind === 'alert' ? signal.alert.source : sourceOf(signal.alertKey)
    metrics.signals.inc({ source, result })
    log.info('signal ingested', { source, result, incident: incident?.id, once: signal.once })
    return result
  }

  const ingestAny = async (signal: Signal): Promise<Ingested> => {
    if (signal.kind === 'activity') return ingestActivity(signal)
    const { alert, once, at, picture } = signal
    if (alert.state === 'resolved') return ingestResolved(alert, once, at)
    return ingestFiring(picture ? await withPicture(alert, picture) : alert, once, at)
  }

  /** Images are not stored in the log: they are frozen, and the alert refers to them. */
  const withPicture = async (alert: Alert, { mediaType, base64 }: Picture): Promise<Alert> => {
    const { source, panelUrl: url } = alert
    const image = { kind: 'image' as const, source, title: screenshotTitle(alert), mediaType, base64, notes: [] }
    return { ...alert, pictureHash: await store.freeze({ ...image, ...(url ? { url } : {}) }) }
  }

  const ingestFiring = async (alert: Alert, once: string, at: number): Promise<Ingested> => {
    const paused = await isPaused()
    const first = await writeFiring({ alert, at, paused }, once)
    if (first.result !== 'repeated' || sendsEvents(alert.source)) return first
    const again = await writeFiring({ alert, at, paused, refiredOnly: true }, `${once}:again:${refireWindow()}`)
    return again.result === 'ignored' ? first : again
  }

  const writeFiring = (signal: FiringSignal, once: string): Promise<Ingested> =>
    write({
      route: (known) => routeFiring(signal, known, firing),
      once,
      alertKeys: [signal.alert.key],
      fingerprints: listOf(signal.alert.fingerprint),
      groups: listOf(signal.alert.group),
    })

  const ingestResolved = async (alert: Alert, once: string, at: number): Promise<Ingested> => {
    const own = await ingestEnd({ ...alert, at }, once)
    if (own.result === 'resolved') return own
    // The source does not say which occurrence was resolved: resolve every firing one with this fingerprint.
    const keys = alert.fingerprint === undefined ? [] : await store.firing(alert.fingerprint)
    const others = await Promise.all(keys.map((key) => ingestEnd({ ...alert, key, at }, once)))
    const ended = others.find(({ result }) => result === 'resolved')
    if (ended || own.result === 'repeated' || alert.endsAt === undefined) return ended ?? own
    const early = { ...alert, endsAt: alert.endsAt, at, now: now() }
    return write({
      route: (known) => routeEarlyEnd(early, known),
      alertKeys: [alert.key],
      fingerprints: listOf(alert.fingerprint),
    })
  }

  const ingestEnd = async (ending: Ending, once: string): Promise<Ingested> => {
    const first = await writeEnd(ending, `${once}:${ending.key}`)
    if (first.result !== 'repeated' || sendsEvents(ending.source)) return first
    const again = await writeEnd(ending, `${once}:${ending.key}:again:${refireWindow()}`)
    return again.result === 'ignored' ? first : again
  }

  const writeEnd = (ending: Ending, once: string): Promise<Ingested> =>
    write({ route: (known) => routeEnd(ending, known), once, alertKeys: [ending.key] })

  const ingestActivity = async (signal: Activity): Promise<Ingested> => {
    const { alertKey, activity, alert, once, at, into } = signal
    if (alert && activity === 'reopened')
      await write({
        route: (known) => routeReopened(alert, at, known, catalogue),
        once: `${once}:alert`,
        alertKeys: [alert.key],
      })
    // The original delivery was lost, and this one carries the whole alert.
    if (alert?.state === 'firing') await ingestFiring(alert, `${once}:alert`, at)
    const recorded = await write({
      route: (known) => routeActivity(signal, known),
      once,
      alertKeys: [alertKey],
    })
    return activity === 'merged' && recorded.incident
      ? ingestMerge(signal, into, recorded, recorded.incident)
      : recorded
  }

  const ingestMerge = async (
    signal: Activity,
    into: string | undefined,
    recorded: Ingested,
    incident: Incident,
  ): Promise<Ingested> => {
    const { alertKey, alert, text, once, at } = signal
    const merged = into
      ? await write({
          route: (known) => routeMergedAtSource(signal, into, known),
          once: `${once}:merge`,
          alertKeys: [alertKey, into],
        })
      : recorded
    // Its source will never resolve it: from now on only the other alert exists there.
    const title = alert?.title ?? incident.alerts.latest.find(({ key }) => key === alertKey)?.title ?? text
    await ingestEnd({ key: alertKey, source: sourceOf(alertKey), title, at }, `${once}:merged`)
    return merged
  }

  const write = async (one: RoutedWrite<IntakeResult>): Promise<Ingested> => {
    const { incident, result = 'repeated' } = await record.write(one)
    return { incident, result }
  }

  /**
   * Sources that send states repeat them verbatim when an alert fires or resolves again; a time window tells those
   * apart.
   */
  const refireWindow = (): number => Math.floor(now() / REFIRES_AFTER_MS)

  return { ingest }
}

/** Gives every event an id of its own, so that a repetition can only be a redelivery. */
const sendsEvents = (source: string): boolean => source === 'pagerduty'

const sourceOf = (alertKey: string): string => alertKey.split(':')[0] as string

const listOf = (name: string | undefined): string[] => (name === undefined ? [] : [name])

export type Alerts = ReturnType<typeof createAlerts>
