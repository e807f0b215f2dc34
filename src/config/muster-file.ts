import { z } from 'zod'
import { CallTemplate } from '../incident/call-link.ts'
import { FirstSteps } from '../incident/first-steps.ts'
import { OpeningRule } from '../incident/opening.ts'
import { EndpointName, OutgoingEndpoint } from '../incident/outgoing-event.ts'
import { Permission } from '../incident/permission.ts'
import { Rule } from '../incident/rule-event.ts'
import { Service } from '../incident/service.ts'
import { Role, Severity, StatusGuidance } from '../incident/status.ts'
import { ActionSettings } from './actions.ts'
import { ROLES, SEVERITIES } from './defaults.ts'
import { PostmortemSettings } from './postmortems.ts'
import { timeOfDay } from './time-of-day.ts'

const service = Service.omit({ id: true }).extend({ name: z.string().optional() }).strict()

/** Prometheus: https://prometheus.io/docs/concepts/data_model/ */
const LabelName = z.string().regex(/^[a-zA-Z_][a-zA-Z0-9_]*$/)

/** See docs/sources/webhook.md. */
const WebhookMapping = z
  .strictObject({
    alerts: z.string().optional(),
    each: z.string().optional(),
    fields: z.record(z.string(), z.string()).optional(),
    envelope: z.literal('sns').optional(),
    signatureHeader: z.string().optional(),
  })
  .transform((mapping, check) => {
    const { alerts, each, fields, envelope, signatureHeader } = mapping
    const verification = { ...(envelope ? { envelope } : {}), ...(signatureHeader ? { signatureHeader } : {}) }
    if (alerts !== undefined) return { alerts, ...verification }
    if (fields !== undefined) return { fields, ...(each === undefined ? {} : { each }), ...verification }
    check.addIssue({ code: 'custom', message: 'expected `alerts` (one expression) or `fields` (an expression each)' })
    return z.NEVER
  })

const allowed = z.array(
  z.string().regex(/^[SUW][A-Z0-9]{2,}$/, {
    error: 'expected the id of a user group (S...) or of a person (U...) in Slack',
  }),
)

const permissions = z.strictObject({
  /** Guests and people of other organisations: may they act, or only `watch`? */
  guests: z.enum(['watch', 'act']).default('watch'),
  ...(Object.fromEntries(Permission.options.map((name) => [name, allowed.optional()])) as Record<
    Permission,
    z.ZodOptional<typeof allowed>
  >),
})

