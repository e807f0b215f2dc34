import type { AlertActivity } from './alert.ts'
import { OF_ITS_OWN } from './alert-decisions.ts'
import type { Effect } from './effect.ts'
import type { EvidencePhase, IncidentEvent } from './event.ts'
import { CHANNEL_HIDDEN, hiddenSteps } from './hidden-channel.ts'
import type { Incident } from './incident.ts'
import { keptAt } from './kept-message.ts'
import { missedOf } from './missed.ts'
import { isOpenPage } from './page-state.ts'
import { isPerson } from './phrase.ts'
import { drawn, pictures } from './shown-evidence.ts'
import { isActive } from './status.ts'

const SUMMARY: Effect = { type: 'refresh_summary' }
const TOPIC: Effect = { type: 'set_topic' }
const DIGEST: Effect = { type: 'refresh_announcement' }
/** Alerts beyond this number are counted on the summary, not posted one by one. */
const MOST_POSTED = 5
/** An alert that refires more often than this is flapping: from then on only the summary counts it. */
export const MOST_FLAPS = 2
const isNews = ({ again }: Extract<IncidentEvent, { type: 'alert_joined' }>, { alerts }: Incident) =>
  alerts.total <= MOST_POSTED && alerts.flaps <= MOST_FLAPS && !(again && (alerts.refires ?? 0) > MOST_FLAPS)
