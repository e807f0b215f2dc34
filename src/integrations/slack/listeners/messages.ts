import type { SharedFile } from '../files.ts'
import { wordsOf } from '../message-text.ts'
import { fromSlack } from '../mrkdwn.ts'
import { botUserOf } from './bot-user.ts'
import type { ListenerOptions } from './listeners.ts'

type PostedMessage = {
  ts: string
  thread_ts?: string
  subtype?: string
  text?: string
  user?: string
  bot_id?: string
  files?: SharedFile[]
  edited?: { user: string; ts: string }
}
type MessageEvent = PostedMessage & {
  channel: string
  event_ts: string
  deleted_ts?: string
  message?: PostedMessage
  previous_message?: PostedMessage
}

/** Slack: messages by people have no subtype, or one of these; all others report what happened to the channel. */
const BY_PEOPLE = new Set([undefined, 'file_share', 'thread_broadcast', 'me_message'])
/** Slack: a deleted message with replies stays as a placeholder of this subtype. */
const DELETED = 'tombstone'
const SLACKBOT = 'USLACKBOT'

/**
 * What people write in channels, and what becomes of it. Recorded before Slack's delivery is acknowledged; a repeated
 * one changes nothing.
 */
export const listenToMessages = ({ app, host }: ListenerOptions): void => {
  app.event('message', async ({ event, body }) => {
    const {
      subtype,
      channel,
      event_ts,
      message,
      previous_message: before,
      deleted_ts,
      ...posted
    } = event as MessageEvent
    const isPersons = ({ bot_id, user }: PostedMessage): boolean =>
      !bot_id && user !== undefined && user !== SLACKBOT && user !== botUserOf(body)
    const once = `slack:changed:${channel}:${event_ts}`

    if (BY_PEOPLE.has(subtype) && isPersons(posted)) return host.messageWritten(writtenIn(channel, posted))
    const gone = subtype === 'message_deleted' ? deleted_ts : message?.subtype === DELETED ? message.ts : undefined
    if (gone !== undefined) {
      if (before?.bot_id) return
      const person = before?.user ?? 'slack'
      return host.messageChanged({ message: { channel, ts: gone } }, { person, channel, once })
    }
    // Slack: a new reply, a reaction or a link preview changes a message, too; only a changed text counts.
    if (subtype !== 'message_changed' || !message || !isPersons(message) || message.text === before?.text) return
    await host.messageWritten(writtenIn(channel, message))
    const text = fromSlack(message.text ?? '').trim()
    const person = message.edited?.user ?? (message.user as string)
    await host.messageChanged({ message: { channel, ts: message.ts }, text }, { person, channel, once })
  })
}

const millis = (ts: string): number => Math.round(Number(ts) * 1000)

const writtenIn = (channel: string, posted: PostedMessage) => ({
  channel,
  ts: posted.ts,
  at: millis(posted.ts),
  author: posted.user as string,
  text: wordsOf(posted),
  // Slack: the first message of a thread names itself once it has replies.
  ...(posted.thread_ts && posted.thread_ts !== posted.ts ? { thread: posted.thread_ts } : {}),
  ...(posted.edited ? { editedAt: millis(posted.edited.ts) } : {}),
})
