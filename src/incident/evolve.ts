import { withActions } from './action-list.ts'
import { union, withAlert, withoutAlert, withQuiet } from './alert-tally.ts'
import { withChannel } from './channel.ts'
import { withClusterFact } from './cluster-fact.ts'
import { withCommand } from './commander.ts'
import type { IncidentEvent } from './event.ts'
import { withFindings } from './findings.ts'
import { withFirstStep } from './first-step-event.ts'
import { withHandovers } from './handover.ts'
import { type Incident, initial, withReminder } from './incident.ts'
import { withKept } from './kept-message.ts'
import { acknowledged, declared, statusChanged } from './lifecycle.ts'
import { withMachineSummary } from './machine-summary.ts'
import { withBriefed, withMember, withoutMember } from './members.ts'
import { reach } from './milestones.ts'
import { withPages } from './page.ts'
import { withPrivacy } from './privacy.ts'
import { withProse } from './prose.ts'
import { latestRanking } from './ranking.ts'
import { withReview } from './review.ts'
import { withSetup } from './setup.ts'
import { withUpdates } from './update.ts'

const LATEST_PAGES = 20

/** A person's value overrides an estimate, whichever came first. */
const withMilestone = (
  milestones: Incident['milestones'],
  { milestone, time, source, estimate }: Extract<IncidentEvent, { type: 'milestone_set' }>,
): Incident['milestones'] =>
  estimate && milestones[milestone]?.corrected
    ? milestones
    : { ...milestones, [milestone]: { at: time, source, corrected: !estimate, ...(estimate ? { estimate } : {}) } }

/**
 * Folds one event into the state. Total: accepts any event in any state, because logs outlive versions of this code.
 */
export const evolve = (before: Incident, event: IncidentEvent): Incident =>
  withChannel(withCommand(withHandovers(withPages(fold(before, event), event), event), event), event)

