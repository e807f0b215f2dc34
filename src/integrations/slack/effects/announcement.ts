import type { EffectContext, EffectHandler } from '../../../incident/effect-handler.ts'
import type { IncidentEvent } from '../../../incident/event.ts'
import type { Incident } from '../../../incident/incident.ts'
import { isOver } from '../../../incident/status.ts'
import { SlackRefusal } from '../client.ts'
import { announcementOf } from '../messages/announcement.ts'
import { triageOf } from '../messages/triage.ts'
import { isDeleted, type Message, type Posted } from '../post.ts'
import { type MessageOptions, markOf, messagePosted } from './message-options.ts'

export type AnnouncementOptions = MessageOptions & {
  /** Addresses of an incident's documents, when Muster has a public one. */
  documents(id: string): { status: string } | undefined
}

/** What people outside the incident's channel see: the announcement, and the question whether it is an incident. */
export const announcementEffects = ({ poster, words, now, channels, documents }: AnnouncementOptions) => {
  const cardOf = (incident: Incident): Message => announcementOf(incident, words, documents(incident.id)?.status)

  /** A refusal by the owners' own channel costs a line on the timeline, not the announcement. */
  const tellOwners = async (message: Message, context: EffectContext): Promise<IncidentEvent[]> => {
    const channel = words.catalogue.get(context.incident.service ?? '')?.slackChannel
    if (!channel || channel === channels.announcements) return []
    const mark = markOf(context)
    try {
      const where = await poster.post({ ...message, channel, ...mark, effectId: `${mark.effectId}/owners` })
      return messagePosted('owners', where, now())
    } catch (error) {
      if (!(error instanceof SlackRefusal)) throw error
      return [{ by: 'muster', at: now(), type: 'noted', text: `Could not announce it in ${channel}: ${error.message}` }]
    }
  }

  const announce: EffectHandler<'announce'> = async (_effect, context) => {
    const { incident } = context
    // Nothing about a private incident is ever posted publicly.
    if (incident.private || incident.messages.announcement || isOver(incident)) return []
    if (!channels.announcements)
      return [{ by: 'slack', at: now(), type: 'step_done', step: 'announcement', text: 'not wanted' }]
    const message = cardOf(incident)
    const where = await poster.post({ ...message, channel: channels.announcements, ...markOf(context) })
    return [...messagePosted('announcement', where, now()), ...(await tellOwners(message, context))]
  }

  /**
   * Edits a card outside the incident's channel. One that was deleted there was deleted on purpose: it is not reposted.
   */
  const editUnlessDeleted = async (
    where: Posted | undefined,
    message: Message,
    { signal }: EffectContext,
  ): Promise<void> => {
    if (!where) return
    await poster.edit(where, message, signal).catch((error: unknown) => {
      if (!isDeleted(error)) throw error
    })
  }

  // Editing twice is harmless.
  const refresh_announcement: EffectHandler<'refresh_announcement'> = async (_effect, context) => {
    const { incident } = context
    const { announcement, owners } = incident.messages
    for (const where of [announcement, owners]) await editUnlessDeleted(where, cardOf(incident), context)
    return []
  }

  const post_triage: EffectHandler<'post_triage'> = async (_effect, context) => {
    const { incident } = context
    if (!channels.triage || incident.messages.triage) return []
    // Declared or dismissed before the question was posted; after a first attempt it may have been.
    if (incident.status !== 'triage' && context.attempt === 1) return []
    const message = triageOf(incident, words)
    const where = await poster.post({ ...message, channel: channels.triage, ...markOf(context) })
    return messagePosted('triage', where, now())
  }

  // Editing twice is harmless.
  const refresh_triage: EffectHandler<'refresh_triage'> = async (_effect, context) => {
    const { incident } = context
    await editUnlessDeleted(incident.messages.triage, triageOf(incident, words), context)
    return []
  }

  return { announce, refresh_announcement, post_triage, refresh_triage }
}
