import type { EffectHandler } from '../../../incident/effect-handler.ts'
import { peopleToInvite } from '../../../incident/incident.ts'
import { isOver } from '../../../incident/status.ts'
import { type BoundedSlack, refusedWith } from '../client.ts'

/** Slack: at most 100 people in one invitation. */
const INVITED_AT_ONCE = 100

/** Errors that concern one person only. */
const CANNOT_BE_INVITED = [
  'user_not_found',
  'no_user',
  'cant_invite',
  'user_is_restricted',
  'org_user_not_in_team',
  'ura_max_channels',
  'user_is_deactivated',
  'user_disabled',
]
const THERE_ALREADY = ['already_in_channel', 'cant_invite_self']

/** Invites one by one after a batch was refused; returns those who cannot be invited. */
export const createInvitations =
  (slack: BoundedSlack) =>
  async (channel: string, people: readonly string[], signal: AbortSignal): Promise<string[]> => {
    const absent: string[] = []
    for (const user of people) {
      try {
        await slack.call('conversations.invite', { channel, users: user }, signal)
      } catch (error) {
        if (refusedWith(error, ...CANNOT_BE_INVITED)) absent.push(user)
        else if (!refusedWith(error, ...THERE_ALREADY)) throw error
      }
    }
    return absent
  }

export const inviteEffects = ({ slack, now }: { slack: BoundedSlack; now: () => number }) => {
  const inviteEach = createInvitations(slack)

  // Inviting twice is harmless: whoever is in is in.
  const invite: EffectHandler<'invite'> = async (_effect, { incident, signal }) => {
    const { channel } = incident
    if (isOver(incident)) return []
    const people = peopleToInvite(incident).filter((id) => !incident.invited.includes(id))
    if (!channel || (people.length === 0 && incident.steps.people?.state === 'done')) return []
    const absent: string[] = []
    for (let i = 0; i < people.length; i += INVITED_AT_ONCE) {
      const batch = people.slice(i, i + INVITED_AT_ONCE)
      try {
        await slack.call('conversations.invite', { channel: channel.id, users: batch.join(',') }, signal)
      } catch (error) {
        if (!refusedWith(error, ...CANNOT_BE_INVITED, ...THERE_ALREADY)) throw error
        absent.push(...(await inviteEach(channel.id, batch, signal)))
      }
    }
    return [
      { by: 'slack', at: now(), type: 'people_invited', people: people.filter((id) => !absent.includes(id)), absent },
    ]
  }
  return { invite }
}
