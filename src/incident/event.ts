import { z } from 'zod'
import { ACTION_EVENTS } from './action-event.ts'
import { Alert, AlertActivity, Millis } from './alert.ts'
import { ANNOTATION_EVENT } from './annotation-event.ts'
import { Change } from './change.ts'
import { CHANNEL_EVENTS } from './channel-event.ts'
import { CLUSTER_EVENT } from './cluster-event.ts'
import { CORRECTION_EVENTS } from './correction-event.ts'
import { Effect } from './effect.ts'
import { FIRST_STEP_EVENT } from './first-step-event.ts'
import { HANDOVER_EVENTS } from './handover-event.ts'
import { Imported } from './imported.ts'
import { KEPT_EVENTS } from './kept-event.ts'
import { MACHINE_SUMMARY_EVENTS } from './machine-summary-event.ts'
import { MEMBER_EVENTS } from './member-event.ts'
import { Milestone } from './milestones.ts'
import { OUTGOING_EVENT } from './outgoing-event.ts'
import { PAGE_EVENTS } from './page-event.ts'
import { MessagePlace } from './place.ts'
import { POSTMORTEM_EVENTS } from './postmortem-event.ts'
import { PRIVACY_EVENTS } from './privacy-event.ts'
import { RankingFound } from './ranking.ts'
import { RULE_EVENT } from './rule-event.ts'
import { SimilarFound } from './similar.ts'
import { EvidencePhase, SnapshotRef, UsualSignals } from './snapshot-ref.ts'
import { stamp } from './stamp.ts'
import { RoleId, SeverityId, Status } from './status.ts'
import { TOPOLOGY_EVENTS } from './topology-event.ts'
import { UPDATE_EVENTS } from './update-event.ts'

export { MessagePlace } from './place.ts'
export { EvidencePhase, SnapshotRef, UsualSignals } from './snapshot-ref.ts'

/** A message of ours that is found again to be edited, pinned or replied to. */
export const MessageName = z.enum(['summary', 'announcement', 'owners', 'triage', 'postmortem', 'suspects'])
export type MessageName = z.infer<typeof MessageName>

/** The steps of setting an incident up, as the checklist shows them. */
export const Step = z.enum([
  'channel',
  'people',
  'summary',
  'pin',
  'topic',
  'bookmarks',
  'announcement',
  'on_call',
  'page',
  'evidence',
])
export type Step = z.infer<typeof Step>

/** Reminders: no commander, an update is due, no activity, action items are open, a postmortem is pending. */
export const ReminderKind = z.enum(['commander', 'update', 'quiet', 'actions', 'postmortem', 'review', 'mitigation'])
export type ReminderKind = z.infer<typeof ReminderKind>

/**
 * One fact about an incident. Facts are appended, never edited: correct a fact by appending another. Facts are stored
 * for ever, so a type never changes its meaning: add an optional member or a new type.
 */
