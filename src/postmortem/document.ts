import type { Action } from './actions.ts'
import type { AlertItem } from './alerts.ts'
import type { EvidenceItem } from './evidence.ts'
import type { Lessons } from './lessons.ts'
import type { Day } from './lines.ts'
import type { Figure, Moment } from './numbers.ts'
import type { Section } from './prose.ts'
import type { Sentence } from './text.ts'

/** A question that only people can answer, and what to type in Slack to answer it. */
export type Gap = { section: string; what: string; question: string; answer: Sentence }

/** A sentence that reads like blame. Muster points at it and changes nothing: only people know what was meant. */
export type Remark = { section: string; text: string; why: string }

export type Written = Section<Sentence> & {
  /** What to type in Slack to fill it in. */
  answer: Sentence
}
export type Learned = Lessons<Sentence> & { answer: Sentence }

/**
 * What a template sees. Text is free of mark-up and escaped when it is printed; members that are not known are null,
 * never absent. `templates/README.md` describes each for operators.
 */
export type PostmortemData = {
  incident: {
    id: string
    title: string
    service: string | null
    severity: string
    status: string
    drill: boolean
    private: boolean
    /** The Slack channel's name, without `#`. */
    channel: string | null
    declared_by: string
  }
  /** Days and times of day in UTC, and in the configured zone; the end is null while it has none. */
  date: {
    weekday: string
    from: string
    from_time: string
    to: string
    to_time: string | null
    from_local: string
    to_local: string | null
  }
  /** The configured time zone's name, `America/Los_Angeles`, and its place alone, `Los Angeles`. */
  zone: string
  zone_place: string
  /** The time of the last entry included in this draft: `2026-03-14 03:35 UTC`. The same log gives the same text. */
  written_at: string
  authors: { name: string; roles: string }[]
  /** `Draft`, `In review`, `Published`, or `Complete` once the incident is closed without a review. */
  status: string
  /** Its review; null while it is a draft without a review request. */
  review: {
    state: 'in review' | 'published'
    /** `2026-03-16 09:12 UTC`, when it came into this state. */
    since: string
    reviewers: { name: string; approved: boolean }[]
  } | null
  /** Who edited it last, and when; null while nobody did. */
  edited: { by: string; at: string } | null
  /** What only people can say and nobody has said yet. */
  unknowns: Gap[]
  /** Sentences that read like blame. */
  wording: Remark[]
  summary: Sentence[]
  impact: Written
  root_causes: Written
  trigger: Written
  resolution: Written
  detection: Written
  actions: Action[]
  lessons: { well: Learned; wrong: Learned; lucky: Learned }
  milestones: Moment<Sentence>[]
  numbers: Figure[]
  /** What the alerts said beyond their titles. */
  alerts: AlertItem<Sentence>[]
  evidence: EvidenceItem[]
  evidence_left_out: number
  /** Which frozen graphs were deleted since, and when: their pictures are missing. */
  evidence_removed: Sentence | null
  /** What mattered. */
  timeline: { days: Day<Sentence>[]; entries: number; folded: number }
  /** Every entry, one line each. */
  appendix: { days: Day<Sentence>[]; left_out: number }
  /** What people wrote in the channel, one message a line; `messages` counts all of them. */
  conversation: { days: Day<Sentence>[]; messages: number; left_out: number }
}
