import type { EffectType } from '../../../incident/effect.ts'
import type { EffectHandler } from '../../../incident/effect-handler.ts'
import { Permanent } from '../../../incident/errors.ts'
import { CHANNEL_HIDDEN } from '../../../incident/hidden-channel.ts'
import { isActive } from '../../../incident/status.ts'
import { type BoundedSlack, refusedWith, SlackRefusal } from '../client.ts'

/**
 * Handles manual changes to an incident's channel in one place for every handler that acts in it: a deleted one is
 * recreated, of a private incident only when somebody asks for it; with the bot removed from it, the bot rejoins; archived after the end, it is left alone; archived while the
 * incident is open, it is unarchived, or replaced where Slack does not let the bot do that.
 */
export const inChannel = ({ slack, now }: { slack: BoundedSlack; now: () => number }) => {
  /** Whether the channel is in use again. Slack often refuses that to bots, which lose their membership in the archive. */
  const unarchived = async (channel: string, hidden: boolean, signal: AbortSignal): Promise<boolean> => {
    try {
      await slack.call('conversations.unarchive', { channel }, signal).catch(unless('not_archived'))
      // Nobody else could invite the bot to a private one.
      if (!hidden) await slack.call('conversations.join', { channel }, signal)
      return true
    } catch (error) {
      if (error instanceof SlackRefusal) return false
      throw error
    }
  }

  const guarded = <Type extends EffectType>(handler: EffectHandler<Type>): EffectHandler<Type> => {
    return async (effect, context) => {
      const { channel, private: hidden, status } = context.incident
      try {
        return await handler(effect, context)
      } catch (error) {
        if (!channel) throw error
        if (refusedWith(error, 'is_archived')) {
          if (!isActive(status)) return []
          if (await unarchived(channel.id, hidden, context.signal)) return handler(effect, context)
          return [{ type: 'channel_lost', channel: channel.id, by: 'slack', at: now() }]
        }
        // Slack hides a private channel from a bot that was removed from it, so that may be all that happened: people decide.
        if (hidden)
          throw refusedWith(error, 'channel_not_found') ? new Permanent(CHANNEL_HIDDEN, { cause: error }) : error
        if (refusedWith(error, 'channel_not_found'))
          return [{ type: 'channel_lost', channel: channel.id, by: 'slack', at: now() }]
        if (!refusedWith(error, 'not_in_channel')) throw error
        await slack.call('conversations.join', { channel: channel.id }, context.signal)
        return handler(effect, context)
      }
    }
  }

  return <Handlers extends { [Type in EffectType]?: EffectHandler<Type> }>(handlers: Handlers): Handlers =>
    // TypeScript cannot follow that each handler keeps its own effect.
    Object.fromEntries(
      Object.entries(handlers).map(([type, handler]) => [type, guarded(handler as EffectHandler<EffectType>)]),
    ) as Handlers
}

/** Passes over this refusal. */
const unless =
  (expected: string) =>
  (error: unknown): void => {
    if (!refusedWith(error, expected)) throw error
  }
