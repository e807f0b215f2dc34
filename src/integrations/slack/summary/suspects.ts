import { callFactSentence } from '../../../incident/call-fact.ts'
import { code, say, typed } from '../../../incident/phrase.ts'
import { leadOf } from '../../../incident/ranking.ts'
import { changePhrases, leadPhrases, unreadable } from '../../../incident/ranking-words.ts'
import { context } from '../block.ts'
import { mrkdwn } from '../mrkdwn.ts'
import type { SummarySection } from './section.ts'

/** Where to look first: one line for the suspect with the change beside it, one for a new caller. */
export const suspects: SummarySection = ({ ranking, cause, milestones, declaredAt }) => {
  if (cause)
    return [
      context(
        `:dart: ${mrkdwn(say`Cause: ${code(cause.service)}${cause.why ? [{ text: ': ' }, ...typed(cause.why)] : ''}`)}`,
      ),
    ]
  // Why nothing could be read is posted in the thread: the summary is for what is known.
  if (!ranking || unreadable(ranking) !== undefined) return []
  const lead = leadOf(ranking)
  const began = milestones.impact_started?.at ?? declaredAt
  const line = [...leadPhrases(ranking), ...(lead?.change ? say` \u00b7 ${changePhrases(lead.change, began)}` : [])]
  const newcomer = ranking.facts.find(({ kind }) => kind === 'new_caller')
  return [
    context([`:mag: ${mrkdwn(line)}`, ...(newcomer ? [`:new: ${mrkdwn(callFactSentence(newcomer))}`] : [])].join('\n')),
  ]
}
