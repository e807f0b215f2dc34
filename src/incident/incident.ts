import type { ActionItem } from './action-item.ts'
import type { Alert } from './alert.ts'
import type { Change, ChangeRelation } from './change.ts'
import type { ClusterFact } from './cluster-event.ts'
import type { Effect } from './effect.ts'
import type { MessageName, ReminderKind, SnapshotRef, Step, UsualSignals } from './event.ts'
import type { DoneStep } from './first-step-event.ts'
import type { ImportedFrom } from './imported.ts'
import type { KeptMessage } from './kept-event.ts'
import type { Milestones } from './milestones.ts'
import type { Page } from './page-state.ts'
import type { ExportPlace, PostmortemSection } from './postmortem-event.ts'
import type { LatestRanking } from './ranking.ts'
import type { SimilarFound } from './similar.ts'
import type { Status } from './status.ts'
import type { Exported, Prose, Review } from './written.ts'

/** How far a step of the set-up got. A step that was never due is absent. */
export type StepState = { state: 'pending' | 'done' | 'failed'; text?: string }

/** Roles on offer to somebody who has not answered yet. */
export type Handover = {
  /** The number of the event that offered it. */
  id: number
  /** Who holds the roles, and who is to take them: Slack user ids. */
  from: string
  to: string
  roles: string[]
  /** Epoch ms. */
  at: number
  /** It was said that there is no answer yet. */
  reminded?: boolean
}
export type Found = { responder?: string | undefined; name: string; why: string; suggestedRole?: string | undefined }

/**
 * An incident as it stands: the fold of its events. It is cached in one row, so it stays small however long the log
 * gets: lists that can grow without bound are counted here and read from the log where they are needed.
 */
