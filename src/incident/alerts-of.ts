import type { Alert } from './alert.ts'
import type { RecordedEvent } from './event.ts'

/** One alert of an incident: its latest occurrence, as it last stood, and the keys of all. */
export type AlertOf = { alert: Alert; keys: Set<string> /** It went to another incident. */; left: boolean }

/** The alerts an incident was ever told of, oldest first; one that comes and goes is one. */
export const alertsEverOf = (events: readonly RecordedEvent[]): AlertOf[] => {
  const alerts = new Map<string, AlertOf>()
  const byKey = new Map<string, AlertOf>()
  for (const event of events) {
    const told = event.type === 'alert_joined' || event.type === 'declared' ? event.alert : undefined
    if (told) {
      const name = told.fingerprint ?? told.key
      const one = alerts.get(name) ?? { alert: told, keys: new Set(), left: false }
      one.alert = told
      one.keys.add(told.key)
      one.left = false
      alerts.set(name, one)
      byKey.set(told.key, one)
    }
    if (event.type !== 'alert_resolved' && event.type !== 'alert_left') continue
    const one = byKey.get(event.alertKey)
    // What ends or leaves may be an earlier occurrence: that says nothing of the latest.
    if (one?.alert.key !== event.alertKey) continue
    if (event.type === 'alert_left') one.left = true
    else one.alert = { ...one.alert, state: 'resolved' }
  }
  return [...alerts.values()]
}

/** Those that belong to it now. */
export const alertsOf = (events: readonly RecordedEvent[]): AlertOf[] =>
  alertsEverOf(events).filter(({ left }) => !left)
