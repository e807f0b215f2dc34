import type { EffectHandler } from '../../../incident/effect-handler.ts'
import type { IncidentEvent, MessagePlace } from '../../../incident/event.ts'
import { isPerson } from '../../../incident/phrase.ts'
import { refusedWith, type Slack, SlackRefusal } from '../client.ts'
import { fromSlack } from '../mrkdwn.ts'

type SlackMessage = { ts: string; text?: string; user?: string; files?: { title?: string; name?: string }[] }
type Marked = Extract<IncidentEvent, { type: 'message_marked' }>

/** Messages that people mark for the timeline. */
export const keptMessageEffects = ({ slack, now }: { slack: Slack; now: () => number }) => {
  /** The message as it stands in Slack; undefined when it was deleted. */
  const read = async ({
    channel,
    ts,
  }: MessagePlace): Promise<{ text: string; author?: string | undefined } | undefined> => {
    const { messages } = await slack
      .call<{ messages: SlackMessage[] }>('conversations.replies', { channel, ts, limit: 1, inclusive: true })
      .catch((error: unknown) => {
        if (refusedWith(error, 'thread_not_found', 'message_not_found')) return { messages: [] }
        throw error
      })
    const message = messages.find((one) => one.ts === ts)
    return message && { text: wordsOf(message), author: message.user }
  }

  /** A timeline entry without its link is better than none, so a refusal costs only the link. */
  const linkTo = async ({ channel, ts }: MessagePlace): Promise<string | undefined> => {
    try {
      const { permalink } = await slack.call<{ permalink?: string }>('chat.getPermalink', { channel, message_ts: ts })
      return permalink
    } catch (error) {
      if (error instanceof SlackRefusal) return undefined
      throw error
    }
  }

  const sayItIsGone = async ({ by, message }: Marked): Promise<void> => {
    const text =
      'That message was deleted before I could add it to the timeline. `/incident note <what it said>` adds it in your own words.'
    try {
      await slack.call('chat.postEphemeral', { channel: message.channel, user: by, text })
    } catch (error) {
      if (!(error instanceof SlackRefusal)) throw error
    }
  }

  // Reading twice is harmless; the note is recorded once, with this effect's id.
  const keep_message: EffectHandler<'keep_message'> = async (_effect, { cause }) => {
    if (cause.type !== 'message_marked') return []
    const { message } = cause
    const found = cause.text ? { text: fromSlack(cause.text), author: cause.author } : await read(message)
    if (!found) {
      await sayItIsGone(cause)
      return []
    }
    const link = await linkTo(message)
    return [
      {
        type: 'noted',
        // What a bot wrote is kept in the name of the person who marked it.
        by: found.author && isPerson(found.author) ? found.author : cause.by,
        at: Math.min(now(), Math.round(Number(message.ts) * 1000)),
        text: found.text,
        message,
        ...(link ? { link } : {}),
      },
    ]
  }

  // Reacting twice is refused as `already_reacted`; the mark is a courtesy, so any refusal ends it quietly.
  const mark_kept: EffectHandler<'mark_kept'> = async (_effect, { cause }) => {
    if (cause.type !== 'noted' || !cause.message) return []
    const { channel, ts } = cause.message
    try {
      await slack.call('reactions.add', { channel, timestamp: ts, name: 'white_check_mark' })
    } catch (error) {
      if (!(error instanceof SlackRefusal)) throw error
    }
    return []
  }

  return { keep_message, mark_kept }
}

/** What a message says; one of files alone is named by them. */
const wordsOf = ({ text = '', files = [] }: SlackMessage): string => {
  const names = files.map(({ title, name }) => title || name || 'a file').join(', ')
  return fromSlack(text).trim() || (names ? `shared ${names}` : 'a message without text')
}
