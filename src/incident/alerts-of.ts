import type { Alert } from './alert.ts'
import type { RecordedEvent } from './event.ts'

/** One alert of an incident: its latest occurrence in its last known state, and the keys of all occurrences. */
export type AlertOf = {
  alert: Alert
  keys: Set<string>
  /** When its first occurrence started, epoch ms. */
  since: number
  /** It moved to another incident. */
  left: boolean
  /** It is a page that Muster sent. */
  page: boolean
}

/** Every alert and page an incident ever had, oldest first; a flapping one counts once. */
export const alertsEverOf = (events: readonly RecordedEvent[]): AlertOf[] => {
  const alerts = new Map<string, AlertOf>()
  const byKey = new Map<string, AlertOf>()
  for (const event of events) {
    const joined = event.type === 'alert_joined' || event.type === 'declared' ? event.alert : undefined
    if (joined) {
      const name = joined.fingerprint ?? joined.key
      const one = alerts.get(name) ?? {
        alert: joined,
        keys: new Set<string>(),
        since: joined.startsAt,
        left: false,
        page: event.type === 'alert_joined' && event.page === true,
      }
      one.alert = joined
      one.keys.add(joined.key)
      one.left = false
      alerts.set(name, one)
      byKey.set(joined.key, one)
    }
    if (event.type !== 'alert_resolved' && event.type !== 'alert_left') continue
    const one = byKey.get(event.alertKey)
    // An earlier occurrence may resolve or leave; the latest is unaffected.
    if (one?.alert.key !== event.alertKey) continue
    if (event.type === 'alert_left') one.left = true
    else one.alert = { ...one.alert, state: 'resolved' }
  }
  return [...alerts.values()]
}

/** The alerts that belong to it now, without pages. */
export const alertsOf = (events: readonly RecordedEvent[]): AlertOf[] =>
  alertsEverOf(events).filter(({ left, page }) => !left && !page)
