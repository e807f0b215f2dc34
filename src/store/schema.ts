import type { Generated } from 'kysely'

/** Times are epoch ms; JSON is kept as text, so that one schema serves both databases. */
export type Database = {
  incidents: {
    id: string
    number: number
    version: number
    status: string
    severity: string
    service: string | null
    channel: string | null
    declared_at: number
    /** Who opened it: an alert uses up the budget for new incidents, a person never does. */
    opened_by: 'alert' | 'held' | 'person'
    /** The cached fold, an `Incident` as JSON. */
    state: string
  }
  events: {
    incident: string
    seq: number
    type: string
    at: number
    recorded_at: number
    /** Names what must be recorded only once in the whole log. */
    once: string | null
    /** The event as JSON. */
    data: string
  }
  outbox: {
    /** Names its cause: `INC-42/7/0` is the first effect of event 7. */
    id: string
    incident: string
    seq: number
    position: number
    lane: string
    /** The effect as JSON. */
    effect: string
    /** Set while it may absorb the next one of its kind. */
    absorb: string | null
    state: 'queued' | 'running'
    due_at: number
    attempts: number
    lease_until: number | null
    lease_owner: string | null
    last_error: string | null
    created_at: number
  }
  /** Which incident an occurrence of an alert belongs to. */
  alerts: {
    key: string
    incident: string
    state: string
    /** The same for every occurrence, where the source has one. */
    fingerprint: string | null
    /** When it began or stopped to fire, by our clock. */
    changed_at: number
    /** When it began to fire, by its source's clock. */
    began_at: number | null
  }
  /** Alerts, by key and by fingerprint, that were told to have ended before they were told to fire. */
  early_ends: { name: string; ended_at: number /** By our clock. */; heard_at: number }
  /** Which incident an alert of a source's group joined last. */
  alert_groups: { name: string; incident: string }
  snapshots: { hash: string; body: string; created_at: number }
  changes: { key: string; service: string | null; at: number; data: string }
  /** Small facts worth keeping over a restart, as JSON. */
  memory: { key: string; value: string; written_at: number }
  migrations: { name: string; applied_at: Generated<number> }
}