const RENAME: Effect = { type: 'rename_channel' }
const TELL: Effect = { type: 'tell' }
const INVITE: Effect = { type: 'invite' }
// A commander acknowledges the page, so it escalates no further.
const ACKNOWLEDGE: Effect = { type: 'acknowledge_page' }
const APPOINT: Effect = { type: 'appoint_commander' }
const REMOVE_BUTTONS: Effect = { type: 'remove_buttons' }
const NEEDS_CHANNEL = new Set<Effect>([SUMMARY, DIGEST, RENAME, REMOVE_BUTTONS])
/** Webhooks and rules of muster.yaml. */
const SETTINGS: Effect = { type: 'apply_settings' }
const OPENING: Effect[] = [
  { type: 'open_channel' },
  { type: 'find_on_call' },
  { type: 'page' },
  { type: 'collect_evidence', phase: 'opening' },
  { type: 'find_changes' },
  { type: 'rank_suspects', trigger: 'opening' },
  { type: 'find_similar' },
]

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
    case 'channel_opened':     return [{ type: 'post_summary' }, INVITE, APPOINT, TOPIC, { type: 'add_bookmarks' }, { type: 'announce' }, ...(incident.messages.announcement ? [DIGEST] : []), ...declarer(incident), ...(incident.source && !incident.private ? [{ type: 'answer_source' as const }] : [])]
    case 'channel_lost':       return incident.channel || !isActive(incident.status) ? [] : [{ type: 'open_channel' }]
    // It was queued when the incident became private.
    case 'message_posted':     return incident.private && (event.message === 'announcement' || event.message === 'triage') ? [{ type: 'withdraw' }] : event.message === 'summary' ? [{ type: 'pin_summary' }] : []
    case 'people_invited':     return [SUMMARY, ...(event.absent.length > 0 ? declarer(incident) : []), ...(missedOf(event, incident).length > 0 ? [TELL] : [])]
    case 'step_done':          return [SUMMARY]
    // For a private incident, only people named by a person are invited.
    case 'responder_found':    return [...(event.responder ? [] : [TELL]), ...(incident.private && !incident.inviteOnCall ? [SUMMARY] : [INVITE, SUMMARY, APPOINT])]
    case 'role_assigned':      return [TELL, INVITE, SUMMARY, TOPIC, DIGEST, ...brief(event, incident), ...(event.role === 'commander' && event.by !== 'muster' ? [ACKNOWLEDGE, ...shown(event, incident)] : [])]
    case 'role_released':      return [TELL, SUMMARY, TOPIC, DIGEST]
    case 'status_changed':     return statusEffects(event, incident)
    case 'severity_changed':   return [TELL, SUMMARY, TOPIC, RENAME, DIGEST, lookAgain('severity'), ...shown(event, incident), SETTINGS]
    case 'title_changed':      return [TELL, SUMMARY, TOPIC, RENAME, DIGEST, SETTINGS]
    case 'service_changed':    return [TELL, SUMMARY, TOPIC, DIGEST, ...aboutService(event), SETTINGS]
    case 'impact_described':   return [SUMMARY, DIGEST, SETTINGS]
    case 'update_posted':      return [TELL, SUMMARY, DIGEST, FOLLOWERS(incident), ...shown(event, incident), SETTINGS]
    case 'alert_joined':       return event.page ? [] : incident.status === 'triage' ? [{ type: 'refresh_triage' }] : [...(isNews(event, incident) ? [TELL, SUMMARY, lookAgain('joined'), { type: 'rank_suspects' as const, trigger: 'alert' as const }, SETTINGS] : [SUMMARY])]
    case 'alert_resolved':     return event.page ? checks(event.alertKey, incident) : incident.status === 'triage' ? [{ type: 'refresh_triage' }]
                                    : incident.alerts.firing === 0 && incident.alerts.flaps <= MOST_FLAPS ? [TELL, SUMMARY] : [SUMMARY]
    case 'alert_detailed':     return [SUMMARY]
    case 'changes_searched':   return [SUMMARY]
    case 'alert_left':         return [...(event.to === OF_ITS_OWN ? [TELL, { type: 'open_split' as const, alertKey: event.alertKey }] : []), SUMMARY]
    case 'alert_activity':     return [SUMMARY, ...checks(event.alertKey, incident), ...(FOLLOWED.has(event.activity) ? [{ type: 'follow_pagerduty' as const, seq: incident.version }] : [])]
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
    case 'suspects_ranked':    return [{ type: 'show_suspects' }, SUMMARY, ...drawn(event), ...(event.trigger === 'opening' || event.was ? [{ type: 'find_similar' as const }] : []), ...(event.again ? [{ type: 'rank_suspects' as const, trigger: 'later' as const, ...event.again }] : [])]
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
                                    : PAGING.has(event.effect.type) ? [TELL, SUMMARY, WARN(incident)]
                                    : EXPORTS.has(event.effect.type) ? [TELL, SUMMARY] : [SUMMARY]
    case 'retried':            return [...event.effects, SUMMARY]
    case 'page_requested':     return [TELL, SUMMARY, { type: 'page_responder', seq: incident.version }, ...(event.responder && isPerson(event.by) ? [INVITE] : [])]
    // Cancelled while it was being sent: it ends at once.
    case 'paged':              return isActive(incident.status) || event.page === undefined ? [TELL, SUMMARY, ...watch(event.page)] : [{ type: 'resolve_page' }]
    case 'page_answered':      return [TELL, SUMMARY]
    case 'page_unanswered':    return [TELL, SUMMARY, ...(event.next === undefined ? [WARN(incident)] : [])]
    case 'page_escalated':     return [TELL, SUMMARY, ...(event.level === undefined ? [] : [{ type: 'escalate_page' as const, page: event.page }])]
    case 'page_escalation_stopped': return [TELL, SUMMARY]
    case 'page_ended':         return [SUMMARY]
    case 'pages_received':     return received(incident)
    case 'command_unclaimed':  return [TELL, SUMMARY, WARN(incident)]
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
    case 'noted':              return [...(event.assistant ? [TELL] : []), ...(event.message ? [{ type: 'mark_kept' as const, seq: incident.version }] : []), ...shown(event, incident)]
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

/** Effects that page people: when one fails, somebody must be called by hand. */
const PAGING = new Set<Effect['type']>(['page', 'page_responder', 'escalate_page'])
/** A person requested it, so the channel is notified when it fails. */
const EXPORTS = new Set<Effect['type']>(['put_canvas', 'push_postmortem', 'write_summary'])
/** Copies of the postmortem are updated after every edit. */
const copies = ({ exports, review }: Incident): Effect[] => [
  ...(exports?.canvas ? [{ type: 'put_canvas' as const }] : []),
  ...(review?.state === 'published' ? [{ type: 'push_postmortem' as const }] : []),
]
const FOLLOWERS = ({ version }: Incident): Effect => ({ type: 'tell_followers', seq: version })
const WARN = ({ version }: Incident): Effect => ({ type: 'warn_unpaged', seq: version })
const watch = (page: number | undefined): Effect[] => (page === undefined ? [] : [{ type: 'watch_page', page }])

/** Its source reported something about an unanswered page. */
const checks = (key: string, { paging = [] }: Incident): Effect[] =>
  paging.filter((page) => page.reference === key && isOpenPage(page)).map(({ id }) => ({ type: 'check_page', page: id }))