export type Incident = {
  /** `INC-42`. */
  id: string
  /** How many events it has. */
  version: number
  title: string
  status: Status
  severity: string
  service?: string | undefined
  private: boolean
  /** When it became private, epoch ms; absent when it always was. Links from before no longer work. */
  privateSince?: number
  /** The public channel it had until then. */
  formerChannel?: { id: string; name: string }
  /** Private, but whoever is on call is invited: the form said so. */
  inviteOnCall?: boolean
  /** Who asked to be let in, oldest first; the latest of many. */
  accessRequests?: { by: string; at: number }[]
  drill: boolean
  /** It was kept elsewhere while it happened: Muster does nothing about it. */
  imported?: ImportedFrom
  /** An alert storm, held together. */
  storm: boolean
  declaredBy: string
  /** The message it was declared from; `thread` is the message that one answers. */
  source?: { channel: string; ts: string; thread?: string }
  /** An alert that opens one uses up the budget for new incidents; a person never does. */
  origin: 'alert' | 'person'
  /** Epoch ms. */
  declaredAt: number
  /** When anything last happened that a person or a source did, epoch ms. */
  activeAt: number
  /** When the last update was posted, epoch ms. */
  updatedAt?: number
  latestUpdate?: string
  /** What people outside the channel read instead of it. */
  publicUpdate?: string
  /** When the next update was promised, epoch ms. */
  nextUpdateBy?: number
  /** Nobody is reminded of an update before then (epoch ms); without `until`, before the next update. */
  updateSnoozed?: { until?: number }
  /** Since when it has had its status, epoch ms. */
  statusSince?: number
  /** Nobody is asked how to stop the harm before then, epoch ms. */
  mitigationSnoozedUntil?: number
  /** Who gets updates by direct message, Slack user ids. */
  subscribers?: string[]
  /** The number of the event that opened it: its declaration, or its acceptance out of triage. */
  openedBy?: number
  channel?: { id: string; name: string }
  /** role id -> Slack user id */
  roles: Record<string, string>
  /** Since when command has been free (epoch ms) when it last was, how many pages that caused, and warnings outside. */
  command?: { freeSince: number; pages: number; warnings: number }
  /** Roles on offer, waiting for an answer. */
  handovers?: Handover[]
  /** Everybody who belongs in the channel, Slack user ids. */
  people: string[]
  /** Those of them who were invited already, or cannot be. */
  invited: string[]
  /** Who came late and was briefed, and when (epoch ms); the latest of many. */
  briefed?: { member: string; at: number }[]
  /** Rules of muster.yaml that acted for it, by name. */
  appliedRules?: string[]
  found: Found[]
  /** The alert that opened it, and the numbers of all. */
  alert?: Alert | undefined
  alerts: {
    total: number
    firing: number
    /** How often one fired again after all had been quiet. */
    flaps: number
    /** How often an alert fired again after it had gone quiet. */
    refires?: number
    /** The services they are of, and `rule @ service` for each rule that fired; the first of many. */
    services: string[]
    rules: string[]
    latest: { key: string; title: string; reason: string; fingerprint?: string }[]
  }
  /** Keys of the pages that Muster sent for it, as their source reports them; the latest. */
  pages?: string[]
  /** Who was paged for it and how they answered, oldest first; the latest of many. */
  paging?: Page[]
  milestones: Milestones
  messages: Partial<Record<MessageName, { channel: string; ts: string }>>
  steps: Partial<Record<Step, StepState>>
  /** Effects that ended in failure and have not been retried, by `effectKey`. */
  failures: Record<string, { effect: Effect; reason: string }>
  impact?: string
  /** What was done about it, or why it was cancelled. */
  outcome?: string | undefined
  mergedInto?: string | undefined
  /** Messages that are kept for the timeline; the latest of many. */
  kept?: KeptMessage[]
  actions: ActionItem[]
  /** The highest number an action item had when one was removed: numbers are not given twice. */
  lastActionId?: number
  /** First steps that were ticked; the latest of many. */
  firstSteps?: DoneStep[]
  /** Its region among Grafana's annotations, as last written; epoch ms. */
  annotation?: { id: number; text: string; from: number; until?: number }
  /** The latest evidence; earlier evidence is in the log. */
  evidence: SnapshotRef[]
  /** What that look found as usual, and when it was made, epoch ms. */
  usual?: UsualSignals[]
  evidenceAt?: number
  /** Recent changes, newest first. */
  changes: (Change & { relation?: ChangeRelation })[]
  /** What Kubernetes did around the beginning, oldest first. */
  cluster?: ClusterFact[]
  /** Changes were looked for, so far back. */
  changesSearched?: { windowMs: number }
  /** The latest reminder of each kind: what it counts from, when it was sent (epoch ms), how often so far. */
  reminders?: Partial<Record<ReminderKind, { since: number; at: number; times: number }>>
  /** The latest ranking of suspects that could read anything; the earlier ones are in the log. */
  ranking?: LatestRanking
  /** The service at fault, as people named it, and why. */
  cause?: { service: string; why?: string }
  /** Past incidents that it looks like, the most alike first, and a playbook for it. */
  similar?: SimilarFound['similar']
  playbook?: SimilarFound['playbook']
  /** How many drafts of the postmortem were made. */
  drafts: number
  /** The sections of it that people wrote. */
  prose?: Partial<Record<PostmortemSection, Prose>>
  /** How far its review is; absent while it is a draft. */
  review?: Review
  /** Where it was written outside. */
  exports?: Partial<Record<ExportPlace, Exported>>
}

/** How many reminders of a kind were sent since then. */
export const timesReminded = ({ reminders }: Incident, kind: ReminderKind, since: number): number => {
  const last = reminders?.[kind]
  return last?.since === since ? last.times : 0
}

/** Counts a reminder that was sent. */
export const withReminder = (
  incident: Incident,
  { kind, since, at }: { kind: ReminderKind; since: number; at: number },
): Incident => ({
  ...incident,
  reminders: { ...incident.reminders, [kind]: { since, at, times: timesReminded(incident, kind, since) + 1 } },
})

/** Everybody to invite to the channel. Only people open a private incident to others, or let it invite who is on call. */
export const peopleToInvite = ({ people, found, private: hidden, inviteOnCall }: Incident): string[] => [
  ...new Set([...people, ...(hidden && !inviteOnCall ? [] : found.flatMap(({ responder }) => responder ?? []))]),
]

/** The state before the first event. */
export const initial = (id: string): Incident => ({
  id,
  version: 0,
  title: '',
  status: 'investigating',
  severity: '',
  private: false,
  drill: false,
  storm: false,
  declaredBy: '',
  origin: 'person',
  declaredAt: 0,
  activeAt: 0,
  roles: {},
  people: [],
  invited: [],
  found: [],
  alerts: { total: 0, firing: 0, flaps: 0, services: [], rules: [], latest: [] },
  milestones: {},
  messages: {},
  steps: {},
  failures: {},
  actions: [],
  evidence: [],
  changes: [],
  drafts: 0,
})
