import type { Recorder } from '../engine/record.ts'
import type { Alert } from '../incident/alert.ts'
import { joinAlert, moveAlert, OF_ITS_OWN } from '../incident/alert-decisions.ts'
import { type AlertOf, alertsEverOf } from '../incident/alerts-of.ts'
import { declare } from '../incident/decide.ts'
import type { EffectHandler } from '../incident/effect-handler.ts'
import { receivePages } from '../incident/page-decisions.ts'
import { isPerson } from '../incident/phrase.ts'
import { type Catalogue, serviceIdOf } from '../incident/service.ts'
import { isActive } from '../incident/status.ts'
import type { Known, Store } from '../store/store.ts'

export type AlertMovesOptions = { record: Recorder; store: Store; catalogue: Catalogue; now: () => number }

/** Upper bound for chains of merges. */
const LONGEST_CHAIN = 20

/**
 * Moves alerts from one incident to another: after a merge, when it is undone, and after a split. An alert moves only
 * while it is still where it was, so moving it twice changes nothing. Whether it is firing is looked up at that moment:
 * it may have been resolved in the meantime.
 */
export const createAlertMoves = ({ record, store, catalogue, now }: AlertMovesOptions) => {
  const moveAlerts: EffectHandler<'move_alerts'> = async ({ to, back }, { incident, effectId }) => {
    const once = `move:${effectId}`
    const there = await lastOf(to)
    const events = await store.events(incident.id)
    if (back) {
      // Merged again in the meantime: its alerts are where they belong.
      if (!isActive(incident.status)) return []
      const left = new Set(
        events.flatMap((event) => (event.type === 'alert_left' && event.to !== OF_ITS_OWN ? [event.alertKey] : [])),
      )
      const alerts = alertsEverOf(events).filter(({ alert }) => left.has(alert.key))
      await Promise.all(alerts.map((one) => move(one, there, incident.id, 'the merge was taken back', once)))
      return []
    }
    if (incident.status !== 'merged' || there === incident.id) return []
    await Promise.all(
      alertsEverOf(events).map((one) => move(one, incident.id, there, `merged from ${incident.id}`, once)),
    )
    // After the alerts, so that acknowledging covers all of them.
    const made = (incident.paging ?? []).flatMap(({ made, name, reference, link, sentAt }) =>
      made && reference ? [{ name, reference, link, sentAt }] : [],
    )
    await record.change(
      there,
      (other) => receivePages(other, { from: incident.id, pages: made }, { by: 'muster', at: now() }),
      `${once}:pages`,
    )
    return []
  }

  const openSplit: EffectHandler<'open_split'> = async ({ alertKey }, { incident, cause, effectId }) => {
    const alert = alertsEverOf(await store.events(incident.id)).find(({ keys }) => keys.has(alertKey))?.alert
    if (!alert) return []
    await record.write({
      route: (known) => {
        const moved = standing(alert, incident.id, known)
        if (!moved) return { result: undefined }
        const { title } = alert
        const { severity, private: hidden } = incident
        const by = isPerson(cause.by) ? cause.by : 'muster'
        return {
          result: undefined,
          to: 'new',
          decide: () =>
            declare(
              { title, severity, service: serviceIdOf(catalogue, alert), alert: moved, private: hidden },
              { by, at: now() },
            ),
        }
      },
      once: `split:${effectId}`,
      ...namesOf(alert),
    })
    return []
  }

  const move = async ({ alert, page }: AlertOf, from: string, to: string, reason: string, once: string) => {
    const act = { by: 'muster', at: now() }
    const joined = await record.write({
      route: (known) => {
        const moved = standing(alert, from, known)
        if (!moved) return { result: undefined }
        const joining = { alert: moved, reason, service: serviceIdOf(catalogue, alert), page }
        return { result: moved, to, decide: (incident) => joinAlert(incident, joining, act) }
      },
      once: `${once}:join:${alert.key}`,
      ...namesOf(alert),
      incidents: [to],
    })
    // It had already moved, and that move was recorded.
    if (!joined.repeated && joined.events.length === 0) return
    const moved = joined.result ?? alert
    await record.change(
      from,
      (incident) => moveAlert(incident, { alert: moved, state: moved.state, to }, act),
      `${once}:leave:${alert.key}`,
    )
  }

  /** The incident at the end of a chain of merges. */
  const lastOf = async (id: string): Promise<string> => {
    let last = id
    for (let hop = 0; hop < LONGEST_CHAIN; hop++) {
      const incident = await store.read(last)
      if (incident?.status !== 'merged' || !incident.mergedInto) return last
      last = incident.mergedInto
    }
    return last
  }

  return { move_alerts: moveAlerts, open_split: openSplit }
}

/** What the store must look up about the alert before it can move. */
const namesOf = ({ key, fingerprint }: Alert) => ({
  alertKeys: [key],
  fingerprints: fingerprint === undefined ? [] : [fingerprint],
})

/**
 * The alert's current state on an incident: resolved in the meantime, or firing again under a new key. Undefined when
 * it is gone.
 */
const standing = (alert: Alert, incident: string, known: Known): Alert | undefined => {
  const owner = known.owner(alert.key)
  if (owner?.incident !== incident) return undefined
  if (owner.state === 'firing') return { ...alert, state: 'firing' }
  const firing = alert.fingerprint === undefined ? [] : [...known.sighting(alert.fingerprint).firing]
  const [key, place] = firing.find(([, one]) => one.incident === incident) ?? []
  return key === undefined
    ? { ...alert, state: 'resolved' }
    : { ...alert, key, state: 'firing', startsAt: place?.beganAt ?? alert.startsAt }
}
