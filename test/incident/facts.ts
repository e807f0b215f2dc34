import type { Alert } from '../../src/incident/alert.ts'
import type { IncidentEvent } from '../../src/incident/event.ts'

/** 02:30 UTC. */
export const T = Date.UTC(2026, 10, 21, 2, 30)
export const MINUTE = 60_000

export const DANA = 'U0DANA'
export const EVE = 'U0EVE'

export const act = (at = T, by = DANA) => ({ at, by })

export const alert = (key = 'pagerduty:P1', more: Partial<Alert> = {}): Alert => ({
  key,
  source: key.split(':')[0] as string,
  state: 'firing',
  title: 'Checkout answers slowly',
  labels: {},
  startsAt: T - 2 * MINUTE,
  ...more,
})

export const declared = (more: Partial<Extract<IncidentEvent, { type: 'declared' }>> = {}): IncidentEvent => ({
  ...act(),
  type: 'declared',
  title: 'Checkout is slow',
  severity: 'sev2',
  status: 'investigating',
  private: false,
  drill: false,
  ...more,
})

export const channelOpened: IncidentEvent = {
  at: T + 1000,
  by: 'muster',
  type: 'channel_opened',
  channel: 'C0INC1',
  name: 'inc-1-checkout-is-slow',
}

export const status = (
  to: Extract<IncidentEvent, { type: 'status_changed' }>['status'],
  more: Partial<Extract<IncidentEvent, { type: 'status_changed' }>> = {},
): IncidentEvent => ({ ...act(T + MINUTE), type: 'status_changed', status: to, ...more })
