import type { ActionItem } from './action-item.ts'
import type { Alert } from './alert.ts'
import type { Change, ChangeRelation } from './change.ts'
import type { Archive } from './channel-event.ts'
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

/** The progress of a set-up step. A step that was never due is absent. */
export type StepState = { state: 'pending' | 'done' | 'failed'; text?: string }

/** Roles on offer to somebody who has not responded yet. */
export type Handover = {
  /** The number of the event that offered it. */
  id: number
  /** The holder and the recipient of the roles: Slack user ids. */
  from: string
  to: string
  roles: string[]
  /** Epoch ms. */
  at: number
  /** The missing response was reported. */
  reminded?: boolean
}
export type Found = { responder?: string | undefined; name: string; why: string; suggestedRole?: string | undefined }

/**
 * The current state of an incident: the fold of its events. It is cached in one row, so it stays small however long the
 * log gets: lists that can grow without bound are counted here and read from the log where they are needed.
 */
export type Incident = {
  /** `INC-42`. */
  id: string
  /** The number of its events. */
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
  /** Private, but the person on call is invited: requested in the form. */
  inviteOnCall?: boolean
  /** Who requested access, oldest first; limited to the latest. */
  accessRequests?: { by: string; at: number }[]
  drill: boolean
  /** It was tracked in another system: Muster takes no action on it. */
  imported?: ImportedFrom
  /** An alert storm, held together. */
  storm: boolean
  declaredBy: string
  /** The message it was declared from; `thread` is the message it replies to. */
  source?: { channel: string; ts: string; thread?: string }
  /** Opened by an alert: counts against the budget for new incidents, unlike those declared by a person. */
  origin: 'alert' | 'person'
  /** Epoch ms. */
  declaredAt: number
  /** The latest activity of a person or a source, epoch ms. */
  activeAt: number
  /** When the last update was posted, epoch ms. */
  updatedAt?: number
  latestUpdate?: string
  /** The public text in place of it. */
  publicUpdate?: string
  /** When the next update was promised, epoch ms. */
  nextUpdateBy?: number
  /** Reminders of an update are off until then (epoch ms); without `until`, until the next update. */
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
  /** Why Slack refused to rename the channel after a change. */
  renameRefused?: string
  /** What becomes of the channel after the end. */
  archive?: Archive
  /** role id -> Slack user id */
  roles: Record<string, string>
  /**
   * Since when command has been vacant (epoch ms) when it last was, how many pages that caused, and warnings outside.
   */
  command?: { freeSince: number; pages: number; warnings: number }
  /** Roles on offer, waiting for an answer. */
  handovers?: Handover[]
  /** Everybody who belongs in the channel, Slack user ids. */
  people: string[]
  /** Those of them who were invited already, or cannot be. */
  invited: string[]
  /** Late joiners that were briefed, and when (epoch ms); limited to the latest. */
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
    /** Their services, and `rule @ service` for each rule that fired; limited to the first. */
    services: string[]
    rules: string[]
    latest: { key: string; title: string; reason: string; fingerprint?: string }[]
  }
  /** Keys of the pages that Muster sent for it, as their source reports them; limited to the latest. */
  pages?: string[]
  /** Who was paged for it and how they responded, oldest first; limited to the latest. */
  paging?: Page[]
  milestones: Milestones
  messages: Partial<Record<MessageName, { channel: string; ts: string }>>
  steps: Partial<Record<Step, StepState>>
  /** Effects that ended in failure and have not been retried, by `effectKey`. */
  failures: Record<string, { effect: Effect; reason: string }>
  impact?: string
  /** How it was resolved, or why it was cancelled. */
  outcome?: string | undefined
  mergedInto?: string | undefined
  /** Messages that are kept for the timeline; the latest of many. */
  kept?: KeptMessage[]
  actions: ActionItem[]
  /** Owners of them whom Slack delivers no reminders to. */
  unreachable?: string[]
  /** The highest number of an action item that was removed: numbers are not reused. */
  lastActionId?: number
  /** First steps that were ticked; the latest of many. */
  firstSteps?: DoneStep[]
  /** Its region among Grafana's annotations, as last written; epoch ms. */
  annotation?: { id: number; text: string; from: number; until?: number }
  /** The latest evidence; earlier evidence is in the log. */
  evidence: SnapshotRef[]
  /** Signals that were usual then, and when they were collected, epoch ms. */
  usual?: UsualSignals[]
  evidenceAt?: number
  /** Recent changes, newest first. */
  changes: (Change & { relation?: ChangeRelation })[]
  /** Kubernetes events around the start, oldest first. */
  cluster?: ClusterFact[]
  /** Changes were queried this far back. */
  changesSearched?: { windowMs: number }
  /** The latest reminder of each kind: what it counts from, when it was sent (epoch ms), how many so far. */
  reminders?: Partial<Record<ReminderKind, { since: number; at: number; times: number }>>
  /** The latest ranking of suspects that could read anything; the earlier ones are in the log. */
  ranking?: LatestRanking
  /** The service at fault, as people named it, and why. */
  cause?: { service: string; why?: string }
  /** Similar past incidents, the most similar first, and a matching playbook. */
  similar?: SimilarFound['similar']
  playbook?: SimilarFound['playbook']
  /** When the harm ended for good, epoch ms, where a graph shows that the mitigation did not hold. */
  heldAt?: number
  /** When a summary by a language model was requested that is not there yet, epoch ms. */
  summaryRequestedAt?: number
  /** The number of postmortem drafts made. */
  drafts: number
  /** The sections of it edited by people. */
  prose?: Partial<Record<PostmortemSection, Prose>>
  /** The status of its review; absent while it is a draft. */
  review?: Review
  /** Where it was exported to. */
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

/**
 * Everybody to invite to the channel. Only people may invite others to a private incident, or allow inviting the person
 * on call.
 */
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
