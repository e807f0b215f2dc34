import type { Respond } from '../replies.ts'
import type { ListenerOptions } from './listeners.ts'

/** The reaction that keeps a message for the timeline, as in other incident tools. */
const KEEP_REACTION = 'pushpin'

/** Marked twice, by whatever means, a message is kept once. */
const onceFor = (channel: string, ts: string): string => `slack:keep:${channel}:${ts}`

/**
 * Messages that somebody marks for the timeline: by shortcut, or with a pushpin. The mark is recorded before Slack's
 * delivery is acknowledged; an effect fetches the text.
 */
export const listenToMarkedMessages = ({ app, host, replies }: ListenerOptions): void => {
  app.shortcut({ callback_id: 'add_to_timeline', type: 'message_action' }, async ({ ack, body, respond }) => {
    const { channel, message, user } = body
    const { ts, text, user: author } = message
    const speaker = { person: user.id, channel: channel.id, once: onceFor(channel.id, ts) }
    const marked = { message: { channel: channel.id, ts }, ...(text ? { text } : {}), ...(author ? { author } : {}) }
    const work = host.markMessage(marked, speaker).then(() => undefined)
    await replies.answerClick(work, { speaker, respond: respond as Respond }, ack)
  })

  app.event('reaction_added', async ({ event }) => {
    if (event.reaction !== KEEP_REACTION || event.item.type !== 'message') return
    const { channel, ts } = event.item
    await host.markMessage({ message: { channel, ts } }, { person: event.user, channel, once: onceFor(channel, ts) })
  })
}
