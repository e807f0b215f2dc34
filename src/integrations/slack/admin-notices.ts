import { messageOf } from '../../incident/errors.ts'
import type { Phrase } from '../../incident/phrase.ts'
import { section } from './block.ts'
import { SlackRefusal } from './client.ts'
import { mrkdwn } from './mrkdwn.ts'
import type { Poster } from './post.ts'

/** A notice is repeated by the next check, ms. */
const TIMEOUT_MS = 30_000

export type AdminNoticesOptions = {
  poster: Poster
  /** Slack ids and e-mail addresses of those who run Muster. */
  admins: readonly string[]
  /** Where the notice goes without them; empty for nowhere. */
  channel: string
  /** The Slack id for an e-mail address; undefined when nobody here has it. */
  byEmail(email: string, signal: AbortSignal): Promise<string | undefined>
  log: { warn(message: string, fields?: Record<string, unknown>): void }
}

/** Sends those who run Muster a direct message, or posts where incidents are announced when nobody is named. */
export const createAdminNotices = ({ poster, admins, channel, byEmail, log }: AdminNoticesOptions) => {
  const placesOf = async (signal: AbortSignal): Promise<string[]> => {
    const people = await Promise.all(admins.map((one) => (one.includes('@') ? byEmail(one, signal) : one)))
    const known = people.filter((one) => one !== undefined)
    return known.length > 0 ? [...new Set(known)] : [channel].filter(Boolean)
  }

  /** @throws when Slack does not answer; somebody who cannot be reached does not keep the others from it. */
  return async (text: Phrase[], { name, since }: { name: string; since: number }): Promise<void> => {
    const signal = AbortSignal.timeout(TIMEOUT_MS)
    const line = mrkdwn(text)
    const message = { text: line, blocks: [section(line)], since, signal }
    for (const place of await placesOf(signal))
      try {
        // An earlier attempt may have reached some of them: each message is searched for first.
        await poster.post({ ...message, channel: place, effectId: `notice:${name}/${place}`, attempt: 2 })
      } catch (error) {
        if (!(error instanceof SlackRefusal)) throw error
        log.warn('somebody could not be notified of an outage', { place, reason: messageOf(error) })
      }
  }
}
