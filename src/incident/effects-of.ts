import { OF_ITS_OWN } from './alert-decisions.ts'
import type { Effect } from './effect.ts'
import type { EvidencePhase, IncidentEvent } from './event.ts'
import { CHANNEL_HIDDEN, hiddenSteps } from './hidden-channel.ts'
import type { Incident } from './incident.ts'
import { keptAt } from './kept-message.ts'
import { missedOf } from './missed.ts'
import { ACKNOWLEDGE, APPOINT, DIGEST, INVITE, lookAgain, notifyDeclarer, OPENING, REMOVE_BUTTONS, RENAME, SETTINGS, SUMMARY, TELL, TOPIC, tellFollowers } from './named-effects.ts'
import { checkPages, FOLLOWED, mirror, PAGING, receivedPages, warnUnpaged, watchPage } from './page-effects.ts'
import { isPerson } from './phrase.ts'
import { drawn, pictures } from './shown-evidence.ts'
import { isActive } from './status.ts'
import { statusEffects } from './status-effects.ts'

/** Alerts beyond this number are counted on the summary, not posted one by one. */
const MOST_POSTED = 5
/** An alert that refires more often than this is flapping: from then on only the summary counts it. */
export const MOST_FLAPS = 2
const isNews = ({ again }: Extract<IncidentEvent, { type: 'alert_joined' }>, { alerts }: Incident) =>
  alerts.total <= MOST_POSTED && alerts.flaps <= MOST_FLAPS && !(again && (alerts.refires ?? 0) > MOST_FLAPS)
const NEEDS_CHANNEL = new Set<Effect>([SUMMARY, DIGEST, RENAME, REMOVE_BUTTONS])

/** The effects of an event, given the incident's state after it. */
export const effectsOf = (event: IncidentEvent, incident: Incident): Effect[] => {
  // It happened elsewhere, long ago: nobody is notified, paged or reminded.
  if (incident.imported) return []
  const effects = [...caused(event, incident), ...marks(event, incident)]
  // Without a channel there is nothing to refresh, and a pending refresh would delay the first summary.
  return incident.channel ? effects : effects.filter((effect) => !NEEDS_CHANNEL.has(effect))
}

/**
 * Its region annotation in Grafana is written at the opening, and again when its content changes. Drills and incidents
 * that were private from the start have none.
 */
const marks = ({ type }: IncidentEvent, { drill, private: isPrivate, annotation, openedBy }: Incident): Effect[] => {
  if (drill || openedBy === undefined || (isPrivate && !annotation && type !== 'made_private')) return []
  switch (type) {
    case 'declared':
    case 'status_changed':
    case 'made_private':
      return [{ type: 'mark_in_grafana' }]
    case 'title_changed':
    case 'severity_changed':
    case 'milestone_set':
      return annotation ? [{ type: 'mark_in_grafana' }] : []
    default:
      return []
  }
}

