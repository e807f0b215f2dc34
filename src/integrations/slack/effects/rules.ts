import type { EffectHandler } from '../../../incident/effect-handler.ts'
import { NotReady } from '../../../incident/errors.ts'
import { code, person, say, strong, typed } from '../../../incident/phrase.ts'
import { ruleSentence } from '../../../incident/rules.ts'
import { isOver } from '../../../incident/status.ts'
import { sections } from '../block.ts'
import { SlackRefusal } from '../client.ts'
import { mrkdwn } from '../mrkdwn.ts'
import { createInvitations } from './invite.ts'
import { type MessageOptions, markOf } from './message-options.ts'

export type RuleOptions = MessageOptions & {
  /** Who is in a user group. @throws when Slack does not answer. */
  groupMembers(group: string, signal: AbortSignal): Promise<readonly string[]>
}

/** What an operator's rule does in Slack: says it in the channel, brings people in, and says it in another channel. */
export const ruleEffects = ({ slack, poster, groupMembers }: RuleOptions) => {
  const inviteEach = createInvitations(slack)
  const membersOf = async (id: string, signal: AbortSignal): Promise<readonly string[]> =>
    id.startsWith('S') ? groupMembers(id, signal) : [id]

  // Whoever is in is in; all messages are found by their marks.
  const run_rule: EffectHandler<'run_rule'> = async (_effect, context) => {
    const { incident, cause } = context
    if (cause.type !== 'rule_applied') return []
    // Called off since; but a rule may wait for just that.
    if (isOver(incident) && cause.status !== incident.status) return []
    // A rule may act before the channel is there; it is opened by an effect of its own.
    if (!incident.channel) throw new NotReady('The channel is not open yet.', context.attempt < 20 ? 500 : 10_000)
    const { invite = [], announce } = cause.actions
    const mark = markOf(context)
    const text = mrkdwn(ruleSentence(cause.rule, cause.actions))
    await poster.post({ text, blocks: sections(text), channel: incident.channel.id, ...mark })
    const unknown: string[] = []
    const people: string[] = []
    for (const id of invite) people.push(...(await membersOf(id, context.signal).catch(unlessRefused(id, unknown))))
    const absent = await inviteEach(incident.channel.id, [...new Set(people)], context.signal)
    const problems = [
      ...absent.map((id) => say`${person(id)} cannot be invited`),
      ...unknown.map((id) => say`Slack has no user group ${code(id)}`),
    ]
    // Made private since, nothing of it is posted elsewhere.
    if (announce && !incident.private) {
      const text = mrkdwn(say`${strong(incident.id)} ${incident.title}: ${typed(announce.text)}`)
      const refused: string[] = []
      await poster
        .post({
          text,
          blocks: sections(text),
          channel: announce.channel,
          ...mark,
          effectId: `${mark.effectId}/announce`,
        })
        .catch(unlessRefused(announce.channel, refused))
      if (refused.length > 0) problems.push(say`it could not be announced in ${announce.channel}`)
    }
    if (problems.length > 0) {
      const text = mrkdwn(
        say`:warning: Rule ${strong(cause.rule)}: ${problems.flatMap((one, i) => (i === 0 ? one : say`; ${one}`))}.`,
      )
      await poster.post({
        text,
        blocks: sections(text),
        channel: incident.channel.id,
        ...mark,
        effectId: `${mark.effectId}/problems`,
      })
    }
    return []
  }
  return { run_rule }
}

/** What Slack refuses concerns this one; what it does not answer is tried again. */
const unlessRefused =
  (id: string, refused: string[]) =>
  (error: unknown): [] => {
    if (!(error instanceof SlackRefusal)) throw error
    refused.push(id)
    return []
  }
