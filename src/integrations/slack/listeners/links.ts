import { fromSlack } from '../mrkdwn.ts'
import type { ListenerOptions } from './listeners.ts'

/** Messages with these were written by a person just now; every other subtype is an edit, a deletion or a notice. */
const WRITTEN = new Set([undefined, 'file_share', 'thread_broadcast'])

/**
 * Links to Grafana that people post: the author is offered to freeze the panel. Nothing is recorded until they accept,
 * so a repeated delivery only repeats the offer.
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
