import { channelName } from '../../../incident/channel-name.ts'
import type { EffectHandler } from '../../../incident/effect-handler.ts'
import type { IncidentEvent } from '../../../incident/event.ts'
import type { Incident } from '../../../incident/incident.ts'
import { isOver } from '../../../incident/status.ts'
import { type BoundedSlack, refusedWith, SlackRefusal } from '../client.ts'
import { NAMES } from './open-channel.ts'

export type RenameChannelOptions = {
  slack: BoundedSlack
  now: () => number
  naming: { pattern: string; prefix: string }
  /** Whether the name follows a changed severity or title. */
  renameChannels: boolean
}

export const renameChannelEffects = ({ slack, now, naming, renameChannels }: RenameChannelOptions) => {
  const stamp = () => ({ by: 'slack', at: now() })
  const refused = ({ renameRefused }: Incident, name: string, reason: string): IncidentEvent[] =>
    // Said once: the next change of the title would get the same answer.
    renameRefused === reason ? [] : [{ ...stamp(), type: 'channel_rename_refused', name, reason }]

  // A second run finds the new name in Slack, and only records it.
  const rename_channel: EffectHandler<'rename_channel'> = async (_effect, { incident, signal }) => {
    const { channel } = incident
    if (!renameChannels || !channel || isOver(incident)) return []
    const names = Array.from({ length: NAMES }, (_, i) => channelName(incident, naming, i + 1))
    if (names.includes(channel.name)) return []
    const { channel: current } = await slack.call<{ channel: { name: string } }>(
      'conversations.info',
      { channel: channel.id },
      signal,
    )
    if (names.includes(current.name)) return [{ ...stamp(), type: 'channel_renamed', name: current.name }]
    // Somebody gave it a name of their own.
    if (current.name !== channel.name) return []
    for (const name of names) {
      try {
        const answer = await slack.call<{ channel: { name: string } }>(
          'conversations.rename',
          { channel: channel.id, name },
          signal,
        )
        return [{ ...stamp(), type: 'channel_renamed', name: answer.channel.name }]
      } catch (error) {
        if (refusedWith(error, 'name_taken')) continue
        if (refusedWith(error, 'channel_not_found', 'not_in_channel', 'is_archived')) throw error
        if (error instanceof SlackRefusal) return refused(incident, name, error.message)
        throw error
      }
    }
    return refused(incident, names[0] as string, `${NAMES} other channels have that name`)
  }
  return { rename_channel }
}
