import type { Recorder } from '../engine/record.ts'
import type { Alert } from '../incident/alert.ts'
import { joinAlert, moveAlert, OF_ITS_OWN } from '../incident/alert-decisions.ts'
import { alertsEverOf } from '../incident/alerts-of.ts'
import { declare } from '../incident/decide.ts'
import type { EffectHandler } from '../incident/effect-handler.ts'
import { isPerson } from '../incident/phrase.ts'
import { type Catalogue, serviceIdOf } from '../incident/service.ts'
import { isActive } from '../incident/status.ts'
import type { Known, Store } from '../store/store.ts'

export type AlertMovesOptions = { record: Recorder; store: Store; catalogue: Catalogue; now: () => number }

/** A merge into a merge into a merge: nobody does more of that by hand. */
const LONGEST_CHAIN = 20

/**
 * Takes alerts from one incident to another: after a merge, when it is taken back, and after a split. Only where an alert
 * belongs moves, and whether it fires is asked at that moment: it may have gone quiet on the way. Doing it again changes
 * nothing, because an alert that is no longer where it was is left where it is.
 */
export const createAlertMoves = ({ record, store, catalogue, now }: AlertMovesOptions) => {
  const serviceOf = (alert: Alert) => serviceIdOf(catalogue, alert)

  const move = async (alert: Alert, from: string, to: string, reason: string, once: string): Promise<void> => {
    const act = { by: 'muster', at: now() }
    let moved = alert
    const joined = await record.write({
      to: (known) => {
        const owner = known.owner(alert.key)
        const found = owner?.incident === from ? standing(alert, owner.state, from, known) : undefined
        moved = found ?? alert
        return found && to
      },
      decide: (incident) => joinAlert(incident, { alert: moved, reason, service: serviceOf(alert) }, act),
      once: `${once}:join:${alert.key}`,
      alertKeys: [alert.key],
      fingerprints: alert.fingerprint === undefined ? [] : [alert.fingerprint],
      incidents: [to],
    })
    // Somebody else took it meanwhile: then it is theirs to say where it went.
    if (!joined.repeated && joined.events.length === 0) return
    await record.change(
      from,
      (incident) => moveAlert(incident, { alert: moved, state: moved.state, to }, act),
      `${once}:leave:${alert.key}`,
    )
  }

  /** Where what was sent there is now: that incident may have been merged itself. */
  const lastOf = async (id: string): Promise<string> => {
    let last = id
    for (let hop = 0; hop < LONGEST_CHAIN; hop++) {
      const incident = await store.read(last)
      if (incident?.status !== 'merged' || !incident.mergedInto) return last
      last = incident.mergedInto
    }
    return last
  }

  const moveAlerts: EffectHandler<'move_alerts'> = async ({ to, back }, { incident, effectId }) => {
    const once = `move:${effectId}`
    const there = await lastOf(to)
    const events = await store.events(incident.id)
    if (back) {
      // Merged once more meanwhile: they are where they belong.
      if (!isActive(incident.status)) return []
      const left = new Set(
        events.flatMap((event) => (event.type === 'alert_left' && event.to !== OF_ITS_OWN ? [event.alertKey] : [])),
      )
      const alerts = alertsEverOf(events).filter(({ alert }) => left.has(alert.key))
      await Promise.all(alerts.map(({ alert }) => move(alert, there, incident.id, 'the merge was taken back', once)))
      return []
    }
    if (incident.status !== 'merged' || there === incident.id) return []
    const alerts = alertsEverOf(events)
    await Promise.all(alerts.map(({ alert }) => move(alert, incident.id, there, `merged from ${incident.id}`, once)))
    return []
  }

  const openSplit: EffectHandler<'open_split'> = async ({ alertKey }, { incident, cause, effectId }) => {
    const alert = alertsEverOf(await store.events(incident.id)).find(({ keys }) => keys.has(alertKey))?.alert
    if (!alert) return []
    let moved = alert
    await record.write({
      to: (known) => {
        const owner = known.owner(alert.key)
        const found = owner?.incident === incident.id ? standing(alert, owner.state, incident.id, known) : undefined
        moved = found ?? alert
        return found && 'new'
      },
      decide: () =>
        declare(
          {
            title: alert.title,
            severity: incident.severity,
            service: serviceOf(alert),
            alert: moved,
            private: incident.private,
          },
          { by: isPerson(cause.by) ? cause.by : 'muster', at: now() },
        ),
      once: `split:${effectId}`,
      alertKeys: [alert.key],
      fingerprints: alert.fingerprint === undefined ? [] : [alert.fingerprint],
    })
    return []
  }

  return { move_alerts: moveAlerts, open_split: openSplit }
}

/** The alert as it stands there now: it may have gone quiet meanwhile, or fired again under a new key. */
const standing = (alert: Alert, state: string, incident: string, known: Known): Alert => {
  if (state === 'firing') return { ...alert, state }
  const firing = alert.fingerprint === undefined ? [] : [...known.sighting(alert.fingerprint).firing]
  const [key, again] = firing.find(([, place]) => place.incident === incident) ?? []
  return key === undefined
    ? { ...alert, state: 'resolved' }
    : { ...alert, key, state: 'firing', startsAt: again?.beganAt ?? alert.startsAt }
}
