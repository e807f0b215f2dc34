import { isPerson } from '../../../incident/phrase.ts'
import { acknowledged } from '../acknowledge.ts'
import { refusedWith } from '../client.ts'
import type { Doer } from '../host.ts'
import { fromSlack } from '../mrkdwn.ts'
import type { ListenerOptions } from './listeners.ts'

/** The reaction that keeps a message for the timeline, as in other incident tools. */
const KEEP_REACTION = 'pushpin'

/** Messages that somebody marks for the timeline: by shortcut, or with a pushpin. */
export const listenToMarkedMessages = ({ app, slack, host, replies, log }: ListenerOptions): void => {
  const keep = async (channel: string, message: { ts: string; text: string; user?: string }, doer: Doer) => {
    const author = message.user && isPerson(message.user) ? message.user : doer.person
    const link = await slack
      .call<{ permalink?: string }>('chat.getPermalink', { channel, message_ts: message.ts })
      .then(({ permalink }) => permalink)
      // A timeline entry without its link is better than none.
      .catch(() => undefined)
    const kept = await host.keepMessage(
      { channel, ts: message.ts, text: fromSlack(message.text), author, ...(link ? { link } : {}) },
      doer,
    )
    if (!kept) return
    await slack
      .call('reactions.add', { channel, timestamp: message.ts, name: 'white_check_mark' })
      .catch((error: unknown) => {
        if (!refusedWith(error, 'already_reacted')) log.warn('a kept message could not be marked', { channel, error })
      })
  }

  app.shortcut({ callback_id: 'add_to_timeline', type: 'message_action' }, async ({ ack, body }) => {
    const { channel, message, user } = body
    const doer = { person: user.id, channel: channel.id, once: `slack:keep:${channel.id}:${message.ts}` }
    await replies.guarded(doer, () => {
      const { ts, text = '', user: author } = message
      return acknowledged(keep(channel.id, { ts, text, ...(author ? { user: author } : {}) }, doer), ack)
    })
  })

  app.event('reaction_added', async ({ event }) => {
    if (event.reaction !== KEEP_REACTION || event.item.type !== 'message') return
    const { channel, ts } = event.item
    const doer = { person: event.user, channel, once: `slack:keep:${channel}:${ts}` }
    await replies.guarded(doer, async () => {
      const { messages } = await slack.call<{ messages: { ts: string; text?: string; user?: string }[] }>(
        'conversations.replies',
        { channel, ts, limit: 1, inclusive: true },
      )
      const message = messages.find((one) => one.ts === ts)
      if (message) await keep(channel, { ...message, text: message.text ?? '' }, doer)
    })
  })
}