export const IncidentEvent = z.discriminatedUnion('type', [
  z.object({
    ...stamp,
    type: z.literal('declared'),
    title: z.string(),
    severity: SeverityId,
    status: z.enum(['triage', 'investigating']).default('investigating'),
    /** Our service id, or the source's own name when the catalogue does not know it. */
    service: z.string().optional(),
    private: z.boolean().default(false),
    drill: z.boolean().default(false),
    /** Private, but the person on call is invited. */
    inviteOnCall: z.boolean().optional(),
    /** An alert storm, held together for a person to decide. */
    storm: z.boolean().optional(),
    /** Set when an alert opened it. */
    alert: Alert.optional(),
    /** It happened earlier, and was tracked in another system. */
    imported: Imported.optional(),
    /** The channel somebody declared it from. */
    from: z.string().optional(),
  }),
  z.object({
    ...stamp,
    type: z.literal('alert_joined'),
    alert: Alert,
    /** Why this incident: `same service`. */
    reason: z.string(),
    /** Our service id for it. */
    service: z.string().optional(),
    /** The incident already counts it: it went quiet and fires again. */
    again: z.boolean().optional(),
    /** Keys of the earlier occurrences that this one supersedes: their resolution was never reported. */
    instead: z.array(z.string()).optional(),
    /** It is the page that Muster sent for this incident: followed, but not counted as an alert. */
    page: z.boolean().optional(),
  }),
  /** What the alert's source knows of it beyond its webhook. */
  z.object({
    ...stamp,
    type: z.literal('alert_detailed'),
    alertKey: z.string(),
    details: Alert.pick({
      description: true,
      query: true,
      runbookUrl: true,
      dashboardUrl: true,
      value: true,
      threshold: true,
    })
      .partial()
      .extend({ labels: z.record(z.string(), z.string()).optional() }),
  }),
  z.object({
    ...stamp,
    type: z.literal('alert_resolved'),
    alertKey: z.string(),
    title: z.string(),
    page: z.boolean().optional(),
  }),
  z.object({
    ...stamp,
    type: z.literal('alert_activity'),
    alertKey: z.string(),
    activity: AlertActivity,
    text: z.string(),
    priority: z.string().optional(),
  }),
  z.object({
    ...stamp,
    type: z.literal('alert_left'),
    alertKey: z.string(),
    title: z.string(),
    /** Its new incident, `INC-43`. */
    to: z.string(),
    /** Whether it was firing when it left; defaults to firing. */
    state: z.enum(['firing', 'resolved']).optional(),
    page: z.boolean().optional(),
  }),
  z.object({ ...stamp, type: z.literal('channel_opened'), channel: z.string(), name: z.string() }),
  /** Slack no longer knows the incident's channel: somebody deleted it. */
  z.object({ ...stamp, type: z.literal('channel_lost'), channel: z.string() }),
  z.object({ ...stamp, type: z.literal('people_invited'), people: z.array(z.string()), absent: z.array(z.string()) }),
  z.object({
    ...stamp,
    type: z.literal('responder_found'),
    /** Slack user id; absent when nobody in Slack has the e-mail address. */
    responder: z.string().optional(),
    name: z.string(),
    /** Why them: `on call for Shipping (level 1)`. */
    why: z.string(),
    suggestedRole: RoleId.optional(),
  }),
  z.object({ ...stamp, type: z.literal('message_posted'), message: MessageName, channel: z.string(), ts: z.string() }),
  z.object({ ...stamp, type: z.literal('step_done'), step: Step, text: z.string().optional() }),
  z.object({ ...stamp, type: z.literal('role_assigned'), role: RoleId, responder: z.string() }),
  z.object({ ...stamp, type: z.literal('role_released'), role: RoleId, responder: z.string() }),
  z.object({
    ...stamp,
    type: z.literal('status_changed'),
    status: Status,
    /** The resolution, or the reason to cancel, reopen or merge. */
    text: z.string().optional(),
    /** The incident it was merged into. */
    into: z.string().optional(),
  }),
  z.object({ ...stamp, type: z.literal('severity_changed'), severity: SeverityId, reason: z.string().optional() }),
  z.object({ ...stamp, type: z.literal('title_changed'), title: z.string() }),
  /** The affected service was unknown before, or is a different one. */
  z.object({ ...stamp, type: z.literal('service_changed'), service: z.string(), from: z.string().optional() }),
  z.object({ ...stamp, type: z.literal('impact_described'), text: z.string() }),
  z.object({
    ...stamp,
    type: z.literal('noted'),
    text: z.string(),
    link: z.string().optional(),
    /** The message it was taken from, and for a reply the message it replies to. */
    message: MessagePlace.optional(),
    parent: z.object({ text: z.string(), author: z.string().optional() }).optional(),
    /** Pictures that were shared with it, frozen. */
    pictures: z.array(SnapshotRef).optional(),
    /** Written by a language model: the name of its client, and the Slack user id of the person it works for. */
    assistant: z.object({ client: z.string().optional(), for: z.string().optional() }).optional(),
  }),
  ...KEPT_EVENTS,
  z.object({
    ...stamp,
    type: z.literal('milestone_set'),
    milestone: Milestone,
    /** When it was reached, epoch ms. */
    time: Millis,
    source: z.string(),
    /** Why a person corrected it. */
    reason: z.string().optional(),
    /** Derived from a graph by Muster. */
    estimate: z.boolean().optional(),
  }),
  z.object({
    ...stamp,
    type: z.literal('time_corrected'),
    /** The number of the event whose time is corrected; its own number is `seq`. */
    entry: z.number().int().positive(),
    time: Millis,
  }),
  ...ACTION_EVENTS,
  FIRST_STEP_EVENT,
  z.object({
    ...stamp,
    type: z.literal('change_seen'),
    change: Change,
    /** It is of an alerting service, of one those depend on, or of another caller of that. */
    relation: z.enum(['alerting', 'upstream', 'sibling']).optional(),
  }),
  /** Changes were queried this far back, ms; how many of related services there were. */
  z.object({ ...stamp, type: z.literal('changes_searched'), windowMs: z.number(), related: z.number().int() }),
  CLUSTER_EVENT,
  ...CORRECTION_EVENTS,
  ...PAGE_EVENTS,
  ...PRIVACY_EVENTS,
  ...CHANNEL_EVENTS,
  ...MEMBER_EVENTS,
  ...HANDOVER_EVENTS,
  ...UPDATE_EVENTS,
  OUTGOING_EVENT,
  RULE_EVENT,
  ANNOTATION_EVENT,
  ...POSTMORTEM_EVENTS,
  ...MACHINE_SUMMARY_EVENTS,
  /** `since` is what it counts from (epoch ms): as long as that stays the same, it is the same thing left undone. */
  z.object({ ...stamp, type: z.literal('reminded'), kind: ReminderKind, text: z.string(), since: Millis }),
  /** A step waits because the system it needs does not respond. */
  z.object({ ...stamp, type: z.literal('step_delayed'), step: Step, text: z.string() }),
  /** Something that people rely on has not happened yet; Muster keeps trying. */
  z.object({ ...stamp, type: z.literal('effect_delayed'), effect: Effect, reason: z.string() }),
  /** The workspace refuses an auxiliary step (topic, bookmarks, pin) for every incident. */
  z.object({ ...stamp, type: z.literal('step_refused'), effect: Effect, reason: z.string() }),
  z.object({ ...stamp, type: z.literal('evidence_requested'), phase: EvidencePhase, panel: z.string().optional() }),
  z.object({
    ...stamp,
    type: z.literal('evidence_collected'),
    phase: EvidencePhase,
    snapshots: z.array(SnapshotRef),
    /** Signals that had not left their usual range, by service. */
    usual: z.array(UsualSignals).optional(),
  }),
  /** Somebody requested a ranking of the suspects, for the incident's service or another. */
  z.object({ ...stamp, type: z.literal('suspects_requested'), service: z.string().optional() }),
  /** The actual cause: the service at fault, and why. The latest counts. */
  z.object({ ...stamp, type: z.literal('cause_named'), service: z.string(), why: z.string().optional() }),
  z.object({ ...stamp, type: z.literal('suspects_ranked'), ...RankingFound.shape }),
  ...TOPOLOGY_EVENTS,
  /** Similar past incidents, and a matching playbook. */
  z.object({ ...stamp, type: z.literal('similar_found'), ...SimilarFound.shape }),
  z.object({ ...stamp, type: z.literal('postmortem_requested') }),
  z.object({
    ...stamp,
    type: z.literal('postmortem_drafted'),
    version: z.number().int().positive(),
    /** Its graphs show that the mitigation did not hold: when the harm ended for good. */
    heldAt: Millis.optional(),
  }),
  z.object({ ...stamp, type: z.literal('effect_failed'), effect: Effect, reason: z.string() }),
  z.object({ ...stamp, type: z.literal('retried'), effects: z.array(Effect) }),
])
export type IncidentEvent = z.infer<typeof IncidentEvent>

/** A fact as stored in the log. */
export type RecordedEvent = IncidentEvent & {
  /** Its number in the incident, from 1. */
  seq: number
  /** When it was written, epoch ms. */
  recordedAt: number
}
