import { z } from 'zod'

/** The farthest a JavaScript date reaches, in both directions, ms. */
const FARTHEST = 8.64e15

/** Epoch milliseconds, UTC: an instant that can be written as a date. */
export const Millis = z.number().int().min(-FARTHEST).max(FARTHEST)

/** One occurrence of an alert, as its source reports it; vendors translate their payloads into this. */
export const Alert = z.object({
  /**
   * Names one occurrence, never the rule, or next month's alert would be taken for this one:
   * `pagerduty:<incident id>`, `alertmanager:<fingerprint>:<startsAt>`.
   */
  key: z.string().min(1),
  /** The vendor folder it came through: `pagerduty`, `alertmanager`, `grafana`, `cloudwatch`, ... */
  source: z.string(),
  /**
   * Names what fires again and again, the same for every occurrence of it: `alertmanager:<fingerprint>`, a CloudWatch
   * alarm. However often it comes, an incident counts it once. Some sources do not say which occurrence has ended: a
   * resolved alert whose `key` is not known ends every firing alert that carries the same fingerprint.
   */
  fingerprint: z.string().optional(),
  /** What the source itself groups by (Alertmanager's `groupKey`); alerts of one group belong to one incident. */
  group: z.string().optional(),
  state: z.enum(['firing', 'resolved']),
  title: z.string(),
  description: z.string().optional(),
  /** The name of the alerting rule, without the labels that make an occurrence of it. */
  rule: z.string().optional(),
  /** The service as the source names it: a name, or a vendor id that the catalogue maps to ours. */
  service: z.string().optional(),
  severity: z.enum(['critical', 'error', 'warning', 'info']).optional(),
  urgency: z.enum(['high', 'low']).optional(),
  /** The source's own priority name, `P1`. */
  priority: z.string().optional(),
  labels: z.record(z.string(), z.string()).default({}),
  /** When it started firing, by the source's clock where it says so. */
  startsAt: Millis,
  /** When it ended, by the source's clock only: no other clock compares with its beginnings. */
  endsAt: Millis.optional(),
  /** The PromQL expression that fired, when the source sends it. */
  query: z.string().optional(),
  /** Links for people: the alert in its source, runbook, dashboard, panel, picture. */
  url: z.string().optional(),
  runbookUrl: z.string().optional(),
  dashboardUrl: z.string().optional(),
  panelUrl: z.string().optional(),
  imageUrl: z.string().optional(),
  /** The hash of the frozen picture that came with it. */
  pictureHash: z.string().optional(),
  silenceUrl: z.string().optional(),
  /** What was measured, and where it is too much, as their source writes them: `9.28 s`, `64`. */
  value: z.string().optional(),
  threshold: z.string().optional(),
  /** The receiver it was routed to (Alertmanager, Grafana). */
  receiver: z.string().optional(),
  /** More for the responder: alerts that the sender left out of the group, measured values, missing data. */
  notes: z.array(z.string()).optional(),
})
export type Alert = z.infer<typeof Alert>

/** What happened to an alert at its source, other than firing and resolving. */
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

/** A picture that came inside a delivery, not yet frozen. */
export type Picture = { mediaType: string; base64: string }

/** One report of a source: an alert fired or resolved, or somebody acted on it. */
export type Signal =
  | {
      kind: 'alert'
      /** The same on every redelivery. */
      once: string
      /** Epoch ms. */
      at: number
      alert: Alert
      /** A picture inside the delivery; it is frozen before the alert is recorded. */
      picture?: Picture | undefined
    }
  | {
      kind: 'activity'
      once: string
      at: number
      /** The `key` of the alert this happened to. */
      alertKey: string
      activity: AlertActivity
      /** Who did it, as the source names them, and the source's own id of them. */
      by?: string
      byId?: string
      /** What was done, in words: `acknowledged by Dana Diaz`. */
      text: string
      /** The other alert's key, when alerts were merged. */
      into?: string
      /** The new priority's name, when that changed. */
      priority?: string
      /**
       * The whole alert as it now stands, when the source sends it: it replaces a delivery that was lost.
       */
      alert?: Alert
    }

/** What a source read from one delivery. */
export type Reading = {
  /** Its reports, in order. Empty for a ping or an event that concerns no incident. */
  signals: Signal[]
  /** False when the delivery is genuine but of no known kind: it is answered 202 and logged with its notes. */
  understood: boolean
  /** For the log: of what kind it was, what was odd about it. Never holds a secret. */
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

/** Where alerts come in: one per vendor, served at `POST /webhooks/<name>`. */
export type AlertSource = {
  name: string
  /** The member of the body that lists alerts of which each is read by itself: a large body is then read in parts. */
  entries?: string
  /**
   * Is this delivery genuine? Compares in constant time; never throws for what is in it. Rejects only when a check needs
   * the network and the network fails: answered 503, so that the sender comes back.
   */
  verify(delivery: Delivery): boolean | Promise<boolean>
  /** Translates a genuine, parsed body, whatever JSON it may be; never throws for what is in it, as with `verify`. */
  read(body: unknown, delivery: Delivery): Reading | Promise<Reading>
}
