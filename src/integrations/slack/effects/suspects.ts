import type { EffectContext } from '../../../incident/effect-handler.ts'
import type { IncidentEvent } from '../../../incident/event.ts'
import { suspectsMessage } from '../messages/suspects.ts'
import { type MessageOptions, markOf, messagePosted } from './message-options.ts'
import { waitForSummary } from './wait-for-summary.ts'

/** Shows the latest ranking in the summary's thread: one message, edited as more is known. */
export const suspectsEffects = ({ poster, now }: MessageOptions) => ({
  show_suspects: async (_effect: unknown, context: EffectContext): Promise<IncidentEvent[]> => {
    const { incident, attempt } = context
    const { ranking, messages } = incident
    if (!ranking) return []
    waitForSummary(incident, attempt)
    if (!incident.channel) return []
    const message = suspectsMessage(incident, ranking)
    // Editing twice is harmless.
    if (messages.suspects) {
      await poster.edit(messages.suspects, message, context.signal)
      return []
    }
    const where = { channel: incident.channel.id, threadTs: messages.summary?.ts }
    return messagePosted('suspects', await poster.post({ ...message, ...where, ...markOf(context) }), now())
  },
})
