import type { Respond } from '../replies.ts'
import { botUserOf } from './bot-user.ts'
import type { ListenerOptions } from './listeners.ts'

/**
 * Messages that somebody marks for the timeline, by shortcut, by reaction, or with Slack's own pin. Everything is
 * recorded before Slack's delivery is acknowledged, and a repeated one changes nothing; an
 * effect fetches the text.
 */
export const listenToMarkedMessages = ({ app, host, replies, keepReactions }: ListenerOptions): void => {
  app.shortcut({ callback_id: 'add_to_timeline', type: 'message_action' }, async ({ ack, body, respond }) => {
    const { channel, message, user } = body
    const { ts, text, user: author } = message
    const speaker = { person: user.id, channel: channel.id, once: `slack:shortcut:${body.trigger_id}` }
    const marked = {
      message: { channel: channel.id, ts },
      mark: 'shortcut',
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
}

/** Slack: files can be pinned, too; those have no `message`. */
const pinnedMessage = (event: { channel_id: string; item?: unknown }): { channel: string; ts: string } | undefined => {
  const { message } = (event.item ?? {}) as { message?: { ts?: string } }
  return message?.ts ? { channel: event.channel_id, ts: message.ts } : undefined
}
