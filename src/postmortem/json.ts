import type { RecordedEvent, SnapshotRef } from '../incident/event.ts'
import type { Incident } from '../incident/incident.ts'
import { MILESTONE_NAMES, type Milestone, spans } from '../incident/milestones.ts'
import { timeline } from '../incident/timeline.ts'
import type { PostmortemData } from './data.ts'
import { Sentence } from './text.ts'

/**
 * The postmortem for programs. Its shape is a promise: members are added, and `schemaVersion` is counted up when one
 * changes its meaning or goes. Instants are ISO 8601 in UTC, spans are milliseconds, text is free of mark-up.
 */
export type PostmortemJson = {
  schemaVersion: 1
  writtenAt: string
  incident: {
    id: string
    title: string
    status: string
    severity: string
    /** Our id of it. */
    service: string | null
    drill: boolean
    private: boolean
    declaredAt: string
    declaredBy: string
    impact: string | null
    outcome: string | null
    mergedInto: string | null
    channel: { id: string; name: string } | null
    alerts: { total: number; firing: number }
    roles: { role: string; holder: string; slackUserId: string }[]
  }
  /** Those reached, and how we know; `corrected` when a person said so. */
  milestones: { milestone: Milestone; name: string; at: string; source: string; corrected: boolean }[]
  spans: { name: string; milliseconds: number; from: Milestone; to: Milestone }[]
  /** Every entry, none folded, in the order things happened. */
  timeline: {
    seq: number
    at: string
    /** Later than `at` for back-dated entries. */
    recordedAt: string
    type: string
    by: string
    text: string
    /** Its time was corrected afterwards. */
    corrected: boolean
  }[]
  /** Every look, in the order they were made; `hash` names the frozen body. */
  evidence: (SnapshotRef & { phase: string; collectedAt: string })[]
  actions: { id: number; text: string; type: string | null; owner: string | null; bug: string | null; done: boolean }[]
  /** The sections in sentences; `unknown` says what is missing. */
  sections: Record<
    | 'summary'
    | 'impact'
    | 'rootCauses'
    | 'trigger'
    | 'resolution'
    | 'detection'
    | 'wentWell'
    | 'wentWrong'
    | 'gotLucky',
    { sentences: string[]; unknown: string | null }
  >
  unknowns: { section: string; what: string }[]
}

/** The same facts as the document, for programs. */
export const postmortemJson = (
  incident: Incident,
  events: readonly RecordedEvent[],
  data: PostmortemData,
  { now, nameOf }: { now: number; nameOf(actor: string): string },
): PostmortemJson => {
  const iso = (at: number) => new Date(at).toISOString()
  const told = new Map(events.map((event) => [event.seq, event.at]))
  const mentions = (text: string) => text.replace(/<@([UW][A-Z0-9]+)(?:\|[^>]*)?>/g, (_all, id: string) => nameOf(id))
  const section = ({ known, unknown }: { known: Sentence[]; unknown: string | null }) => ({
    sentences: known.map(String),
    unknown,
  })
  const lesson = ({ recorded, prompts, unknown }: PostmortemData['lessons']['well']) => ({
    sentences: [...recorded, ...prompts].map(String),
    unknown,
  })
  return {
    schemaVersion: 1,
    writtenAt: iso(now),
    incident: {
      id: incident.id,
      title: incident.title,
      status: incident.status,
      severity: incident.severity,
      service: incident.service ?? null,
      drill: incident.drill,
      private: incident.private,
      declaredAt: iso(incident.declaredAt),
      declaredBy: data.incident.declared_by,
      impact: incident.impact === undefined ? null : mentions(incident.impact),
      outcome: incident.outcome === undefined ? null : mentions(incident.outcome),
      mergedInto: incident.mergedInto ?? null,
      channel: incident.channel ?? null,
      alerts: { total: incident.alerts.total, firing: incident.alerts.firing },
      roles: Object.entries(incident.roles).map(([role, id]) => ({ role, holder: nameOf(id), slackUserId: id })),
    },
    milestones: (Object.keys(MILESTONE_NAMES) as Milestone[]).flatMap((milestone) => {
      const reached = incident.milestones[milestone]
      if (!reached) return []
      const { at, source, corrected } = reached
      return [{ milestone, name: MILESTONE_NAMES[milestone], at: iso(at), source: mentions(source), corrected }]
    }),
    spans: spans(incident.milestones).map(({ name, ms, from, to }) => ({ name, milliseconds: ms, from, to })),
    timeline: timeline(events).map(({ seq, at, recordedAt, type, by, phrases }) => ({
      seq,
      at: iso(at),
      recordedAt: iso(recordedAt),
      type,
      by: nameOf(by),
      text: new Sentence(
        phrases.map((phrase) => ('person' in phrase ? { text: nameOf(phrase.person) } : phrase)),
      ).toString(),
      corrected: told.get(seq) !== at,
    })),
    evidence: events.flatMap((event) =>
      event.type === 'evidence_collected'
        ? event.snapshots.map((snapshot) => ({ ...snapshot, phase: event.phase, collectedAt: iso(event.at) }))
        : [],
    ),
    actions: data.actions.map(({ id, text, type, owner, bug, done }) => ({ id, text, type, owner, bug, done })),
    sections: {
      summary: { sentences: data.summary.map(String), unknown: null },
      impact: section(data.impact),
      rootCauses: section(data.root_causes),
      trigger: section(data.trigger),
      resolution: section(data.resolution),
      detection: section(data.detection),
      wentWell: lesson(data.lessons.well),
      wentWrong: lesson(data.lessons.wrong),
      gotLucky: lesson(data.lessons.lucky),
    },
    unknowns: data.unknowns,
  }
}
