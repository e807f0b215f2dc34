import type { EffectContext } from '../../../incident/effect-handler.ts'
import type { IncidentEvent, MessageName } from '../../../incident/event.ts'
import type { Vocabulary } from '../../../incident/vocabulary.ts'
import type { BoundedSlack } from '../client.ts'
import type { Posted, Poster } from '../post.ts'

/** What every handler that posts a message needs. */
export type MessageOptions = {
  slack: BoundedSlack
  poster: Poster
  words: Vocabulary
  now: () => number
  /** Channel ids or names like #incidents; empty for nowhere. */
  channels: { announcements: string; triage: string; stakeholders?: readonly string[] }
}

/** Marks a message with its effect, so that a second attempt finds it instead of posting it again; bounds its calls. */
export const markOf = ({ effectId, attempt, queuedAt, signal }: EffectContext) => ({
  effectId,
  attempt,
  since: queuedAt,
  signal,
})

export const messagePosted = (message: MessageName, where: Posted, at: number): IncidentEvent[] => [
  { by: 'slack', at, type: 'message_posted', message, ...where },
]