/** Everything Muster does by itself. */
const caused = (event: IncidentEvent, incident: Incident): Effect[] => {
  switch (event.type) {
    case 'declared':           return event.status === 'triage' ? [{ type: 'post_triage' }] : [...OPENING, SETTINGS]
    case 'channel_opened':     return [{ type: 'post_summary' }, INVITE, APPOINT, TOPIC, { type: 'add_bookmarks' }, { type: 'announce' }, ...(incident.messages.announcement ? [DIGEST] : []), ...notifyDeclarer(incident), ...(incident.source && !incident.private ? [{ type: 'answer_source' as const }] : [])]
    case 'channel_lost':       return incident.channel || !isActive(incident.status) ? [] : [{ type: 'open_channel' }]
    // It was queued when the incident became private.
    case 'message_posted':     return incident.private && (event.message === 'announcement' || event.message === 'triage') ? [{ type: 'withdraw' }] : event.message === 'summary' ? [{ type: 'pin_summary' }] : []
    case 'people_invited':     return [SUMMARY, ...(event.absent.length > 0 ? notifyDeclarer(incident) : []), ...(missedOf(event, incident).length > 0 ? [TELL] : [])]
    case 'step_done':          return [SUMMARY]
    // For a private incident, only people named by a person are invited.
    case 'responder_found':    return [...(event.responder ? [] : [TELL]), ...(incident.private && !incident.inviteOnCall ? [SUMMARY] : [INVITE, SUMMARY, APPOINT])]
    case 'role_assigned':      return [TELL, INVITE, SUMMARY, TOPIC, DIGEST, ...brief(event, incident), ...(event.role === 'commander' && event.by !== 'muster' ? [ACKNOWLEDGE, ...mirror(event, incident)] : [])]
    case 'role_released':      return [TELL, SUMMARY, TOPIC, DIGEST]
    case 'status_changed':     return statusEffects(event, incident)
    case 'severity_changed':   return [TELL, SUMMARY, TOPIC, RENAME, DIGEST, lookAgain('severity'), ...mirror(event, incident), SETTINGS]
    case 'title_changed':      return [TELL, SUMMARY, TOPIC, RENAME, DIGEST, SETTINGS]
    case 'service_changed':    return [TELL, SUMMARY, TOPIC, DIGEST, ...aboutService(event), SETTINGS]
    case 'impact_described':   return [SUMMARY, DIGEST, SETTINGS]
    case 'update_posted':      return [TELL, SUMMARY, DIGEST, tellFollowers(incident), ...mirror(event, incident), SETTINGS]
    case 'alert_joined':       return event.page ? [] : incident.status === 'triage' ? [{ type: 'refresh_triage' }] : [...(isNews(event, incident) ? [TELL, SUMMARY, lookAgain('joined'), { type: 'rank_suspects' as const, trigger: 'alert' as const }, SETTINGS] : [SUMMARY])]
    case 'alert_resolved':     return event.page ? checkPages(event.alertKey, incident) : incident.status === 'triage' ? [{ type: 'refresh_triage' }]
                                    : incident.alerts.firing === 0 && incident.alerts.flaps <= MOST_FLAPS ? [TELL, SUMMARY] : [SUMMARY]
    case 'alert_detailed':     return [SUMMARY]
    case 'changes_searched':   return [SUMMARY]
    case 'alert_left':         return [...(event.to === OF_ITS_OWN ? [TELL, { type: 'open_split' as const, alertKey: event.alertKey }] : []), SUMMARY]
    case 'alert_activity':     return [SUMMARY, ...checkPages(event.alertKey, incident), ...(FOLLOWED.has(event.activity) ? [{ type: 'follow_pagerduty' as const, seq: incident.version }] : [])]
    case 'change_seen':        return [SUMMARY]
    case 'cluster_seen':       return [SUMMARY]
    case 'action_added':
    case 'action_done':
    case 'action_edited':
    case 'action_state_changed':
    case 'action_removed':     return actionEffects(event)
    case 'action_snoozed':     return []
    case 'actions_reminded':   return event.others ? [{ type: 'remind_owner', seq: incident.version }] : []
    case 'actions_digested':   return [{ type: 'post_digest', seq: incident.version }]
    case 'owner_unreachable':  return [TELL]
    case 'milestone_set':      return [SUMMARY, DIGEST]
    case 'member_joined':      return []
    case 'member_left':        return []
    case 'first_step_checked': return [SUMMARY]
    case 'evidence_requested': return [lookFor(event.phase), ...(event.phase === 'scheduled' ? [{ type: 'find_changes' as const }] : [])]
    case 'evidence_collected': return [...pictures(event, incident), SUMMARY]
    case 'cause_named':        return [TELL, SUMMARY, ...copies(incident)]
    case 'suspects_requested': return [{ type: 'rank_suspects', trigger: 'asked' }]
    case 'topology_requested': return [{ type: 'draw_topology' }]
    case 'topology_drawn':     return event.graph ? [{ type: 'show_evidence', snapshots: [event.graph] }] : [TELL]
    case 'suspects_ranked':    return [{ type: 'show_suspects' }, SUMMARY, ...drawn(event, incident), ...(event.trigger === 'opening' || event.was ? [{ type: 'find_similar' as const }] : []), ...(event.again ? [{ type: 'rank_suspects' as const, trigger: 'later' as const, ...event.again }] : [])]
    case 'similar_found':      return [SUMMARY]
    case 'postmortem_requested': return [{ type: 'draft_postmortem' }]
    case 'postmortem_drafted': return [{ type: 'share_postmortem' }, SUMMARY]
    case 'postmortem_edited':  return [{ type: 'share_postmortem' }, ...copies(incident)]
    case 'postmortem_reviewed': return [TELL, { type: 'share_postmortem' }, ...copies(incident), ...(event.step === 'requested' ? [{ type: 'request_review' as const, seq: incident.version }] : []), ...(event.step === 'published' ? [SETTINGS] : [])]
    case 'postmortem_export_requested': return [{ type: event.to === 'canvas' ? 'put_canvas' : 'push_postmortem' }]
    case 'postmortem_exported': return [TELL, { type: 'share_postmortem' }]
    // The summary cannot report that the summary could not be written.
    case 'effect_failed':      return event.effect.type === 'open_channel' || (event.reason === CHANNEL_HIDDEN && hiddenSteps(incident) === 1) ? [{ type: 'warn_declarer', reason: event.reason }]
                                    : event.effect.type === 'refresh_summary' ? []
                                    : PAGING.has(event.effect.type) ? [TELL, SUMMARY, warnUnpaged(incident)]
                                    : EXPORTS.has(event.effect.type) ? [TELL, SUMMARY] : [SUMMARY]
    case 'retried':            return [...event.effects, SUMMARY]
    case 'page_requested':     return [TELL, SUMMARY, { type: 'page_responder', seq: incident.version }, ...(event.responder && isPerson(event.by) ? [INVITE] : [])]
    // Cancelled while it was being sent: it ends at once.
    case 'paged':              return isActive(incident.status) || event.page === undefined ? [TELL, SUMMARY, ...watchPage(event.page)] : [{ type: 'resolve_page' }]
    case 'page_answered':      return [TELL, SUMMARY]
    case 'page_unanswered':    return [TELL, SUMMARY, ...(event.next === undefined ? [warnUnpaged(incident)] : [])]
    case 'page_escalated':     return [TELL, SUMMARY, ...(event.level === undefined ? [] : [{ type: 'escalate_page' as const, page: event.page }])]
    case 'page_escalation_stopped': return [TELL, SUMMARY]
    case 'page_ended':         return [SUMMARY]
    case 'pages_received':     return receivedPages(incident)
    case 'command_unclaimed':  return [TELL, SUMMARY, warnUnpaged(incident)]
    case 'handover_offered':   return [TELL, INVITE, SUMMARY, { type: 'ask_handover', seq: incident.version }]
    // The role event that follows reports who took over.
    case 'handover_answered':  return event.answer === 'accepted' ? [SUMMARY] : [TELL, SUMMARY]
    case 'handover_unanswered': return [TELL, SUMMARY, { type: 'ask_handover', seq: event.handover }]
    // Reviewers are reminded where the review was requested.
    case 'reminded':           return [event.kind === 'review' ? { type: 'request_review', seq: incident.version } : TELL]
    case 'step_delayed':       return [SUMMARY]
    case 'step_refused':       return [SUMMARY]
    case 'effect_delayed':     return event.effect.type === 'open_channel' ? [{ type: 'warn_declarer', reason: event.reason }] : [TELL, SUMMARY]
    // Marked again, but already kept.
    case 'message_marked':     return keptAt(incident, event.message)?.marks.length === 1 ? [{ type: 'keep_message', seq: incident.version }] : []
    case 'message_unmarked':   return keptAt(incident, event.message)?.marks.length === 0 ? [{ type: 'unmark_kept', seq: incident.version }] : []
    // Machine-written notes are never only on the timeline: people in the channel see them.
    case 'noted':              return [...(event.assistant ? [TELL] : []), ...(event.message ? [{ type: 'mark_kept' as const, seq: incident.version }] : []), ...mirror(event, incident)]
    case 'made_private':       return [{ type: 'withdraw' }, { type: 'forget_messages' }, SETTINGS, ...(incident.formerChannel || !isActive(incident.status) ? [] : [{ type: 'open_channel' as const }])]
    case 'channel_left':       return [{ type: 'open_channel' }, { type: 'retire_channel', channel: event.channel }]
    case 'channel_renamed':    return []
    case 'channel_rename_refused': return [TELL]
    case 'archive_planned':    return [{ type: 'announce_archive' }]
    case 'archive_postponed':  return event.announced ? [TELL] : []
    case 'archive_due':        return [{ type: 'archive_channel' }]
    case 'channel_archived':   return []
    case 'archive_refused':    return [TELL]
    case 'summary_requested':  return [{ type: 'write_summary', seq: incident.version }]
    case 'summary_written':    return [TELL]
    case 'access_requested':   return [TELL]
    case 'access_granted':     return [TELL, INVITE, SUMMARY]
    case 'rule_applied':       return [{ type: 'run_rule', seq: incident.version }]
    case 'joined_late':        return [{ type: 'brief_joiner', seq: incident.version }]
    case 'time_corrected':
    case 'entry_edited':
    case 'entry_removed':
    case 'entry_restored':
    case 'annotation_written': return []
    case 'webhooks_queued':    return event.endpoints.map((endpoint) => ({ type: 'send_webhook' as const, seq: event.about, endpoint, event: event.event }))
    case 'update_snoozed':
    case 'mitigation_snoozed':
    case 'subscribed':
    case 'unsubscribed':       return []
    default:                   return event satisfies never
  }
}

