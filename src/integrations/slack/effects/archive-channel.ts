import { restsSince } from '../../../incident/channel.ts'
import type { EffectHandler } from '../../../incident/effect-handler.ts'
import { say, strong, time } from '../../../incident/phrase.ts'
import { actionsOnce, commandButton, section } from '../block.ts'
import { refusedWith, SlackRefusal } from '../client.ts'
import { mrkdwn } from '../mrkdwn.ts'
import { type MessageOptions, markOf } from './message-options.ts'

type HistoryMessage = {
  ts: string
  user?: string
  subtype?: string
  bot_id?: string
  latest_reply?: string
  reply_users?: string[]
}

/** Subtypes of messages that people write; the others are Slack's own lines. */
const BY_PEOPLE = new Set([undefined, 'file_share', 'me_message', 'thread_broadcast'])
/** Only the newest messages are read: activity is among them. */
const MESSAGES_READ = 100

/** Archives the channel of an incident that is over: announced a day before, and only if nobody writes there. */
export const archiveChannelEffects = ({ slack, poster, now }: MessageOptions) => {
  /** When somebody last wrote in the channel, in a thread included; epoch ms, 0 for never. */
  const lastWords = async (channel: string, signal: AbortSignal): Promise<number> => {
    const { messages } = await slack.call<{ messages: HistoryMessage[] }>(
      'conversations.history',
      { channel, limit: MESSAGES_READ },
      signal,
    )
    const times = messages.flatMap(({ ts, user, subtype, bot_id, latest_reply, reply_users = [] }) => [
      ...(BY_PEOPLE.has(subtype) && bot_id === undefined ? [Number(ts)] : []),
      // Below a message of ours, replies of ours do not count.
      ...(reply_users.some((one) => bot_id === undefined || one !== user) ? [Number(latest_reply ?? 0)] : []),
    ])
    return Math.max(0, ...times) * 1000
  }
  const archived = (channel: string) => [{ by: 'slack', at: now(), type: 'channel_archived' as const, channel }]

  // The message carries the effect's mark: a second attempt finds it.
  const announce_archive: EffectHandler<'announce_archive'> = async (_effect, effectContext) => {
    const { incident, cause, signal } = effectContext
    const { channel, archive } = incident
    const since = restsSince(incident)
    // Postponed or reopened meanwhile.
    if (!channel || since === undefined || cause.type !== 'archive_planned' || archive?.plannedAt !== cause.at)
      return []
    try {
      const last = await lastWords(channel.id, signal)
      // What people write to each other is in no event.
      if (last > since) return [{ by: 'muster', at: now(), type: 'archive_postponed', from: last }]
      const text = mrkdwn(
        say`:file_cabinet: ${strong(incident.id)} is ${incident.status}, and this channel will be archived at ${time(cause.archiveAt)}. It stays readable and searchable. To keep it open, write something here or use the button.`,
      )
      await poster.post({
        text,
        blocks: [section(text), actionsOnce(commandButton('Keep it open', `channel ${incident.id} keep`))],
        channel: channel.id,
        ...markOf(effectContext),
      })
    } catch (error) {
      // Somebody archived it by hand.
      if (refusedWith(error, 'is_archived')) return archived(channel.id)
      throw error
    }
    return []
  }

  // Archived twice is refused as `already_archived`.
  const archive_channel: EffectHandler<'archive_channel'> = async (_effect, { incident, signal }) => {
    const { channel, archive } = incident
    if (!channel || restsSince(incident) === undefined || archive?.plannedAt === undefined) return []
    const last = await lastWords(channel.id, signal)
    if (last > archive.plannedAt)
      return [{ by: 'muster', at: now(), type: 'archive_postponed', from: last, announced: true }]
    try {
      await slack.call('conversations.archive', { channel: channel.id }, signal)
    } catch (error) {
      if (refusedWith(error, 'channel_not_found')) throw error
      if (!refusedWith(error, 'already_archived', 'is_archived')) {
        if (!(error instanceof SlackRefusal)) throw error
        return [{ by: 'slack', at: now(), type: 'archive_refused', reason: error.message }]
      }
    }
    return archived(channel.id)
  }
  return { announce_archive, archive_channel }
}
