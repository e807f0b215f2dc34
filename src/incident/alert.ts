import { z } from 'zod'

/** The farthest a JavaScript date reaches, in both directions, ms. */
const FARTHEST = 8.64e15

/** Epoch milliseconds, UTC: an instant that can be written as a date. */
export const Millis = z.number().int().min(-FARTHEST).max(FARTHEST)

/** One occurrence of an alert, as its source told it; vendors translate their payloads into this. */
export const Alert = z.object({
  /**
   * Names one occurrence, never the rule, or next month's alert would be taken for this one:
   * `pagerduty:<incident id>`, `alertmanager:<fingerprint>:<startsAt>`.
   */
  key: z.string().min(1),
  /** The vendor folder it came through: `pagerduty`, `alertmanager`, `grafana`, `cloudwatch`, ... */
  source: z.string(),
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
  /** When it began and ended to fire, by the source's clock. */
  startsAt: Millis,
  endsAt: Millis.optional(),
  /** The PromQL expression that fired, when the source tells. */
  query: z.string().optional(),
  /** Links for people: the alert in its source, runbook, dashboard, panel, picture. */
  url: z.string().optional(),
  runbookUrl: z.string().optional(),
  dashboardUrl: z.string().optional(),
  panelUrl: z.string().optional(),
  imageUrl: z.string().optional(),
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

/** One thing a source tells us: an alert fired or resolved, or something was done to one. */
export type Signal =
  | { kind: 'alert' /** the same on every redelivery */; once: string /** epoch ms */; at: number; alert: Alert }
  | {
      kind: 'activity'
      once: string
      at: number
      /** The `key` of the alert this happened to. */
      alertKey: string
      activity: AlertActivity
      /** Who did it, as the source names them. */
      by?: string
      /** What was done, in words: `acknowledged by Dana Diaz`. */
      text: string
      /** The other alert's key, when alerts were merged. */
      into?: string
      /** The new priority's name, when that changed. */
      priority?: string
    }

/** One HTTP delivery to a webhook, before anything was believed. */
export type Delivery = {
  /** Lower-case names. */
  headers: Record<string, string | undefined>
  /** The raw bytes: signatures are over these. */
  body: Buffer
  /** Epoch ms. */
  receivedAt: number
  /** The last part of `/webhooks/alerts/<name>`, where the path has one. */
  name?: string
}

/** Where alerts come in: one per vendor, served at `POST /webhooks/<name>`. */
export type AlertSource = {
  name: string
  /** Is this delivery genuine? Compares in constant time; never throws on a malformed one. */
  verify(delivery: Delivery): boolean | Promise<boolean>
  /** Translates a genuine, parsed body. An empty answer means "signed but not understood": logged, answered 202. */
  read(body: unknown, delivery: Delivery): Signal[] | Promise<Signal[]>
}
