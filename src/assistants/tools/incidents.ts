import { z } from 'zod'
import type { Incident } from '../../incident/incident.ts'
import { labelsOf } from '../../incident/labels.ts'
import { formatDuration } from '../../incident/measure.ts'
import { isAssumed, MILESTONE_NAMES, type Milestone, spans } from '../../incident/milestones.ts'
import { isPerson, sourceName } from '../../incident/phrase.ts'
import { findService } from '../../incident/service.ts'
import { OPEN_STATUSES, Status } from '../../incident/status.ts'
import type { Vocabulary } from '../../incident/vocabulary.ts'
import { Cursor, IncidentId, Instant, limitOf, readableIncident } from '../input.ts'
import { iso, mention } from '../present.ts'
import { defineTool } from '../tool.ts'

const MOST_ALERTS = 15
const MOST_CHANGES = 10
const MOST_ACTIONS = 30

export const listIncidents = defineTool({
  name: 'list_incidents',
  title: 'List incidents',
  description:
    'Incidents, newest first, in one line each. Filter by status, severity, service and time. Without filters: the latest of all. For words in titles or timelines use search_incidents.',
  input: z.strictObject({
    status: z
      .enum(['open', 'over', ...Status.options])
      .optional()
      .describe('"open" is everything people still work on, "over" is resolved or closed; or one exact status'),
    severity: z.string().max(24).optional().describe('Id of a severity, like sev1'),
    service: z.string().max(100).optional().describe('Id or name of a service'),
    since: Instant.optional().describe('Declared at or after this instant, like 2026-01-31T08:00:00Z'),
    until: Instant.optional().describe('Declared at or before this instant'),
    imported: z.boolean().default(false).describe('Also those imported from other systems'),
    limit: limitOf(20, 50),
    cursor: Cursor,
  }),
  async run({ status, service, limit, cursor, ...filters }, { sources, user }) {
    const known = service === undefined ? undefined : findService(sources.vocabulary.catalogue, { service })
    const incidents = await sources.store.list({
      ...filters,
      ...(status === undefined ? {} : { statuses: statusesOf(status) }),
      service: known?.id ?? service,
      before: cursor,
      ...(user === undefined ? { publicOnly: true } : { visibleTo: user }),
      limit: limit + 1,
    })
    const shown = incidents.slice(0, limit)
    return {
      incidents: shown.map((incident) => inShort(incident, sources.vocabulary)),
      ...(incidents.length > limit ? { next_cursor: shown.at(-1)?.id.slice('INC-'.length) } : {}),
    }
  },
})

const statusesOf = (status: Status | 'open' | 'over'): string[] =>
  status === 'open' ? OPEN_STATUSES : status === 'over' ? ['resolved', 'closed'] : [status]

const inShort = (incident: Incident, words: Vocabulary) => {
  const { id, title, status, severity, service, declaredAt, drill, private: hidden, roles, milestones } = incident
  return {
    id,
    title,
    status,
    severity,
    service: service && labelsOf(words).service(service),
    declared_at: iso(declaredAt),
    resolved_at: iso(milestones.resolved?.at),
    commander: roles.commander && mention(roles.commander),
    imported: incident.imported,
    ...marks({ drill, hidden }),
  }
}

const marks = ({ drill, hidden }: { drill: boolean; hidden: boolean }) => ({
  ...(drill ? { drill: true } : {}),
  ...(hidden ? { private: true } : {}),
})

export const getIncident = defineTool({
  name: 'get_incident',
  title: 'Get an incident',
  description:
    'One incident as it stands now: status, impact, who has which role, milestones with their sources, alerts, recent changes, action items, cause and outcome. For what happened in which order call get_timeline; for graphs get_evidence; for the likely cause get_suspects.',
  input: z.strictObject({ incident: IncidentId }),
  async run({ incident: id }, context) {
    const incident = await readableIncident(id, context)
    const { alerts, alert, changes, actions, milestones, cause, channel, similar = [] } = incident
    const labels = labelsOf(context.sources.vocabulary)
    return {
      ...inShort(incident, context.sources.vocabulary),
      declared_by: mentionOf(incident.declaredBy),
      channel: channel && `#${channel.name}`,
      impact: incident.impact,
      latest_update: incident.latestUpdate && { at: iso(incident.updatedAt), text: incident.latestUpdate },
      next_update_by: iso(incident.nextUpdateBy),
      roles: Object.fromEntries(Object.entries(incident.roles).map(([role, who]) => [labels.role(role), mention(who)])),
      milestones: Object.entries(milestones).map(([name, reached]) => ({
        name: MILESTONE_NAMES[name as Milestone],
        at: iso(reached.at),
        source: reached.source,
        ...(reached.estimate || isAssumed(reached) ? { estimate: true } : {}),
      })),
      durations: Object.fromEntries(
        spans(milestones, incident.heldAt).map(({ name, ms }) => [name, formatDuration(ms)]),
      ),
      alerts: {
        total: alerts.total,
        firing: alerts.firing,
        opened_by: alert && {
          title: alert.title,
          source: sourceName(alert.source),
          value: alert.value,
          url: alert.url,
        },
        runbook: alert?.runbookUrl,
        rules: alerts.rules.slice(0, MOST_ALERTS).map((rule) => rule.replace(/ @ $/, '')),
        services: alerts.services.map(labels.service),
      },
      changes: changes.slice(0, MOST_CHANGES).map(({ title, at, service, by, url, kind, outcome }) => ({
        title,
        kind,
        service,
        by,
        url,
        outcome,
        at: iso(at),
      })),
      action_items: actions.slice(0, MOST_ACTIONS).map(({ id: number, text, owner, done }) => ({
        id: number,
        text,
        done,
        owner: owner && mentionOf(owner),
      })),
      confirmed_cause: cause,
      outcome: incident.outcome,
      merged_into: incident.mergedInto,
      similar_at_opening: similar,
      playbook: incident.playbook,
    }
  },
})

const mentionOf = (actor: string): string => (isPerson(actor) ? mention(actor) : sourceName(actor))
