import { z } from 'zod'
import { OUTGOING_EFFECT } from './outgoing-event.ts'
import { RankAgain, RankingTrigger } from './ranking.ts'

/**
 * Something to do outside. Effects are queued in the transaction that writes the event which causes them, and carry as
 * little data as possible: a handler reads the current incident when it runs.
 */
export const Effect = z.discriminatedUnion('type', [
  z.object({ type: z.literal('open_channel') }),
  z.object({ type: z.literal('invite') }),
  z.object({ type: z.literal('post_summary') }),
  z.object({ type: z.literal('pin_summary') }),
  z.object({ type: z.literal('refresh_summary') }),
  z.object({ type: z.literal('set_topic') }),
  z.object({ type: z.literal('add_bookmarks') }),
  z.object({ type: z.literal('announce') }),
  z.object({ type: z.literal('refresh_announcement') }),
  z.object({ type: z.literal('post_triage') }),
  z.object({ type: z.literal('refresh_triage') }),
  /** Posts an event in the incident's channel: the one that caused it, or on a retry the one it was about. */
  z.object({ type: z.literal('tell'), seq: z.number().int().positive().optional() }),
  /** Warns the declarer by direct message that the channel could not be opened. */
  z.object({ type: z.literal('warn_declarer'), reason: z.string() }),
  /**
   * Notifies the declarer directly of the event with this number: the channel is open, or somebody is missing from it.
   */
  z.object({ type: z.literal('notify_declarer'), seq: z.number().int().positive() }),
  /** Asks somebody by direct message to take over: the offer with this number. */
  z.object({ type: z.literal('ask_handover'), seq: z.number().int().positive() }),
  /** Appoints a commander, where the severity says who. */
  z.object({ type: z.literal('appoint_commander') }),
  /** Delivers the event with this number to subscribers, stakeholders, and under the announcements. */
  z.object({ type: z.literal('tell_followers'), seq: z.number().int().positive() }),
  /** Briefs by direct message whoever got a role with the event of this number. */
  z.object({ type: z.literal('brief_responder'), seq: z.number().int().positive() }),
  /** Briefs whoever joined the channel late, with the event of this number. */
  z.object({ type: z.literal('brief_joiner'), seq: z.number().int().positive() }),
  /** Reminds an owner by direct message of open action items: the event of this number. */
  z.object({ type: z.literal('remind_owner'), seq: z.number().int().positive() }),
  /** Posts the week's open action items in a channel: the event of this number. */
  z.object({ type: z.literal('post_digest'), seq: z.number().int().positive() }),
  /** Does what the rule of this event says in Slack. */
  z.object({ type: z.literal('run_rule'), seq: z.number().int().positive() }),
  /** Takes buttons off messages in the channel that can no longer act. */
  z.object({ type: z.literal('remove_buttons') }),
  z.object({ type: z.literal('show_evidence'), snapshots: z.array(z.string()) }),
  z.object({ type: z.literal('share_postmortem') }),
  /** Writes the postmortem into a canvas of the channel. */
  z.object({ type: z.literal('put_canvas') }),
  /** Writes the postmortem into the Git repository of muster.yaml, if there is one. */
  z.object({ type: z.literal('push_postmortem') }),
  /** Asks by direct message for a review of the postmortem: those who have not approved it, because of the event of this number. */
  z.object({ type: z.literal('request_review'), seq: z.number().int().positive() }),
  /** Puts the message marked by the event with this number on the timeline. */
  z.object({ type: z.literal('keep_message'), seq: z.number().int().positive() }),
  /** Marks the message behind the note of this number as kept. */
  z.object({ type: z.literal('mark_kept'), seq: z.number().int().positive() }),
  /** Removes the mark from a kept message: the event with this number. */
  z.object({ type: z.literal('unmark_kept'), seq: z.number().int().positive() }),
  /** Replies to the message an incident was declared from, saying where the incident is handled. */
  z.object({ type: z.literal('answer_source') }),
  /** Removes public messages about an incident that became private, and finds its channel. */
  z.object({ type: z.literal('withdraw') }),
  /** Empties and archives the public channel that an incident had before it became private. */
  z.object({ type: z.literal('retire_channel'), channel: z.string() }),
  /** Renames the channel after a changed severity or title, where muster.yaml says so. */
  z.object({ type: z.literal('rename_channel') }),
  /** Announces in the channel that it will be archived. */
  z.object({ type: z.literal('announce_archive') }),
  z.object({ type: z.literal('archive_channel') }),
  /** Deletes the messages that were kept of the channel, where muster.yaml keeps none of private incidents. */
  z.object({ type: z.literal('forget_messages') }),
  z.object({ type: z.literal('find_on_call') }),
  /** Pages the service's on-call for an incident that a person declared, where the catalogue says so. */
  z.object({ type: z.literal('page') }),
  /** Moves the alerts of a merged incident to the target, or back. */
  z.object({ type: z.literal('move_alerts'), to: z.string(), back: z.boolean() }),
  /** Opens an incident of its own for an alert that was split off. */
  z.object({ type: z.literal('open_split'), alertKey: z.string() }),
  /** Looks for what changed just before. */
  z.object({ type: z.literal('find_changes') }),
  z.object({ type: z.literal('acknowledge_page') }),
  z.object({ type: z.literal('resolve_page') }),
  /** Mirrors an action in Slack to PagerDuty: the event with this number. */
  z.object({ type: z.literal('show_at_pagerduty'), seq: z.number().int().positive() }),
  /** Mirrors an action at PagerDuty to the incident: the event with this number. */
  z.object({ type: z.literal('follow_pagerduty'), seq: z.number().int().positive() }),
  /** Pages whom the event with this number names. */
  z.object({ type: z.literal('page_responder'), seq: z.number().int().positive() }),
  /** Queries the state of a page at once, because its source reported something about it. */
  z.object({ type: z.literal('check_page'), page: z.number() }),
  /** Polls the state of a page, for where no webhooks arrive. */
  z.object({ type: z.literal('watch_page'), page: z.number() }),
  /** Escalates a page to the next level of its policy. */
  z.object({ type: z.literal('escalate_page'), page: z.number() }),
  /** Reports outside the channel, too, that nobody is responding. */
  z.object({ type: z.literal('warn_unpaged'), seq: z.number().int().positive() }),
  z.object({ type: z.literal('collect_evidence'), phase: z.enum(['opening', 'asked', 'closing']) }),
  /** Ranks the suspects, not before `at` (epoch ms, by the incident's clock) where that is given. */
  z.object({ type: z.literal('rank_suspects'), trigger: RankingTrigger, ...RankAgain.partial().shape }),
  z.object({ type: z.literal('show_suspects') }),
  /** Draws the call graph, as the event that caused it requests. */
  z.object({ type: z.literal('draw_topology') }),
  /** Collects evidence again, because something happened or some minutes have passed. */
  z.object({
    type: z.literal('look_again'),
    phase: z.enum(['joined', 'severity', 'mitigated', 'reopened', 'scheduled']),
  }),
  /** Finds similar past incidents and playbooks. */
  z.object({ type: z.literal('find_similar') }),
  /** Has a language model write the summary that the event with this number requests. */
  z.object({ type: z.literal('write_summary'), seq: z.number().int().positive() }),
  z.object({ type: z.literal('draft_postmortem') }),
  /** Writes the incident's region annotation to Grafana, in its current state. */
  z.object({ type: z.literal('mark_in_grafana') }),
  /** Resolves which webhook receivers of muster.yaml get the event. */
  z.object({ type: z.literal('apply_settings') }),
  OUTGOING_EFFECT,
])
export type Effect = z.infer<typeof Effect>
export type EffectType = Effect['type']

