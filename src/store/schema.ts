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
    /** Who opened it: an alert uses up the budget for new incidents, a person or an import never does. */
    opened_by: 'alert' | 'held' | 'person' | 'import'
    /** 1 when visible to members only; stored beside the state so that lists can filter before their limit. */
    private: Generated<number>
    /** The number of open action items. */
    open_actions: Generated<number>
    /** Since when the channel of an incident that is over has rested. */
    rests_since: number | null
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
    /** `unreadable` rows are kept for inspection, and block nothing. */
    state: 'queued' | 'running' | 'unreadable'
    due_at: number
    /** Claims, the present one included: with more than one an earlier one may have happened. */
    attempts: number
    /** Errors that count towards the last attempt; waiting for a system that is away does not. */
    failures: Generated<number>
    /** 0 is done before 1: `importanceOf`. */
    importance: Generated<number>
    /** The system it waits for, as its breaker names it. */
    waiting_for: string | null
    /** When `due_at` was set, by the same clock: one in the future means that the clock was set back. */
    scheduled_at: number | null
    /** What earlier attempts finished: item -> result, as JSON. */
    progress: string | null
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
  /** Alerts, by key and by fingerprint, whose end was reported before their beginning. */
  early_ends: { name: string; ended_at: number /** By our clock. */; heard_at: number }
  /** Which incident an alert of a source's group joined last. */
  alert_groups: { name: string; incident: string }
  /** Frozen evidence; `incident` is the latest that froze it, unknown for what was frozen before there was one. */
  snapshots: { hash: string; body: string; created_at: number; incident: string | null }
  changes: { key: string; service: string | null; at: number; data: string }
  /** Small facts worth keeping over a restart, as JSON. */
  memory: { key: string; value: string; written_at: number }
  /** What search, similar incidents and insights read, derived from the log. */
  incident_index: {
    number: number
    id: string
    /** The incident's version it was made from, and the version of the code that made it. */
    version: number
    shape: number
    /** How often the messages of its channel changed. */
    touched: Generated<number>
    /** `IncidentFacts` and `IndexedLine[]` as JSON. */
    facts: string
    entries: string
  }
  incident_features: { feature: string; number: number }
  /** What people write in the channels of incidents: the only text of theirs that is ever deleted. */
  messages: {
    channel: string
    /** Slack's name of the message in its channel. */
    ts: string
    incident: string
    at: number
    /** The `ts` of the message it replies to. */
    thread: string | null
    author: string
    text: string
    edited_at: number | null
    /** 1 when it was deleted in Slack; its text is gone. */
    deleted: number
  }
  /** Every edition of every playbook, as JSON. */
  playbooks: { id: string; edition: number; at: number; by: string; data: string }
  migrations: { name: string; applied_at: Generated<number> }
}