/** The schema of `muster.yaml`; every member has a default, so an empty file is valid. */
export const MusterFile = z.strictObject({
  /** IANA zone, shown beside UTC in documents. */
  timezone: z.string().refine(isTimezone, { error: 'expected a time zone like Europe/Berlin' }).default('UTC'),
  /** A folder with templates that replace the built-in ones: templates/README.md. */
  templates: z.string().optional(),
  /** Who runs Muster: ids of people in Slack (U...), or their e-mail addresses. Notified when a system fails for minutes. */
  admins: z
    .array(
      z.string().regex(/^([UW][A-Z0-9]{2,}|[^@\s]+@[^@\s]+\.[^@\s]+)$/, {
        error: 'expected the id of a person in Slack (U...) or their e-mail address',
      }),
    )
    .max(20)
    .default([]),
  slack: z
    .strictObject({
      /** Where incidents are announced: a channel id, or a name like #incidents. Empty: nowhere. */
      announcements: z.string().default('#incidents'),
      /** Channels that get every update and the end of an incident; ids, or names like #leadership. */
      stakeholders: z.array(z.string()).max(20).default([]),
      /** Where held alerts wait for a person. */
      triage: z.string().default('#incidents'),
      /** Reactions that keep a message for the timeline; removing the last one removes the entry. */
      keepReactions: z
        .array(
          z
            .string()
            .regex(/^:?[a-z0-9_+'-]{1,100}:?$/, 'expected the name of an emoji, like pushpin')
            .transform((name) => name.replaceAll(':', '')),
        )
        .max(10)
        .default(['pushpin']),
      /** Of which incidents the messages that people write in their channels are kept, for drafts and search. */
      keepMessages: z.enum(['public', 'all', 'none']).default('public'),
      /** Channel names, from {prefix}, {number}, {slug}, {severity} and {date}. */
      channelPattern: z.string().default('{prefix}-{number}-{slug}'),
      channelPrefix: z
        .string()
        .regex(/^[a-z0-9_-]{1,20}$/)
        .default('inc'),
      /** The channel's name follows a changed title, and a changed severity where the pattern has it. */
      renameChannels: z.boolean().default(false),
      /** Channels are archived when nothing has happened in them for this many days after the close. */
      archiveAfterDays: z.number().int().min(1).max(365).optional(),
    })
    .prefault({}),
  /** Where responders talk: the address of a call, with {id}, {number}, {channel} and {name}. */
  call: CallTemplate.optional(),
  /** What to do first, by severity and service; every entry that fits applies. */
  firstSteps: z.array(FirstSteps).max(50).default([]),
  severities: z.array(Severity).min(1).max(10).prefault(SEVERITIES),
  /** What the working statuses mean, and when to choose each: forms show it. */
  statuses: z
    .strictObject({
      investigating: StatusGuidance.optional(),
      identified: StatusGuidance.optional(),
      mitigated: StatusGuidance.optional(),
    })
    .default({}),
  roles: z.array(Role).min(1).max(10).prefault(ROLES),
  services: z.record(z.string().regex(/^[a-z0-9][a-z0-9_.-]*$/i), service).default({}),
  /** What to do with alerts that belong to no open incident; the first rule that fits decides. */
  opening: z.array(OpeningRule).default([]),
  correlation: z
    .strictObject({
      /** How long after an incident's last activity an alert of the same service joins it. */
      windowMinutes: z.number().positive().max(1440).default(30),
    })
    .prefault({}),
  /**
   * Incidents opened by alerts are resolved when all their alerts have been quiet, and there was no activity, for this
   * long.
   */
  resolveWhenQuietMinutes: z.number().min(1).optional(),
  storm: z
    .strictObject({
      /** Alerts may open this many incidents within this many minutes; further ones are held together. */
      incidents: z.number().int().positive().default(5),
      withinMinutes: z.number().positive().max(60).default(10),
    })
    .prefault({}),
  changes: z
    .strictObject({
      /** How long before an incident a change may have to do with it. */
      windowHours: z.number().positive().max(168).default(6),
      /** Which service a GitHub repository deploys, by `owner/repo`, `owner/repo:environment` or `owner/repo:workflow`. */
      repositories: z.record(z.string(), z.string()).default({}),
      /** What of GitHub counts as a change besides its deployments, where its webhook sends it. */
      github: z
        .strictObject({
          /** Workflows whose runs deploy, by name (`Deploy`) or file (`deploy.yml`). */
          workflows: z.array(z.string().min(1)).default([]),
          /** Published releases. */
          releases: z.boolean().default(true),
          /** Pull requests merged into the default branch. */
          pullRequests: z.boolean().default(true),
        })
        .prefault({}),
    })
    .prefault({}),
  /** Senders of JSON at /webhooks/alerts/<name>, by name: JSONata from their body to alerts. */
  webhooks: z.record(z.string().regex(/^[a-z0-9][a-z0-9_-]*$/), WebhookMapping).default({}),
  /** Systems outside that incidents are reported to, by name: docs/outgoing-webhooks.md. */
  outgoing: z.record(EndpointName, OutgoingEndpoint).default({}),
  /** When something happens to an incident, do something: docs/rules.md. */
  rules: z.array(Rule).max(50).default([]),
  pagerduty: z
    .strictObject({
      /**
       * The priority for a severity, by its name there; by default priorities are assigned in order, the worst first.
       */
      priorities: z.record(z.string(), z.string()).default({}),
    })
    .prefault({}),
  /** What names services and calls in your Prometheus, where that differs from the usual conventions. */
  prometheus: z
    .strictObject({
      /** Labels that name a service, before the usual ones (service, app, job, ...). */
      serviceLabels: z.array(LabelName).default([]),
      /** The prefix of the service graph's metrics. */
      serviceGraphPrefix: z.string().default(''),
      /** Your own metrics of calls, as their clients count them. */
      clientMetrics: z
        .array(
          z.strictObject({
            /** A histogram, without _bucket and _count, or a counter of calls. */
            metric: z.string().regex(/^[a-zA-Z_:][a-zA-Z0-9_:]*$/),
            /** The label with the name of the called service. */
            server: LabelName,
            /** A label matcher for failed calls: outcome="error". */
            failed: z.string().optional(),
            /** What is called: a service, a database or a message broker. */
            kind: z.enum(['service', 'database', 'messaging']).default('service'),
          }),
        )
        .default([]),
    })
    .prefault({}),
  paging: z
    .strictObject({
      /** A page without a response for this long is escalated. */
      unansweredMinutes: z.number().positive().max(240).default(5),
      /** The escalation is announced this long in advance; a button stops it. */
      noticeMinutes: z.number().positive().max(60).default(1),
      /** After PagerDuty's own levels: ids of services here, or of people in Slack (U...), in this order. */
      escalateTo: z.array(z.string()).default([]),
    })
    .prefault({}),
  /** Permissions: user groups (S...) and people (U...) by permission; everybody has those that are not listed. */
  permissions: permissions.prefault({}),
  /** Language models that read incidents by `muster mcp`: docs/assistants.md. */
  assistants: z
    .strictObject({
      /** They may add notes to timelines, marked as theirs. */
      notes: z.boolean().default(false),
      /** `/incident summary` has the model of SUMMARY_API_URL write one, which is posted in the channel. */
      summaries: z.boolean().default(false),
      /** Host names besides those of PUBLIC_URL and of this machine under which `/mcp` is served: `muster:3000`. */
      hosts: z.array(z.string().min(1)).max(20).default([]),
    })
    .prefault({}),
  grafana: z
    .strictObject({
      /** Writes each incident as a region among Grafana's annotations. */
      annotations: z.boolean().default(true),
    })
    .prefault({}),
  evidence: z
    .strictObject({
      /** How much of the past the charts show. */
      lookbackMinutes: z.number().positive().max(1440).default(60),
      /** How long one source may take. */
      timeoutSeconds: z.number().positive().max(25).default(8),
      /** Hosts besides Grafana's own that pictures of alerts may be fetched from: `grafana-screenshots.s3.amazonaws.com`. */
      pictureHosts: z.array(z.string().min(1)).default([]),
    })
    .prefault({}),
  /** Action items: when their owners are reminded, and the weekly list. */
  actions: ActionSettings.prefault({}),
  /** Where published postmortems are kept. */
  postmortems: PostmortemSettings.prefault({}),
  retention: z
    .strictObject({
      /** Frozen evidence is kept this long after its incident has ended; as long as the incident when not set. */
      snapshotsDays: z.number().min(1).optional(),
      /** Log lines among it, where that should be shorter. */
      logLinesDays: z.number().min(1).optional(),
      /** Messages of channels, this long after their incident has ended; as long as the incident when not set. */
      messagesDays: z.number().min(1).optional(),
      /** Changes, and alerts that have ended. */
      looseDays: z.number().min(7).default(30),
      /** All frozen evidence together; beyond it the oldest of incidents that have ended goes first. */
      evidenceMegabytes: z.number().min(10).default(4096),
    })
    .prefault({}),
  reminders: z
    .strictObject({
      /** Nobody in command after this many minutes. */
      noCommanderMinutes: z.number().positive().default(5),
      /** A handover without a response for this long is reported in the channel. */
      handoverMinutes: z.number().positive().default(5),
      /** An update is mentioned this long before it is due. */
      updateNoticeMinutes: z.number().min(0).max(60).default(5),
      /** No reminders from and to these times of `timezone`, but for live incidents of the two worst severities. */
      quietHours: z.strictObject({ from: timeOfDay, to: timeOfDay }).optional(),
      /** No activity for this long. */
      quietMinutes: z.number().positive().default(120),
      /** The postmortem of an urgent incident is still a draft this many days after the end. */
      postmortemDays: z.number().positive().max(90).default(5),
      /** A reviewer has not responded for this many days. */
      reviewDays: z.number().positive().max(90).default(2),
    })
    .prefault({}),
})
export type MusterFile = z.infer<typeof MusterFile>

/** The JSON Schema editors complete from; `muster config schema` prints it. */
export const musterFileSchema = (): object => z.toJSONSchema(MusterFile, { io: 'input', unrepresentable: 'any' })

function isTimezone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name })
    return true
  } catch {
    return false
  }
}
