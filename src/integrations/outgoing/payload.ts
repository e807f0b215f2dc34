import { z } from 'zod'
import type { RecordedEvent } from '../../incident/event.ts'
import type { Incident } from '../../incident/incident.ts'
import type { Labels } from '../../incident/labels.ts'
import type { Milestone } from '../../incident/milestones.ts'
import {
  ActionItemEventName,
  OutgoingEventName as Name,
  type OutgoingEventName,
} from '../../incident/outgoing-event.ts'
import { Status } from '../../incident/status.ts'
import { ActionItemPayload, ActionItemRemovedPayload } from './action-item.ts'

const Time = z.iso.datetime().nullable()
const Named = z.strictObject({ id: z.string(), name: z.string() })

/** The body of `incident.*`; its JSON Schema is docs/outgoing-webhooks.schema.json. Members are added, never changed. */
export const OutgoingPayload = z.strictObject({
  /** The same on every attempt to deliver it: `INC-42/7`. */
  id: z.string(),
  event: Name.exclude(ActionItemEventName.options),
  /** When it happened. */
  at: z.iso.datetime(),
  incident: z.strictObject({
    id: z.string(),
    /** Grows with everything that happens: of two deliveries the higher one is newer. */
    version: z.number().int(),
    title: z.string(),
    status: Status,
    severity: Named,
    service: Named.nullable(),
    drill: z.boolean(),
    private: z.boolean(),
    declaredAt: z.iso.datetime(),
    impactStartedAt: Time,
    identifiedAt: Time,
    mitigatedAt: Time,
    resolvedAt: Time,
    nextUpdateBy: Time,
    /** The latest public text. */
    publicUpdate: z.string().nullable(),
    /** Only with `internalText: true`. */
    internal: z
      .strictObject({
        update: z.string().nullable(),
        impact: z.string().nullable(),
        /** How it was resolved, or why it was cancelled. */
        outcome: z.string().nullable(),
      })
      .optional(),
  }),
  /** Only with `postmortem.published`: where it can be read. The addresses are signed, and work for 30 days. */
  postmortem: z
    .strictObject({
      publishedAt: Time,
      html: z.url().nullable(),
      markdown: z.url().nullable(),
      json: z.url().nullable(),
    })
    .optional(),
})
export type OutgoingPayload = z.infer<typeof OutgoingPayload>

/** The only text about an incident that became private. */
export const WithdrawnPayload = z.strictObject({
  id: z.string(),
  event: z.literal('incident.withdrawn'),
  at: z.iso.datetime(),
  incident: z.strictObject({ id: z.string() }),
})
export type WithdrawnPayload = z.infer<typeof WithdrawnPayload>

/** The JSON Schema of what receivers get, as published in docs/outgoing-webhooks.schema.json. */
export const outgoingSchema = (): object =>
  z.toJSONSchema(z.union([OutgoingPayload, WithdrawnPayload, ActionItemPayload, ActionItemRemovedPayload]))

const time = (at: number | undefined): string | null => (at === undefined ? null : new Date(at).toISOString())

export type PayloadOptions = {
  labels: Labels
  internalText: boolean
  /** Addresses of an incident's documents; undefined where Muster has no public address. */
  documents(id: string): { html: string; markdown: string; json: string } | undefined
}

/** The payload of a receiver: the event, and the incident's current state. */
export const payloadOf = (
  event: Exclude<OutgoingEventName, ActionItemEventName>,
  cause: RecordedEvent,
  incident: Incident,
  { labels, internalText, documents }: PayloadOptions,
): OutgoingPayload | WithdrawnPayload => {
  const about = { id: `${incident.id}/${cause.seq}`, at: new Date(cause.at).toISOString() }
  if (event === 'incident.withdrawn') return { ...about, event, incident: { id: incident.id } }
  const { id, version, title, status, severity, service, drill, private: hidden, milestones } = incident
  const reached = (milestone: Milestone) => time(milestones[milestone]?.at)
  return {
    ...about,
    event,
    incident: {
      id,
      version,
      title,
      status,
      drill,
      private: hidden,
      severity: { id: severity, name: labels.severity(severity) },
      service: service === undefined ? null : { id: service, name: labels.service(service) },
      declaredAt: new Date(incident.declaredAt).toISOString(),
      impactStartedAt: reached('impact_started'),
      identifiedAt: reached('identified'),
      mitigatedAt: reached('mitigated'),
      resolvedAt: reached('resolved'),
      nextUpdateBy: time(incident.nextUpdateBy),
      publicUpdate: incident.publicUpdate ?? null,
      ...(internalText
        ? {
            internal: {
              update: incident.latestUpdate ?? null,
              impact: incident.impact ?? null,
              outcome: incident.outcome ?? null,
            },
          }
        : {}),
    },
    ...(event === 'postmortem.published' ? { postmortem: published(incident, documents(id)) } : {}),
  }
}

const published = ({ review }: Incident, pages: ReturnType<PayloadOptions['documents']>) => ({
  publishedAt: time(review?.publishedAt),
  html: pages?.html ?? null,
  markdown: pages?.markdown ?? null,
  json: pages?.json ?? null,
})
