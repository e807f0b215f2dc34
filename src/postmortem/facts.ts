import type { Change } from '../incident/change.ts'
import { withCorrections } from '../incident/correction.ts'
import type { EvidencePhase, IncidentEvent, RecordedEvent, SnapshotRef } from '../incident/event.ts'
import type { Milestone } from '../incident/milestones.ts'
import { isPerson } from '../incident/phrase.ts'

/** What a person can write into the document from Slack, by beginning a note with a label: `trigger: the 08:06 deploy`. */
export type Topic = 'summary' | 'impact' | 'cause' | 'trigger' | 'resolution' | 'detection' | 'well' | 'wrong' | 'lucky'

const LABELS: [topic: Topic, label: RegExp][] = [
  ['summary', /^summary$/],
  ['impact', /^impact$/],
  ['cause', /^(root )?causes?$/],
  ['trigger', /^trigger(ed by)?$/],
  ['resolution', /^(resolution|fix(ed by)?)$/],
  ['detection', /^(detection|detected by)$/],
  ['well', /^(what )?went well$/],
  ['wrong', /^(what )?went (wrong|badly)$/],
  ['lucky', /^((where )?we )?(got |were )?lucky$/],
]

/** The section a note belongs to, and its text for it; undefined for an ordinary note. */
export const labelled = (text: string): { topic: Topic; text: string } | undefined => {
  const [, label, rest] = /^\s*([a-z ]{3,20}?)\s*:\s*(\S[\s\S]*)$/i.exec(text) ?? []
  const topic = label && LABELS.find(([, pattern]) => pattern.test(label.toLowerCase()))?.[0]
  return topic && rest ? { topic, text: rest } : undefined
}

/** One look at the outside, as the log has it. */
export type Look = { phase: EvidencePhase; at: number; snapshot: SnapshotRef }

/** What the sections of a postmortem need beside the incident's state, read from the log in one pass. */
export type Facts = {
  labelled: Record<Topic, string[]>
  /** Everybody who held a role, in the order they took it: Slack user id -> role ids. */
  roles: Map<string, string[]>
  /** People who wrote notes or updates, Slack user ids, in the order they first did. */
  writers: Set<string>
  /** When each role was first taken, epoch ms. */
  roleTakenAt: Map<string, number>
  /** When updates were posted, epoch ms. */
  updates: number[]
  /** `mitigated`, `resolved`, ... as they were set, in order. */
  statuses: Extract<IncidentEvent, { type: 'status_changed' }>[]
  severities: Extract<IncidentEvent, { type: 'severity_changed' }>[]
  /** The severity it was declared with. */
  firstSeverity: string
  /** Who is harmed, and how, as it was described last. */
  impact?: string
  changes: Change[]
  /** The source of the alert that opened it, and when the first other one joined (epoch ms). */
  alerts: { opening?: string; firstJoinedAt?: number }
  /** Why a milestone was corrected, where somebody said so. */
  reasons: Map<Milestone, string>
  looks: Look[]
  /** First steps that were ticked and not unticked: text -> when, epoch ms. */
  firstSteps: Map<string, number>
  failures: Extract<IncidentEvent, { type: 'effect_failed' }>[]
  /** Every ranking of the suspects, in order. */
  rankings: Extract<IncidentEvent, { type: 'suspects_ranked' }>[]
}

/** Reads the log once. */
export const factsOf = (events: readonly RecordedEvent[]): Facts => {
  const facts: Facts = {
    labelled: {
      summary: [],
      impact: [],
      cause: [],
      trigger: [],
      resolution: [],
      detection: [],
      well: [],
      wrong: [],
      lucky: [],
    },
    roles: new Map(),
    writers: new Set(),
    roleTakenAt: new Map(),
    updates: [],
    statuses: [],
    severities: [],
    firstSeverity: '',
    changes: [],
    alerts: {},
    reasons: new Map(),
    looks: [],
    firstSteps: new Map(),
    failures: [],
    rankings: [],
  }
  for (const event of withCorrections(events)) add(facts, event)
  return facts
}

const add = (facts: Facts, event: RecordedEvent): void => {
  switch (event.type) {
    case 'declared':
      facts.firstSeverity = event.severity
      if (event.alert) facts.alerts.opening = event.alert.source
      return
    case 'alert_joined':
      // An alert that fires again is counted already, and a page is not an alert.
      if (!event.again && !event.page) facts.alerts.firstJoinedAt ??= event.at
      return
    case 'milestone_set':
      if (event.reason) facts.reasons.set(event.milestone, event.reason)
      return
    case 'role_assigned': {
      const held = facts.roles.get(event.responder) ?? []
      facts.roles.set(event.responder, held.includes(event.role) ? held : [...held, event.role])
      if (!facts.roleTakenAt.has(event.role)) facts.roleTakenAt.set(event.role, event.at)
      return
    }
    case 'first_step_checked':
      if (event.done) facts.firstSteps.set(event.step, event.at)
      else facts.firstSteps.delete(event.step)
      return
    case 'suspects_ranked':
      facts.rankings.push(event)
      return
    case 'update_posted':
      facts.updates.push(event.at)
      facts.writers.add(event.by)
      return
    case 'status_changed':
      facts.statuses.push(event)
      return
    case 'severity_changed':
      facts.severities.push(event)
      return
    case 'change_seen':
      facts.changes.push(event.change)
      return
    case 'noted': {
      if (isPerson(event.by)) facts.writers.add(event.by)
      const note = labelled(event.text)
      if (note) facts.labelled[note.topic].push(note.text)
      for (const snapshot of event.pictures ?? []) facts.looks.push({ phase: 'asked', at: event.at, snapshot })
      return
    }
    case 'impact_described':
      facts.impact = event.text
      return
    case 'evidence_collected':
      for (const snapshot of event.snapshots) facts.looks.push({ phase: event.phase, at: event.at, snapshot })
      return
    case 'effect_failed':
      facts.failures.push(event)
      return
    default:
      return
  }
}
