import { channelName } from '../../../incident/channel-name.ts'
import type { EffectHandler } from '../../../incident/effect-handler.ts'
import { Permanent } from '../../../incident/errors.ts'
import type { Incident } from '../../../incident/incident.ts'
import { isOver } from '../../../incident/status.ts'
import { type BoundedSlack, refusedWith } from '../client.ts'

/** How many names are tried when other people's channels have them. */
export const NAMES = 5
/** How far our clock and Slack's may differ. */
const CLOCK_SKEW_MS = 120_000

export type OpenChannelOptions = {
  slack: BoundedSlack
  now: () => number
  naming: { pattern: string; prefix: string }
}

type OwnChannel = { id: string; name: string; creator?: string; created?: number; is_private?: boolean }
type Created = { channel: { id: string; name: string } }
type Page = { channels: OwnChannel[]; response_metadata?: { next_cursor?: string } }

export const openChannelEffects = ({ slack, now, naming }: OpenChannelOptions) => {
  const open = async (incident: Incident, signal: AbortSignal): Promise<{ channel: string; name: string }> => {
    for (let attempt = 1; attempt <= NAMES; attempt++) {
      const name = channelName(incident, naming, attempt)
      try {
        // A private incident is never opened in public: a refusal here ends the attempt, it does not widen it.
        const wanted = { name, is_private: incident.private }
        const { channel } = await slack.call<Created>('conversations.create', wanted, signal)
        return { channel: channel.id, name: channel.name }
      } catch (error) {
        if (!refusedWith(error, 'name_taken')) throw error
        // A second run meets the channel that the first run made, and adopts it.
        const own = await ownChannel(name, incident, signal)
        if (own) return { channel: own.id, name: own.name }
      }
    }
    throw new Permanent(
      `Slack has ${NAMES} other channels with ${incident.private ? 'the same name' : `the name ${channelName(incident, naming)}`}; archive or rename one.`,
    )
  }

  /** Our own channel of this name, made for this incident: only the bot's own channels are searched. */
  const ownChannel = async (name: string, incident: Incident, signal: AbortSignal): Promise<OwnChannel | undefined> => {
    const { user_id: bot } = await slack.call<{ user_id: string }>('auth.test', {}, signal)
    for (let cursor: string | undefined; ; ) {
      const which = { types: 'public_channel,private_channel', exclude_archived: true, limit: 200 }
      const page = await slack.call<Page>('users.conversations', { ...which, ...(cursor ? { cursor } : {}) }, signal)
      const found = page.channels.find((channel) => channel.name === name)
      // A channel of the same name from before a database was lost belongs to another incident of that number.
      if (found)
        // Nor is the public channel that it had before it became private.
        return found.creator === bot &&
          (found.is_private === true || !incident.private) &&
          (found.created ?? 0) * 1000 >= incident.declaredAt - CLOCK_SKEW_MS
          ? found
          : undefined
      cursor = page.response_metadata?.next_cursor
      if (!cursor) return undefined
    }
  }

  const open_channel: EffectHandler<'open_channel'> = async (_effect, { incident, signal }) => {
    if (incident.channel || isOver(incident)) return []
    return [{ by: 'slack', at: now(), type: 'channel_opened', ...(await open(incident, signal)) }]
  }
  return { open_channel }
}
