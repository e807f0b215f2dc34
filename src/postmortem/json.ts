import type { RecordedEvent } from '../incident/event.ts'
import { MILESTONE_NAMES, Milestone, spans } from '../incident/milestones.ts'
import { timeline } from '../incident/timeline.ts'
import type { PostmortemData } from './document.ts'
import { heldAtOf } from './harm.ts'
import { isLowerBound } from './impact.ts'
import type { Material } from './material.ts'
import type { PostmortemJson } from './schema.ts'
import { Sentence } from './text.ts'

/** The same facts as the document, for programs. */
export const postmortemJson = (
  { incident, latest, milestones, facts, harm, labels, conversation }: Material,
  events: readonly RecordedEvent[],
  data: PostmortemData,
  nameOf: (actor: string) => string,
): PostmortemJson => {
  const iso = (at: number) => new Date(at).toISOString()
  const writtenFor = new Map(events.map((event) => [event.seq, event.at]))
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
    writtenAt: iso(latest),
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
      impact: impactOf(facts.impact, facts.labelled.impact, mentions),
      outcome: incident.outcome === undefined ? null : mentions(incident.outcome),
      mergedInto: incident.mergedInto ?? null,
      channel: incident.channel ?? null,
      alerts: { total: incident.alerts.total, firing: incident.alerts.firing },
      roles: Object.entries(incident.roles).map(([role, id]) => ({ role, holder: nameOf(id), slackUserId: id })),
    },
    milestones: Milestone.options.flatMap((milestone) => {
      const reached = milestones[milestone]
      if (!reached) return []
      const { at, source, corrected, estimate = false } = reached
      const reason = corrected ? (facts.reasons.get(milestone) ?? null) : null
      return [
        {
          milestone,
          name: MILESTONE_NAMES[milestone],
          at: iso(at),
          source: mentions(source),
          corrected,
          estimate,
          reason,
        },
      ]
    }),
    spans: spans(milestones, heldAtOf(harm)).map(({ name, ms, from, to }) => ({ name, milliseconds: ms, from, to })),
    harm: {
      signal: harm.signal,
      failedRequests: harm.failed && Math.round(harm.failed.requests),
      ofRequests: harm.failed && Math.round(harm.failed.of),
      lowerBound: harm.failed && isLowerBound(harm.failed),
      relapses: harm.relapses.map(({ from, to }) => ({ from: iso(from), to: iso(to) })),
    },
    timeline: timeline(events, labels).map(({ seq, at, recordedAt, type, by, phrases }) => ({
      seq,
      at: iso(at),
      recordedAt: iso(recordedAt),
      type,
      by: nameOf(by),
      text: new Sentence(
        phrases.map((phrase) => ('person' in phrase ? { text: nameOf(phrase.person) } : phrase)),
      ).toString(),
      corrected: writtenFor.get(seq) !== at,
    })),
    conversation: conversation.messages.map(({ ts, at, author, text, thread = null, editedAt }) => ({
      ts,
      at: iso(at),
      by: nameOf(author),
      text: mentions(text),
      thread,
      edited: editedAt !== undefined,
    })),
    evidence: events.flatMap((event) =>
      event.type === 'evidence_collected'
        ? event.snapshots.map((snapshot) => ({ ...snapshot, phase: event.phase, collectedAt: iso(event.at) }))
        : [],
    ),
    actions: data.actions.map((action) => ({ ...action })),
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
    status: data.status,
    review: incident.review
      ? {
          state: incident.review.state,
          since: iso(incident.review.since),
          reviewers: data.review?.reviewers ?? [],
        }
      : null,
    edited: Object.entries(incident.prose ?? {}).map(([section, { by, at }]) => ({
      section,
      by: nameOf(by),
      at: iso(at),
    })),
    unknowns: data.unknowns.map((gap) => ({ ...gap, answer: String(gap.answer) })),
    wording: data.wording,
  }
}

/** What was set as the impact, else what people noted as `impact: ...`. */
const impactOf = (set: string | undefined, noted: readonly string[], mentions: (text: string) => string) => {
  const text = set ?? (noted.length > 0 ? noted.join(' ') : undefined)
  return text === undefined ? null : mentions(text)
}