/** Pages that came with a merge end when the incident is over, and stop escalating once somebody has responded. */
const received = ({ status, milestones, paging = [] }: Incident): Effect[] =>
  !isActive(status)
    ? [SUMMARY, { type: 'resolve_page' }]
    : milestones.acknowledged
      ? [SUMMARY, ACKNOWLEDGE, ...paging.filter(isOpenPage).flatMap(({ id }) => watch(id))]
      : [SUMMARY, ...paging.filter(isOpenPage).flatMap(({ id }) => watch(id))]

/** Every look-up that opening does for a service. Its on-call is paged only if no other service's could have been. */
const aboutService = ({ from }: Extract<IncidentEvent, { type: 'service_changed' }>): Effect[] => [
  { type: 'find_on_call' },
  ...(from === undefined ? [{ type: 'page' as const }] : []),
  { type: 'collect_evidence', phase: 'asked' },
  { type: 'find_changes' },
  { type: 'find_similar' },
]

const lookAgain = (phase: Extract<Effect, { type: 'look_again' }>['phase']): Effect => ({ type: 'look_again', phase })

const lookFor = (phase: EvidencePhase): Effect =>
  phase === 'opening' || phase === 'asked' || phase === 'closing' ? { type: 'collect_evidence', phase } : lookAgain(phase)


/** Events on a page at its source that change something here. */
const FOLLOWED = new Set<AlertActivity>(['acknowledged', 'escalated', 'reassigned', 'priority_changed'])

/** Actions by people are mirrored to PagerDuty; those that came from there are not sent back. */
const shown = (event: IncidentEvent, incident: Incident): Effect[] =>
  isPerson(event.by) ? [{ type: 'show_at_pagerduty', seq: incident.version }] : []

const statusEffects = (
  { status, into }: Extract<IncidentEvent, { type: 'status_changed' }>,
  incident: Incident,
): Effect[] => {
  // Merged while it was held, and now undone: it opens for the first time, and its alerts return.
  if (into && incident.openedBy === incident.version)
    return [...OPENING, SETTINGS, { type: 'refresh_triage' }, { type: 'move_alerts', to: into, back: true }]
  const seen: Effect[] = [TELL, SUMMARY, TOPIC, DIGEST, SETTINGS]
  switch (status) {
    case 'investigating':
    case 'identified':
    case 'mitigated':
      // A merge is undone: its alerts return.
      if (into)
        return [
          ...seen,
          ...(incident.openedBy === incident.version ? OPENING : again(incident)),
          { type: 'refresh_triage' },
          { type: 'move_alerts', to: into, back: true },
        ]
      // This event took it out of triage: nothing was opened before.
      if (incident.openedBy === incident.version) return [...OPENING, SETTINGS, { type: 'refresh_triage' }]
      if (status === 'mitigated') return [...seen, lookAgain('mitigated')]
      return status === 'investigating' ? [...seen, ...again(incident), lookAgain('reopened')] : seen
    case 'resolved':
      return [...seen, REMOVE_BUTTONS, FOLLOWERS(incident), { type: 'resolve_page' }, { type: 'collect_evidence', phase: 'closing' }, { type: 'draft_postmortem' }]
    case 'cancelled':
      return [...seen, REMOVE_BUTTONS, FOLLOWERS(incident), { type: 'resolve_page' }, { type: 'refresh_triage' }]
    case 'merged':
      return [...seen, REMOVE_BUTTONS, { type: 'refresh_triage' }, ...(into ? [{ type: 'move_alerts' as const, to: into, back: false }] : [])]
    case 'closed':
      return [...seen, { type: 'resolve_page' }]
    case 'triage':
      return seen
    default:
      return status satisfies never
  }
}

/** Steps that were dropped when the incident was cancelled. */
const again = ({ channel, messages, steps }: Incident): Effect[] => {
  if (channel) return [INVITE, ...(messages.announcement ? [] : [{ type: 'announce' as const }])]
  return steps.channel?.state === 'failed' ? [{ type: 'open_channel' }] : []
}

/** Warns the person who declared it; a source does not read messages. */
const declarer = ({ declaredBy, version }: Incident): Effect[] =>
  isPerson(declaredBy) ? [{ type: 'notify_declarer', seq: version }] : []