/** Identifies an effect among those of one incident, for failures and retries. */
export const effectKey = (effect: Effect): string => {
  if (effect.type === 'show_evidence') return `${effect.type}:${effect.snapshots.join(',').slice(0, 40)}`
  if (effect.type === 'open_split') return `${effect.type}:${effect.alertKey}`
  if ('endpoint' in effect) return `${effect.type}:${effect.endpoint}:${effect.seq}`
  if ('page' in effect) return `${effect.type}:${effect.page}`
  return 'seq' in effect && effect.seq !== undefined ? `${effect.type}:${effect.seq}` : effect.type
}

/**
 * Effects of one incident in one lane run sequentially, in the order of their events; lanes run in parallel. A slow
 * Slack never delays the page, and the topic never waits for the summary.
 */
export const laneOf = (effect: Effect): string => {
  // An unanswered page must not delay the response to another.
  if (effect.type === 'watch_page') return `watch:${effect.page}`
  // A receiver that is down must not delay the others.
  if ('endpoint' in effect) return `outgoing:${effect.endpoint}`
  // An effect scheduled for later must not delay those after it.
  return 'at' in effect && effect.at !== undefined ? `${LANES[effect.type]}:${effect.at}` : LANES[effect.type]
}

const LANES: Record<EffectType, string> = {
  open_channel: 'channel',
  // Separate from the channel's lane, whose opening may be what is held up.
  warn_declarer: 'declarer',
  notify_declarer: 'declarer',
  invite: 'people',
  post_summary: 'summary',
  refresh_summary: 'summary',
  // Separate from the refreshes, or a frequently refreshed summary would delay the pin.
  pin_summary: 'pin',
  set_topic: 'topic',
  add_bookmarks: 'bookmarks',
  announce: 'announcement',
  refresh_announcement: 'announcement',
  post_triage: 'triage',
  refresh_triage: 'triage',
  tell: 'tell',
  run_rule: 'rules',
  // After the messages that may have them.
  remove_buttons: 'tell',
  ask_handover: 'briefs',
  appoint_commander: 'command',
  tell_followers: 'followers',
  brief_responder: 'briefs',
  brief_joiner: 'briefs',
  remind_owner: 'reminders',
  post_digest: 'reminders',
  show_evidence: 'pictures',
  share_postmortem: 'postmortem',
  request_review: 'review',
  put_canvas: 'canvas',
  push_postmortem: 'git',
  keep_message: 'kept',
  mark_kept: 'kept',
  unmark_kept: 'kept',
  answer_source: 'source',
  write_summary: 'machine_summary',
  draft_postmortem: 'postmortem',
  withdraw: 'withdraw',
  retire_channel: 'retire',
  rename_channel: 'channel',
  announce_archive: 'channel',
  archive_channel: 'channel',
  forget_messages: 'forget',
  find_on_call: 'on_call',
  find_changes: 'changes',
  move_alerts: 'alerts',
  open_split: 'alerts',
  page: 'page',
  acknowledge_page: 'page',
  resolve_page: 'page',
  // Separate from the page's lane: a note must not delay the end of a page.
  show_at_pagerduty: 'shown',
  follow_pagerduty: 'followed',
  page_responder: 'responders',
  check_page: 'check',
  watch_page: 'watch',
  escalate_page: 'escalation',
  warn_unpaged: 'warning',
  collect_evidence: 'evidence',
  rank_suspects: 'suspects',
  find_similar: 'similar',
  show_suspects: 'suspects_message',
  draw_topology: 'topology',
  look_again: 'evidence',
  mark_in_grafana: 'grafana',
  apply_settings: 'settings',
  send_webhook: 'outgoing',
}
