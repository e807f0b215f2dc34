import { fromSlack } from '../mrkdwn.ts'
import type { ListenerOptions } from './listeners.ts'

/** Messages with these were written by a person just now; every other subtype is an edit, a deletion or a notice. */
const WRITTEN = new Set([undefined, 'file_share', 'thread_broadcast'])

/**
 * Links to Grafana that people post: whoever posted one is offered to freeze it. Nothing is recorded until they take the
 * offer, so a repeated delivery does no more than offer it again.
 */
export const listenToLinks = ({ app, host, replies }: ListenerOptions): void => {
  app.event('message', async ({ event }) => {
    const { subtype, bot_id, user, text, channel, ts } = event as {
      subtype?: string
      bot_id?: string
      user?: string
      text?: string
      channel: string
      ts: string
    }
    // Most messages have no link: they cost nothing.
    if (bot_id || !user || !text?.includes('://') || !WRITTEN.has(subtype)) return
    const offer = await host.offerToFreeze(fromSlack(text), channel)
    if (offer) await replies.shown(offer, { person: user, channel, once: `slack:message:${channel}:${ts}` })
  })
}
