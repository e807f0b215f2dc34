import type { EffectHandler } from '../../../incident/effect-handler.ts'
import type { Standing } from '../../../incident/permission.ts'
import { say, strong } from '../../../incident/phrase.ts'
import { isActive, isOver } from '../../../incident/status.ts'
import { actions, commandButton, section, sections } from '../block.ts'
import { refusedWith } from '../client.ts'
import { EVENTS_READ, standing } from '../messages/standing.ts'
import { mrkdwn } from '../mrkdwn.ts'
import { markOf } from './message-options.ts'
import type { ResponderOptions } from './responders.ts'

export type JoinerOptions = ResponderOptions & {
  /** @throws when Slack does not answer. */
  personOf(id: string, signal: AbortSignal): Promise<{ isBot: boolean; standing?: Standing }>
}

/** Briefs people who join the channel after the opening, where only they see it. */
export const joinerEffects = ({ slack, poster, words, now, latestEvents, personOf }: JoinerOptions) => {
  // After a crash it may be shown twice to the one person; nothing marks an ephemeral message.
  const brief_joiner: EffectHandler<'brief_joiner'> = async (_effect, context) => {
    const { incident, cause, signal } = context
    const { channel } = incident
    if (cause.type !== 'joined_late' || !channel || isOver(incident)) return []
    const { isBot, standing: belongs } = await personOf(cause.member, signal)
    if (isBot) return []
    const user = cause.member
    const first = isActive(incident.status)
      ? say`You joined ${strong(incident.id)} while it is under way. Where it stands:`
      : say`You joined ${strong(incident.id)} after its end. What is known:`
    const lines = standing(incident, await latestEvents(incident.id, EVENTS_READ), words, now())
    const message = {
      text: mrkdwn(first),
      blocks: [
        section(mrkdwn(first)),
        ...sections(lines.map((line) => `\u2022 ${mrkdwn(line)}`).join('\n')),
        actions(
          commandButton('Show the timeline', `timeline ${incident.id}`),
          ...(isActive(incident.status) && !incident.roles.commander && belongs === 'member'
            ? [commandButton('Take command', `claim ${incident.id}`, 'primary')]
            : []),
        ),
      ],
    }
    try {
      await slack.call('chat.postEphemeral', { channel: channel.id, user, ...message }, signal)
    } catch (error) {
      // Gone again already.
      if (refusedWith(error, 'user_not_in_channel')) return []
      if (!refusedWith(error, 'not_in_channel', 'channel_not_found', 'is_archived', 'restricted_action')) throw error
      await poster.post({ ...message, channel: user, ...markOf(context) })
    }
    return []
  }
  return { brief_joiner }
}
