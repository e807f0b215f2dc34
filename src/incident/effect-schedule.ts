import type { Effect, EffectType } from './effect.ts'

/** A pending one absorbs the next of its kind: it will show the latest state anyway. */
export const absorbs = (effect: Effect): boolean =>
  effect.type === 'rank_suspects' ? effect.trigger === 'alert' : DELAYS_MS[effect.type] !== undefined

/** When an effect is due, epoch ms; undefined for at once. */
export const timeOf = (effect: Effect): number | undefined => ('at' in effect ? effect.at : undefined)

/** How long an effect is delayed, ms: until its time, or to batch a burst. `now` is the events' clock. */
export const delayMsOf = (effect: Effect, now: number): number => {
  const at = timeOf(effect)
  if (at !== undefined) return Math.max(0, at - now)
  return absorbs(effect) ? (DELAYS_MS[effect.type] ?? 0) : 0
}

const DELAYS_MS: Partial<Record<EffectType, number>> = {
  refresh_summary: 250,
  refresh_announcement: 500,
  refresh_triage: 500,
  set_topic: 0,
  rename_channel: 0,
  rank_suspects: 1_000,
  show_suspects: 250,
  invite: 0,
  find_similar: 0,
  mark_in_grafana: 0,
  share_postmortem: 0,
  put_canvas: 0,
  push_postmortem: 0,
  // Alerts join in bursts; one collection covers all of them.
  look_again: 3_000,
}

/**
 * Priority when many effects are due at once, as after an outage: 0 before 1 before 2. First the channel and pages,
 * then what people read, then the rest.
 */
export const importanceOf = (effect: Effect): number => IMPORTANCE[effect.type] ?? 2

const IMPORTANCE: Partial<Record<EffectType, number>> = {
  open_channel: 0,
  page: 0,
  page_responder: 0,
  acknowledge_page: 0,
  resolve_page: 0,
  withdraw: 0,
  retire_channel: 0,
  forget_messages: 0,
  find_on_call: 1,
  invite: 1,
  post_summary: 1,
  post_triage: 1,
  announce: 1,
  ask_handover: 1,
  warn_declarer: 1,
  tell: 1,
  remind_owner: 3,
  post_digest: 3,
  rename_channel: 3,
  announce_archive: 3,
  archive_channel: 3,
  set_topic: 3,
  add_bookmarks: 3,
  show_evidence: 3,
  write_summary: 3,
  draft_postmortem: 3,
  share_postmortem: 3,
  put_canvas: 3,
  push_postmortem: 3,
}

/** Delay after which the channel is notified about an effect, ms; undefined when the checklist is enough. */
export const reportAfterMsOf = (effect: Effect): number | undefined => REPORT_AFTER_MS[effect.type]

const REPORT_AFTER_MS: Partial<Record<EffectType, number>> = {
  page: 60_000,
  page_responder: 60_000,
  escalate_page: 60_000,
  open_channel: 60_000,
}

/**
 * An auxiliary step that an incident works without. When a workspace refuses it for every incident, that is shown on
 * the checklist, remembered, and not attempted again for a while; it stays out of the timeline.
 */
export const isAuxiliary = (effect: Effect): boolean => AUXILIARY.has(effect.type)

const AUXILIARY = new Set<EffectType>(['set_topic', 'add_bookmarks', 'pin_summary'])
