import { z } from 'zod'
import { List, Part, Text } from '../../incident/outside.ts'
import { instantOf, type RawRow } from './row.ts'

/** Formats that `muster import --as` reads. */
export const FORMATS = ['csv', 'json', 'pagerduty', 'incidentio'] as const
export type ImportFormat = (typeof FORMATS)[number]

/** A row in our own shape, or why this one is not imported. */
export type Mapped =
  | {
      row: RawRow
      /** Its service's ids at the source, which the catalogue may know it by. */
      serviceNames?: string[]
      /** At its source it is an alert itself, whether or not the row names a rule. */
      isAlert?: boolean
    }
  | { reason: string }

/** Maps a source's record to our terms. */
export type Mapping = (record: RawRow) => Mapped

const own: Mapping = (record) => ({ row: record })

const Named = Part({ id: Text, summary: Text, name: Text })
const Seconds = z.coerce.number().positive().optional().catch(undefined)

/**
 * PagerDuty's REST API (`GET /incidents`), its analytics (`POST /analytics/raw/incidents`), or the CSV of its incident
 * reports: https://developer.pagerduty.com/api-reference, https://support.pagerduty.com/main/docs/reports
 */
const PagerDutyIncident = z.object({
  id: Text,
  title: Text,
  description: Text,
  summary: Text,
  status: Text,
  html_url: Text,
  created_at: Text,
  created_on: Text,
  resolved_at: Text,
  resolved_on: Text,
  last_status_change_at: Text,
  service: Named,
  service_id: Text,
  service_name: Text,
  priority: Named,
  priority_name: Text,
  seconds_to_first_ack: Seconds,
})

const pagerduty: Mapping = (record) => {
  const one = PagerDutyIncident.parse(record)
  const declared = one.created_at ?? one.created_on
  const resolved =
    one.resolved_at ?? one.resolved_on ?? (one.status === 'resolved' ? one.last_status_change_at : undefined)
  if (!resolved) return { reason: `is ${one.status ?? 'not resolved'} at PagerDuty; only what is over is imported` }
  const service = one.service?.summary ?? one.service?.name ?? one.service_name
  const title = one.title ?? one.description ?? one.summary
  return {
    row: {
      id: one.id,
      title,
      service,
      url: one.html_url,
      declared_at: declared,
      detected_at: declared,
      resolved_at: resolved,
      acknowledged_at: plus(declared, one.seconds_to_first_ack),
      severity: one.priority?.summary ?? one.priority?.name ?? one.priority_name,
    },
    isAlert: true,
    serviceNames: [one.service?.id ?? one.service_id].filter((name) => name !== undefined),
  }
}

/** An instant of PagerDuty's some seconds later. */
const plus = (instant: string | undefined, seconds: number | undefined): string | undefined => {
  const at = instantOf(instant ?? '', 'UTC')
  return seconds === undefined || at === undefined ? undefined : new Date(at + seconds * 1000).toISOString()
}

/** incident.io's public API (`GET /v2/incidents`): https://api-docs.incident.io/tag/Incidents-V2 */
const IncidentIoIncident = z.object({
  id: Text,
  reference: Text,
  name: Text,
  summary: Text,
  permalink: Text,
  created_at: Text,
  mode: Text,
  visibility: Text,
  postmortem_document_url: Text,
  severity: Part({ name: Text }),
  incident_status: Part({ name: Text, category: Text }),
  incident_timestamp_values: List(
    z.object({ incident_timestamp: z.object({ name: z.string() }), value: Part({ value: Text }) }),
  ).catch([]),
  custom_field_entries: List(
    z.object({
      custom_field: z.object({ name: z.string() }),
      values: List(
        z.object({
          value_text: Text,
          value_option: Part({ value: Text }),
          value_catalog_entry: Part({ name: Text }),
        }),
      ).catch([]),
    }),
  ).catch([]),
})

/** Categories of an incident that is over, or never was one. */
const OVER = new Set(['closed', 'learning', 'post-incident'])
const NEVER = new Set(['declined', 'canceled', 'merged'])

/** Its timestamps by the names that incident.io gives them at first, without "at"; accounts may rename them. */
const TIMESTAMPS: Record<string, string> = {
  'impact started': 'impact_started_at',
  reported: 'detected_at',
  detected: 'detected_at',
  accepted: 'acknowledged_at',
  acknowledged: 'acknowledged_at',
  identified: 'identified_at',
  fixed: 'mitigated_at',
  mitigated: 'mitigated_at',
  resolved: 'resolved_at',
}

const incidentIo: Mapping = (record) => {
  const one = IncidentIoIncident.parse(record)
  if (one.visibility === 'private') return { reason: 'is private at incident.io; private incidents are not imported' }
  if (one.mode === 'test' || one.mode === 'tutorial') return { reason: `is a ${one.mode} incident at incident.io` }
  const category = one.incident_status?.category ?? ''
  if (NEVER.has(category)) return { reason: `was ${category} at incident.io` }
  if (!OVER.has(category)) return { reason: 'is not over at incident.io; only what is over is imported' }
  const stamps = one.incident_timestamp_values.flatMap(({ incident_timestamp: { name }, value }) =>
    value?.value ? [[name.toLowerCase().replace(/ at$/, ''), value.value] as const] : [],
  )
  const times = Object.fromEntries(stamps.flatMap(([name, at]) => (TIMESTAMPS[name] ? [[TIMESTAMPS[name], at]] : [])))
  const byName = new Map(stamps)
  return {
    row: {
      id: one.reference ?? one.id,
      title: one.name,
      url: one.permalink,
      declared_at: byName.get('declared') ?? one.created_at,
      ...times,
      resolved_at: times.resolved_at ?? times.mitigated_at ?? byName.get('closed'),
      severity: one.severity?.name,
      service: serviceOf(one.custom_field_entries),
      impact: one.summary,
      ...(one.postmortem_document_url
        ? {
            timeline: [
              { at: byName.get('closed') ?? one.created_at, text: `Postmortem: ${one.postmortem_document_url}` },
            ],
          }
        : {}),
    },
  }
}

/** The first value of a custom field that names services. */
const serviceOf = (entries: z.infer<typeof IncidentIoIncident>['custom_field_entries']): string | undefined => {
  const [first] = entries.find(({ custom_field: { name } }) => /service|component/i.test(name))?.values ?? []
  return first?.value_catalog_entry?.name ?? first?.value_option?.value ?? first?.value_text
}

export const MAPPINGS: Record<ImportFormat, Mapping> = { csv: own, json: own, pagerduty, incidentio: incidentIo }
