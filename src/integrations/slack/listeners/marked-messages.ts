import { fromSlack } from '../mrkdwn.ts'
import type { Respond } from '../replies.ts'
import { botUserOf } from './bot-user.ts'
import type { ListenerOptions } from './listeners.ts'

type Change = {
  subtype?: string
  channel: string
  event_ts: string
  deleted_ts?: string
  message?: { ts: string; text?: string; bot_id?: string; user?: string; edited?: { user: string; ts: string } }
  previous_message?: { ts: string; text?: string; bot_id?: string; user?: string }
}

/**
 * Messages that somebody marks for the timeline, by shortcut, by reaction, or with Slack's own pin, and later changes
 * to them. Everything is recorded before Slack's delivery is acknowledged, and a repeated one changes nothing; an
 * effect fetches the text.
 */
export const listenToMarkedMessages = ({ app, host, replies, keepReactions }: ListenerOptions): void => {
  app.shortcut({ callback_id: 'add_to_timeline', type: 'message_action' }, async ({ ack, body, respond }) => {
    const { channel, message, user } = body
    const { ts, text, user: author } = message
    const speaker = { person: user.id, channel: channel.id, once: `slack:shortcut:${body.trigger_id}` }
    const marked = {
      ...{ message: { channel: channel.id, ts }, mark: 'shortcut' },
      ...(text ? { text } : {}),
      ...(author ? { author } : {}),
    }
    const work = host.markMessage(marked, speaker).then(() => undefined)
    await replies.answerClick(work, { speaker, respond: respond as Respond }, ack)
  })

  app.event('reaction_added', async ({ event }) => {
    if (!keepReactions.includes(event.reaction) || event.item.type !== 'message') return
    const { channel, ts } = event.item
    const once = `slack:reaction:${channel}:${ts}:${event.event_ts}`
    const marked = { message: { channel, ts }, mark: `:${event.reaction}:` }
    await host.markMessage(marked, { person: event.user, channel, once })
  })

  app.event('reaction_removed', async ({ event }) => {
    if (!keepReactions.includes(event.reaction) || event.item.type !== 'message') return
    const { channel, ts } = event.item
    const once = `slack:reaction:${channel}:${ts}:${event.event_ts}`
    const marked = { message: { channel, ts }, mark: `:${event.reaction}:` }
    await host.unmarkMessage(marked, { person: event.user, channel, once })
  })

  // Muster pins its own summary.
  app.event('pin_added', async ({ event, body }) => {
    const message = pinnedMessage(event)
    if (!message || event.user === botUserOf(body)) return
    const once = `slack:pin:${message.channel}:${message.ts}:${event.event_ts}`
    await host.markMessage({ message, mark: 'pin' }, { person: event.user, channel: message.channel, once })
  })

  app.event('pin_removed', async ({ event }) => {
    const message = pinnedMessage(event)
    if (!message) return
    const once = `slack:pin:${message.channel}:${message.ts}:${event.event_ts}`
    await host.unmarkMessage({ message, mark: 'pin' }, { person: event.user, channel: message.channel, once })
  })

  app.event('message', async ({ event }) => {
    const { subtype, channel, event_ts, message, previous_message: before, deleted_ts } = event as Change
    const once = `slack:changed:${channel}:${event_ts}`
    if (subtype === 'message_deleted' && deleted_ts && !before?.bot_id) {
      const person = before?.user ?? 'slack'
      await host.messageChanged({ message: { channel, ts: deleted_ts } }, { person, channel, once })
    }
    // Slack: a new reply, a reaction or a link preview changes a message, too; only a changed text counts.
    if (subtype !== 'message_changed' || !message || message.bot_id || message.text === before?.text) return
    const text = fromSlack(message.text ?? '').trim()
    const person = message.edited?.user ?? message.user ?? 'slack'
    await host.messageChanged({ message: { channel, ts: message.ts }, text }, { person, channel, once })
  })
}

/** Slack: files can be pinned, too; those have no `message`. */
const pinnedMessage = (event: { channel_id: string; item?: unknown }): { channel: string; ts: string } | undefined => {
  const { message } = (event.item ?? {}) as { message?: { ts?: string } }
  return message?.ts ? { channel: event.channel_id, ts: message.ts } : undefined
}
