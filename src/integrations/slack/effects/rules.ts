import type { EffectHandler } from '../../../incident/effect-handler.ts'
import { NotReady } from '../../../incident/errors.ts'
import { say, strong, typed } from '../../../incident/phrase.ts'
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

  // Whoever is in is in; both messages are found by their marks.
  const run_rule: EffectHandler<'run_rule'> = async (_effect, context) => {
    const { incident, cause } = context
    if (cause.type !== 'rule_applied' || isOver(incident)) return []
    // A rule may act before the channel is there; it is opened by an effect of its own.
    if (!incident.channel) throw new NotReady('The channel is not open yet.', context.attempt < 20 ? 500 : 10_000)
    const { invite = [], announce } = cause.actions
    const mark = markOf(context)
    const said = mrkdwn(ruleSentence(cause.rule, cause.actions))
    await poster.post({ text: said, blocks: sections(said), channel: incident.channel.id, ...mark })
    const people: string[] = []
    for (const id of invite) people.push(...(id.startsWith('S') ? await groupMembers(id, context.signal) : [id]))
    if (people.length > 0) await inviteEach(incident.channel.id, [...new Set(people)], context.signal)
    // Made private since, nothing of it is said elsewhere.
    if (!announce || incident.private) return []
    const text = mrkdwn(say`${strong(incident.id)} ${incident.title}: ${typed(announce.text)}`)
    await poster
      .post({ text, blocks: sections(text), channel: announce.channel, ...mark, effectId: `${mark.effectId}/announce` })
      .catch((error: unknown) => {
        if (!(error instanceof SlackRefusal)) throw error
      })
    return []
  }
  return { run_rule }
}
