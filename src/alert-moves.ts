import type { Alert } from './incident/alert.ts'
import { joinAlert, moveAlert } from './incident/alert-decisions.ts'
import type { RecordedEvent } from './incident/event.ts'
import { type Catalogue, findService } from './incident/service.ts'
import type { EffectHandler } from './outbox.ts'
import type { Recorder } from './record.ts'
import type { Store } from './store/store.ts'

export type AlertMovesOptions = { record: Recorder; store: Store; catalogue: Catalogue; now: () => number }

/** Takes alerts from one incident to another: after a merge, when it is taken back, and after a split. */
export const createAlertMoves = ({ record, store, catalogue, now }: AlertMovesOptions) => {
  const serviceOf = (alert: Alert) => findService(catalogue, alert)?.id ?? alert.labels.service ?? alert.service

  /** Moves one; both halves have keys of their own, so that doing it again changes nothing. */
  const move = async (alert: Alert, from: string, to: string, reason: string, once: string): Promise<void> => {
    const act = { by: 'muster', at: now() }
    await record.change(
      to,
      (incident) => joinAlert(incident, { alert, reason, service: serviceOf(alert) }, act),
      `${once}:join:${alert.key}`,
    )
    await record.change(
      from,
      (incident) => moveAlert(incident, { alert, state: alert.state, to }, act),
      `${once}:leave:${alert.key}`,
    )
  }

  const moveAlerts: EffectHandler<'move_alerts'> = async ({ to, back }, { incident, effectId }) => {
    const once = `move:${effectId}`
    if (!back) {
      const here = alertsIn(await store.events(incident.id))
      const owned = new Set(await store.alertKeys(incident.id))
      // The keys that a first run has moved belong to the other one already; its second half may still be missing.
      const moved = new Set(await store.alertKeys(to))
      const alerts = here.filter(({ key }) => owned.has(key) || moved.has(key))
      await Promise.all(alerts.map((alert) => move(alert, incident.id, to, `merged from ${incident.id}`, once)))
      return []
    }
    const events = await store.events(incident.id)
    const left = new Set(
      events.flatMap((event) => (event.type === 'alert_left' && event.to === to ? [event.alertKey] : [])),
    )
    const alerts = alertsIn(events).filter(({ key }) => left.has(key))
    await Promise.all(alerts.map((alert) => move(alert, to, incident.id, 'the merge was taken back', once)))
    return []
  }

  const openSplit: EffectHandler<'open_split'> = async ({ alertKey }, { incident, cause, effectId }) => {
    const alert = alertsIn(await store.events(incident.id)).find(({ key }) => key === alertKey)
    if (!alert) return []
    await record.declare(
      { title: alert.title, severity: incident.severity, service: serviceOf(alert), alert, private: incident.private },
      { by: cause.by, at: now() },
      `split:${effectId}`,
    )
    return []
  }

  return { move_alerts: moveAlerts, open_split: openSplit }
}

/** The alerts an incident was ever told of, each as it last stood. */
const alertsIn = (events: readonly RecordedEvent[]): Alert[] => {
  const alerts = new Map<string, Alert>()
  for (const event of events) {
    if (event.type === 'alert_joined' || (event.type === 'declared' && event.alert))
      alerts.set(event.alert!.key, event.alert!)
    if (event.type === 'alert_resolved') {
      const alert = alerts.get(event.alertKey)
      if (alert) alerts.set(alert.key, { ...alert, state: 'resolved' })
    }
  }
  return [...alerts.values()]
}