/** New items are posted in the channel; other changes only update the summary. */
const actionEffects = (event: IncidentEvent): Effect[] =>
  event.type === 'action_added' ? [TELL, SUMMARY, SETTINGS] : [SUMMARY, SETTINGS]

/** Whoever gets a role is briefed on it and on the current state. */
const brief = ({ responder }: Extract<IncidentEvent, { type: 'role_assigned' }>, { version }: Incident): Effect[] =>
  isPerson(responder) ? [{ type: 'brief_responder', seq: version }] : []

/** A person requested it, so the channel is notified when it fails. */
const EXPORTS = new Set<Effect['type']>(['put_canvas', 'push_postmortem', 'write_summary'])

/** Copies of the postmortem are updated after every edit. */
const copies = ({ exports, review }: Incident): Effect[] => [
  ...(exports?.canvas ? [{ type: 'put_canvas' as const }] : []),
  ...(review?.state === 'published' ? [{ type: 'push_postmortem' as const }] : []),
]

/** Every look-up that opening does for a service. Its on-call is paged only if no other service's could have been. */
const aboutService = ({ from }: Extract<IncidentEvent, { type: 'service_changed' }>): Effect[] => [
  { type: 'find_on_call' },
  ...(from === undefined ? [{ type: 'page' as const }] : []),
  { type: 'collect_evidence', phase: 'asked' },
  { type: 'find_changes' },
  { type: 'find_similar' },
]

const lookFor = (phase: EvidencePhase): Effect =>
  phase === 'opening' || phase === 'asked' || phase === 'closing' ? { type: 'collect_evidence', phase } : lookAgain(phase)
