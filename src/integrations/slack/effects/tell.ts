import type { EffectHandler } from '../../../incident/effect-handler.ts'
import type { Incident } from '../../../incident/incident.ts'
import { labelsOf } from '../../../incident/labels.ts'
import { missedOf, missedSentence } from '../../../incident/missed.ts'
import { isPerson } from '../../../incident/phrase.ts'
import { sentenceOf } from '../../../incident/sentence.ts'
import { type SimilarIncident, workedBefore } from '../../../incident/similar.ts'
import { isActive } from '../../../incident/status.ts'
import { refusedWith } from '../client.ts'
import { eventMessage } from '../messages/event.ts'
import { postmortemMessage } from '../messages/postmortem.ts'
import { reminderMessage } from '../messages/reminder.ts'
import { isDeleted, type Message, type Posted } from '../post.ts'
import { type MessageOptions, markOf, messagePosted } from './message-options.ts'

export type TellOptions = MessageOptions & {
  /** Past incidents like it, the most alike first. */
  similarTo(incident: Incident): Promise<readonly Omit<SimilarIncident, 'score'>[] | undefined>
  /** Addresses of an incident's documents, when Muster has a public one. */
  documents(id: string): { html: string; markdown: string; json: string } | undefined
}

/** What is posted once: events in the channel, and the postmortem. */
export const tellEffects = ({ poster, now, documents, words, similarTo }: TellOptions) => {
  const labels = labelsOf(words)

  const tell: EffectHandler<'tell'> = async (_effect, effectContext) => {
    const { incident, cause } = effectContext
    const sentence =
      cause.type === 'people_invited' ? missedSentence(missedOf(cause, incident), labels) : sentenceOf(cause, labels)
    // Before there is a channel, the summary will carry it.
    if (!incident.channel) return []
    const worked =
      cause.type === 'reminded' && cause.kind === 'mitigation'
        ? workedBefore(incident.playbook, (await similarTo(incident)) ?? [], now())
        : []
    const message =
      cause.type === 'reminded' ? reminderMessage(cause, worked) : sentence && eventMessage(cause, sentence, incident)
    if (message) await poster.post({ ...message, channel: incident.channel.id, ...markOf(effectContext) })
    return []
  }

  /**
   * Where the postmortem is posted: the channel, or the person who led the incident when nobody can post there any
   * more.
   */
  const share = async (
    incident: Incident,
    message: Message,
    mark: ReturnType<typeof markOf>,
  ): Promise<Posted | undefined> => {
    const leader = incident.roles.commander ?? (isPerson(incident.declaredBy) ? incident.declaredBy : undefined)
    try {
      if (incident.channel) return await poster.post({ ...message, channel: incident.channel.id, ...mark })
    } catch (error) {
      if (!refusedWith(error, 'is_archived', 'channel_not_found')) throw error
    }
    return leader
      ? poster.post({ ...message, channel: leader, ...mark, effectId: `${mark.effectId}/leader` })
      : undefined
  }

  const share_postmortem: EffectHandler<'share_postmortem'> = async (_effect, effectContext) => {
    const { incident } = effectContext
    // Reopened meanwhile: the draft comes when it is over.
    if (isActive(incident.status)) return []
    const message = postmortemMessage(incident, documents(incident.id))
    const { postmortem } = incident.messages
    try {
      // A later draft replaces the previous one, so that there is only one.
      if (postmortem) {
        await poster.edit(postmortem, message, effectContext.signal)
        return []
      }
    } catch (error) {
      if (!isDeleted(error) && !refusedWith(error, 'is_archived', 'channel_not_found')) throw error
    }
    const where = await share(incident, message, markOf(effectContext))
    return where ? messagePosted('postmortem', where, now()) : []
  }

  return { tell, share_postmortem }
}
