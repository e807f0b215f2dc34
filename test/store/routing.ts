import { joinAlert } from '../../src/incident/alert-decisions.ts'
import { correlate } from '../../src/incident/correlate.ts'
import { declare } from '../../src/incident/decide.ts'
import type { RoutedWrite } from '../../src/store/store.ts'
import { act, alert, T } from '../incident/facts.ts'

/** Routes like intake does: the owner, else the same service, else a new incident. */
export const routed = (key: string, service = 'checkout'): RoutedWrite<undefined> => {
  const one = alert(key, { service })
  return {
    once: `alert:${key}`,
    alertKeys: [key],
    route: (known) => ({
      result: undefined,
      to:
        known.owner(key)?.incident ??
        correlate(one, known.open(), { windowMs: 600_000, now: T, service: one.service, catalogue: new Map() })
          ?.incident.id ??
        'new',
      decide: (incident) =>
        incident.version === 0
          ? declare({ title: one.title, severity: 'sev1', service, alert: one }, act(T, 'pagerduty'))
          : joinAlert(incident, { alert: one, reason: 'same service' }, act(T, 'pagerduty')),
    }),
  }
}
