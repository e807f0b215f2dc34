import { z } from 'zod'

/** The range of a JavaScript date in both directions, ms. */
const FARTHEST = 8.64e15

/** Epoch milliseconds, UTC: an instant that can be written as a date. */
export const Millis = z.number().int().min(-FARTHEST).max(FARTHEST)

/** One occurrence of an alert, as its source reports it; vendors translate their payloads into this. */
export const Alert = z.object({
  /**
   * Identifies one occurrence, never the rule, or next month's alert would be taken for this one:
   * `pagerduty:<incident id>`, `alertmanager:<fingerprint>:<startsAt>`.
   */
  key: z.string().min(1),
  /** The vendor folder it came through: `pagerduty`, `alertmanager`, `grafana`, `cloudwatch`, ... */
  source: z.string(),
  /**
   * Identifies what fires repeatedly, the same for every occurrence: `alertmanager:<fingerprint>`, a CloudWatch alarm.
   * However often it fires, an incident counts it once. Some sources do not say which occurrence was resolved: a
   * resolved alert whose `key` is unknown resolves every firing alert with the same fingerprint.
   */
  fingerprint: z.string().optional(),
  /** The source's own grouping (Alertmanager's `groupKey`); alerts of one group belong to one incident. */
  group: z.string().optional(),
  state: z.enum(['firing', 'resolved']),
  title: z.string(),
  description: z.string().optional(),
  /** The name of the alerting rule, without the labels that distinguish occurrences. */
  rule: z.string().optional(),
  /** The service as the source names it: a name, or a vendor id that the catalogue maps to ours. */
  service: z.string().optional(),
  severity: z.enum(['critical', 'error', 'warning', 'info']).optional(),
  urgency: z.enum(['high', 'low']).optional(),
  /** The source's own priority name, `P1`. */
  priority: z.string().optional(),
  labels: z.record(z.string(), z.string()).default({}),
  /** When it started firing, by the source's clock where it provides one. */
  startsAt: Millis,
  /** When it was resolved, by the source's clock only: no other clock is comparable with its start times. */
  endsAt: Millis.optional(),
  /** The PromQL expression that fired, when the source sends it. */
  query: z.string().optional(),
  /** Links for people: the alert in its source, runbook, dashboard, panel, image. */
  url: z.string().optional(),
  runbookUrl: z.string().optional(),
  dashboardUrl: z.string().optional(),
  panelUrl: z.string().optional(),
  imageUrl: z.string().optional(),
  /** The hash of the stored image that came with it. */
  pictureHash: z.string().optional(),
  silenceUrl: z.string().optional(),
  /** The measured value and its threshold, formatted by the source: `9.28 s`, `64`. */
  value: z.string().optional(),
  threshold: z.string().optional(),
  /** The receiver it was routed to (Alertmanager, Grafana). */
  receiver: z.string().optional(),
  /** Further details for responders: alerts that the sender left out of the group, measured values, missing data. */
  notes: z.array(z.string()).optional(),
})
export type Alert = z.infer<typeof Alert>

/** Something that happened to an alert at its source, other than firing and resolving. */
export const AlertActivity = z.enum([
  'acknowledged',
  'unacknowledged',
  'escalated',
  'reassigned',
  'delegated',
  'reopened',
  'priority_changed',
  'annotated',
  'responder_requested',
  'responder_replied',
  'update_published',
  'merged',
  'other',
])
export type AlertActivity = z.infer<typeof AlertActivity>

/** An image embedded in a delivery, not yet stored. */
export type Picture = { mediaType: string; base64: string }

/** One report from a source: an alert fired or resolved, or somebody acted on it. */
export type Signal =
  | {
      kind: 'alert'
      /** The same on every redelivery. */
      once: string
      /** Epoch ms. */
      at: number
      alert: Alert
      /** An image embedded in the delivery; it is stored before the alert is recorded. */
      picture?: Picture | undefined
    }
  | {
      kind: 'activity'
      once: string
      at: number
      /** The `key` of the alert this happened to. */
      alertKey: string
      activity: AlertActivity
      /** The person, as the source names them, and the source's id for them. */
      by?: string
      byId?: string
      /** What was done, in words: `acknowledged by Dana Diaz`. */
      text: string
      /** The other alert's key, when alerts were merged. */
      into?: string
      /** The new priority's name, when that changed. */
      priority?: string
      /** The whole current alert, when the source sends it; makes up for a lost delivery. */
      alert?: Alert
    }

/** What a source parsed from one delivery. */
export type Reading = {
  /** Its reports, in order. Empty for a ping or an event that concerns no incident. */
  signals: Signal[]
  /** False when the delivery is authentic but of no known kind: it is answered 202 and logged with its notes. */
  understood: boolean
  /** For the log: its kind, and anything unusual about it. Never contains a secret. */
  notes?: string[]
}

/** One HTTP delivery to a webhook, not yet verified. */
export type Delivery = {
  /** Lower-case names. */
  headers: Record<string, string | undefined>
  /** The raw bytes: signatures are over these. */
  body: Buffer
  /** Epoch ms. */
  receivedAt: number
  /** The last part of `/webhooks/alerts/<name>` or `/webhooks/changes/<name>`, where the path has one. */
  name?: string
  /** The query string; only the generic webhook looks at it, for senders that can set no header. */
  query?: Record<string, string | undefined>
}

/** A source of alerts: one per vendor, served at `POST /webhooks/<name>`. */
export type AlertSource = {
  name: string
  /** The member of the body that lists independent alerts: a large body is then processed in batches. */
  entries?: string
  /**
   * Whether this delivery is authentic. Compares in constant time; never throws because of its content. Rejects only
   * when a check needs the network and the network fails: answered 503, so that the sender retries.
   */
  verify(delivery: Delivery): boolean | Promise<boolean>
  /** Parses the body of an authentic delivery, whatever JSON it may be; never throws because of its content. */
  read(body: unknown, delivery: Delivery): Reading | Promise<Reading>
}
