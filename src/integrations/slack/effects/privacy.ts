import type { EffectHandler } from '../../../incident/effect-handler.ts'
import type { Incident } from '../../../incident/incident.ts'
import { refusedWith } from '../client.ts'
import { isDeleted } from '../post.ts'
import type { MessageOptions } from './message-options.ts'

/** Slack's answers about a channel or message that is gone: what was to be hidden is hidden. */
const GONE = ['message_not_found', 'channel_not_found', 'is_archived', 'not_in_channel']

/**
 * Deletes public messages about an incident that became private. Messages by people can only be deleted by them or an
 * admin.
 */
export const privacyEffects = ({ slack, poster, words, now, channels }: MessageOptions) => {
  /** Deletes everything that Muster wrote about the incident in one channel, threads included. */
  const deleteOwn = async (channel: string, incident: Incident, signal: AbortSignal): Promise<void> => {
    for (const message of await poster.ofIncident(channel, incident, signal)) {
      signal.throwIfAborted()
      await slack.call('chat.delete', message, signal).catch((error: unknown) => {
        if (!isDeleted(error) && !refusedWith(error, ...GONE)) throw error
      })
    }
  }

  // Deleting twice is harmless: what is gone is not found.
  const withdraw: EffectHandler<'withdraw'> = async (_effect, { incident, signal }) => {
    const owners = words.catalogue.get(incident.service ?? '')?.slackChannel
    const { subscribers = [], people } = incident
    const outside = subscribers.filter((one) => !people.includes(one))
    const followers = [...(channels.stakeholders ?? []), ...outside]
    const places = new Set([channels.announcements, channels.triage, owners, ...followers].filter((one) => one))
    for (const place of places) await deleteOwn(place as string, incident, signal)
    const former = incident.formerChannel
    if (!former || incident.channel) return []
    if (await isPrivate(former.id, signal))
      return [{ by: 'slack', at: now(), type: 'channel_opened', channel: former.id, name: former.name }]
    return [{ by: 'slack', at: now(), type: 'channel_left', channel: former.id }]
  }

  /** Somebody may have made the channel private in Slack already; one that is gone is treated as public. */
  const isPrivate = async (channel: string, signal: AbortSignal): Promise<boolean> => {
    type Answer = { channel: { is_private?: boolean } }
    try {
      const { channel: found } = await slack.call<Answer>('conversations.info', { channel }, signal)
      return found.is_private === true
    } catch (error) {
      if (refusedWith(error, 'channel_not_found')) return false
      throw error
    }
  }

  // Archived twice is refused as `already_archived`; renamed and emptied twice changes nothing.
  const retire_channel: EffectHandler<'retire_channel'> = async ({ channel }, { incident, signal }) => {
    try {
      await deleteOwn(channel, incident, signal)
      await slack.call('conversations.setTopic', { channel, topic: '' }, signal)
      await slack.call('conversations.rename', { channel, name: `moved-${incident.id.toLowerCase()}` }, signal)
      await slack.call('conversations.archive', { channel }, signal)
    } catch (error) {
      if (!refusedWith(error, ...GONE, 'already_archived')) throw error
    }
    return []
  }

  return { withdraw, retire_channel }
}