const fold = (before: Incident, event: IncidentEvent): Incident => {
  const housekeeping = event.by === 'muster' && before.version > 0
  const activeAt = housekeeping ? before.activeAt : Math.max(before.activeAt, event.at)
  const incident = { ...before, version: before.version + 1, activeAt }
  switch (event.type) {
    case 'declared':
      return declared(incident, event)
    case 'alert_joined':
      return event.page
        ? { ...incident, pages: union(incident.pages ?? [], [event.alert.key]).slice(-LATEST_PAGES) }
        : withAlert(incident, event)
    case 'alert_detailed': {
      const { alert } = incident
      if (alert?.key !== event.alertKey) return incident
      // The alert's own members win: its source may know less later.
      const known = Object.fromEntries(Object.entries(alert).filter(([, value]) => value !== undefined))
      return {
        ...incident,
        alert: { ...alert, ...event.details, ...known, labels: { ...event.details.labels, ...alert.labels } },
      }
    }
    case 'alert_resolved':
      return event.page ? incident : { ...incident, alerts: withQuiet(incident) }
    case 'alert_left':
      return event.page
        ? { ...incident, pages: (incident.pages ?? []).filter((key) => key !== event.alertKey) }
        : { ...incident, alerts: withoutAlert(incident, event) }
    case 'alert_activity':
      return event.activity === 'acknowledged'
        ? acknowledged(incident, event.at, 'acknowledged at the source')
        : incident
    case 'channel_opened':
    case 'channel_lost':
    case 'people_invited':
    case 'responder_found':
    case 'message_posted':
    case 'step_done':
    case 'step_delayed':
    case 'step_refused':
    case 'effect_failed':
    case 'retried':
      return withSetup(incident, event)
    case 'role_assigned': {
      const assigned: Incident = {
        ...incident,
        milestones:
          event.role === 'commander'
            ? reach(incident.milestones, 'commander', event.at, event.by === 'muster' ? 'appointed' : 'role taken')
            : incident.milestones,
        roles: { ...incident.roles, [event.role]: event.responder },
        people: union(incident.people, [event.responder]),
      }
      // Somebody appointed by Muster may not have noticed yet.
      return event.by === 'muster' ? assigned : acknowledged(assigned, event.at, 'first role taken')
    }
    case 'role_released':
      return {
        ...incident,
        roles: Object.fromEntries(Object.entries(incident.roles).filter(([role]) => role !== event.role)),
      }
    case 'status_changed':
      return statusChanged(incident, event)
    case 'severity_changed':
      return { ...incident, severity: event.severity }
    case 'title_changed':
      return { ...incident, title: event.title }
    case 'service_changed':
      return { ...incident, service: event.service }
    case 'impact_described':
      return { ...incident, impact: event.text }
    case 'update_posted':
    case 'update_snoozed':
    case 'mitigation_snoozed':
    case 'subscribed':
    case 'unsubscribed':
      return withUpdates(incident, event)
    case 'milestone_set':
      return { ...incident, milestones: withMilestone(incident.milestones, event) }
    case 'action_added':
    case 'action_done':
    case 'action_edited':
    case 'action_state_changed':
    case 'action_removed':
    case 'action_snoozed':
    case 'actions_reminded':
    case 'actions_digested':
    case 'owner_unreachable':
      return withActions(incident, event)
    case 'first_step_checked':
      return { ...incident, firstSteps: withFirstStep(incident.firstSteps, event) }
    case 'member_joined':
      return withMember(incident, event.member)
    case 'member_left':
      return withoutMember(incident, event.member)
    case 'rule_applied':
      return { ...incident, appliedRules: union(incident.appliedRules ?? [], [event.rule]) }
    case 'joined_late':
      return withBriefed(incident, event)
    case 'changes_searched':
    case 'change_seen':
    case 'evidence_requested':
    case 'evidence_collected':
      return withFindings(incident, event)
    case 'cluster_seen':
      return { ...incident, cluster: withClusterFact(incident.cluster, event.fact) }
    case 'postmortem_drafted':
      return { ...incident, drafts: event.version, ...(event.heldAt === undefined ? {} : { heldAt: event.heldAt }) }
    case 'reminded':
      return withReminder(incident, event)
    case 'postmortem_edited':
      return withProse(incident, event)
    case 'postmortem_reviewed':
    case 'postmortem_exported':
      return withReview(incident, event)
    case 'page_answered':
      return event.answer === 'acknowledged' ? acknowledged(incident, event.at, 'page acknowledged') : incident
    case 'summary_requested':
    case 'summary_written':
      return withMachineSummary(incident, event)
    case 'made_private':
    case 'channel_left':
    case 'access_requested':
    case 'access_granted':
      return withPrivacy(incident, event)
    case 'handover_offered':
      return { ...incident, people: union(incident.people, [event.to]) }
    case 'channel_renamed':
    case 'channel_rename_refused':
    case 'archive_planned':
    case 'archive_postponed':
    case 'archive_due':
    case 'channel_archived':
    case 'archive_refused':
    case 'webhooks_queued':
    case 'page_requested':
    case 'handover_answered':
    case 'handover_unanswered':
    case 'command_unclaimed':
    case 'effect_delayed':
    case 'paged':
    case 'page_unanswered':
    case 'page_escalated':
    case 'page_escalation_stopped':
    case 'page_ended':
    case 'pages_received':
    case 'time_corrected':
    case 'entry_edited':
    case 'postmortem_requested':
    case 'postmortem_export_requested':
    case 'suspects_requested':
    case 'topology_requested':
    case 'topology_drawn':
      return incident
    case 'message_marked':
    case 'message_unmarked':
    case 'noted':
    case 'entry_removed':
    case 'entry_restored':
      return withKept(incident, event)
    case 'annotation_written': {
      const { annotation: id, text, from, until } = event
      return { ...incident, annotation: { id, text, from, ...(until === undefined ? {} : { until }) } }
    }
    case 'cause_named':
      return { ...incident, cause: { service: event.service, ...(event.why ? { why: event.why } : {}) } }
    case 'similar_found':
      return { ...incident, similar: event.similar, playbook: event.playbook }
    case 'suspects_ranked':
      return { ...incident, ranking: latestRanking(incident.ranking, event) }
    default:
      return event satisfies never
  }
}

/** The state after these events. */
export const replay = (id: string, events: readonly IncidentEvent[]): Incident => events.reduce(evolve, initial(id))
