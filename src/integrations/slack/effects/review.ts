import type { EffectHandler } from '../../../incident/effect-handler.ts'
import { person, say, strong, typed } from '../../../incident/phrase.ts'
import { pendingReviewers } from '../../../incident/review.ts'
import { actionsOnce, commandButton, linkButton, section } from '../block.ts'
import { SlackRefusal } from '../client.ts'
import { mrkdwn } from '../mrkdwn.ts'
import type { Message } from '../post.ts'
import { markOf } from './message-options.ts'
import type { TellOptions } from './tell.ts'

/** Direct messages to people who are to review a postmortem. */
export const reviewEffects = ({ poster, documents }: Pick<TellOptions, 'poster' | 'documents'>) => {
  // Each message is marked for its reviewer, so a second attempt finds those that were sent.
  const request_review: EffectHandler<'request_review'> = async (_effect, context) => {
    const { incident, cause } = context
    const html = documents(incident.id)?.html
    const first =
      cause.type === 'reminded'
        ? say`:bell: ${typed(cause.text)}`
        : say`${person(cause.by)} asks you to review the postmortem of ${strong(incident.id)} ${incident.title}.${cause.type === 'postmortem_reviewed' && cause.text ? say` \u201c${typed(cause.text)}\u201d` : ''}`
    const message: Message = {
      text: mrkdwn(first),
      blocks: [
        section(mrkdwn(first)),
        actionsOnce(
          ...(html ? [linkButton('Read it', html)] : []),
          commandButton('Approve', `postmortem ${incident.id} approve`, 'primary'),
          commandButton('Edit it', `postmortem ${incident.id}`),
        ),
      ],
    }
    const mark = markOf(context)
    for (const reviewer of pendingReviewers(incident))
      try {
        await poster.post({ ...message, channel: reviewer, ...mark, effectId: `${mark.effectId}/${reviewer}` })
      } catch (error) {
        // A disabled account must not keep the others from being asked; the channel shows who has not answered.
        if (!(error instanceof SlackRefusal)) throw error
      }
    return []
  }

  return { request_review }
}
