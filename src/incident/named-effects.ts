import type { Effect } from './effect.ts'
import type { Incident } from './incident.ts'
import { isPerson } from './phrase.ts'

/** Effects that several events cause. */
export const SUMMARY: Effect = { type: 'refresh_summary' }
export const TOPIC: Effect = { type: 'set_topic' }
export const DIGEST: Effect = { type: 'refresh_announcement' }
export const RENAME: Effect = { type: 'rename_channel' }
export const TELL: Effect = { type: 'tell' }
export const INVITE: Effect = { type: 'invite' }
// A commander acknowledges the page, so it escalates no further.
export const ACKNOWLEDGE: Effect = { type: 'acknowledge_page' }
export const APPOINT: Effect = { type: 'appoint_commander' }
export const REMOVE_BUTTONS: Effect = { type: 'remove_buttons' }
/** Webhooks and rules of muster.yaml. */
export const SETTINGS: Effect = { type: 'apply_settings' }
/** What a new incident begins with. */
export const OPENING: Effect[] = [
  { type: 'open_channel' },
  { type: 'find_on_call' },
  { type: 'page' },
  { type: 'collect_evidence', phase: 'opening' },
  { type: 'find_changes' },
  { type: 'rank_suspects', trigger: 'opening' },
  { type: 'find_similar' },
]

export const tellFollowers = ({ version }: Incident): Effect => ({ type: 'tell_followers', seq: version })
export const lookAgain = (phase: Extract<Effect, { type: 'look_again' }>['phase']): Effect => ({
  type: 'look_again',
  phase,
})

/** Warns the person who declared it; a source does not read messages. */
export const notifyDeclarer = ({ declaredBy, version }: Incident): Effect[] =>
  isPerson(declaredBy) ? [{ type: 'notify_declarer', seq: version }] : []
