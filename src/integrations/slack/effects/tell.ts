import type { EffectHandler } from '../../../incident/effect-handler.ts'
import { isPerson, say, strong } from '../../../incident/phrase.ts'
import { isActive } from '../../../incident/status.ts'
import { sentenceOf } from '../../../incident/timeline.ts'
import { context } from '../block.ts'
import { eventMessage } from '../messages/event.ts'
import { postmortemMessage } from '../messages/postmortem.ts'
import { reminderMessage } from '../messages/reminder.ts'
import { mrkdwn } from '../mrkdwn.ts'
import { type MessageOptions, markOf, messagePosted } from './message-options.ts'

export type TellOptions = MessageOptions & {
  /** Addresses of an incident's documents, when Muster has a public one. */
  documents(id: string): { html: string; markdown: string; json: string } | undefined
}

/** What is posted to people once: events in the channel, the postmortem, a warning to the declarer. */
export const tellEffects = ({ poster, now, documents }: TellOptions) => {
  const tell: EffectHandler<'tell'> = async (_effect, effectContext) => {
    const { incident, cause } = effectContext
    const sentence = sentenceOf(cause)
    // Before there is a channel, the summary will carry it.
    if (!incident.channel) return []
    const message =
      cause.type === 'reminded' ? reminderMessage(cause) : sentence && eventMessage(cause, sentence, incident)
    if (message) await poster.post({ ...message, channel: incident.channel.id, ...markOf(effectContext) })
    return []
  }

  const warn_declarer: EffectHandler<'warn_declarer'> = async ({ reason }, effectContext) => {
    const { incident, cause } = effectContext
    // Opened meanwhile, there is nothing to warn of.
    if (!isPerson(incident.declaredBy) || incident.channel) return []
    const text = mrkdwn(
      cause.type === 'effect_delayed'
        ? say`The channel of ${strong(incident.id)} is not open yet: ${reason} The incident is recorded and nothing is lost. The channel opens as soon as that is fixed.`
        : say`I could not open the channel of ${strong(incident.id)}: ${reason} The incident is recorded and nothing is lost. Once that is fixed, type /incident retry ${incident.id}.`,
    )
    await poster.post({ text, blocks: [context(text)], channel: incident.declaredBy, ...markOf(effectContext) })
    return []
  }

  const share_postmortem: EffectHandler<'share_postmortem'> = async (_effect, effectContext) => {
    const { incident } = effectContext
    // Reopened meanwhile: the draft comes when it is over.
    if (!incident.channel || isActive(incident.status)) return []
    const message = postmortemMessage(incident, documents(incident.id))
    const { postmortem } = incident.messages
    // A later draft replaces the one before: nobody should have to look which is the newest.
    if (postmortem) {
      await poster.edit(postmortem, message)
      return []
    }
    const where = await poster.post({ ...message, channel: incident.channel.id, ...markOf(effectContext) })
    return messagePosted('postmortem', where, now())
  }

  return { tell, warn_declarer, share_postmortem }
}
