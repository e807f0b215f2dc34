import { callFactSentence } from '../../../incident/call-fact.ts'
import { code, say, typed } from '../../../incident/phrase.ts'
import { leadOf } from '../../../incident/ranking.ts'
import { changePhrases, leadPhrases, unreadable } from '../../../incident/ranking-words.ts'
import { isActive } from '../../../incident/status.ts'
import { context } from '../block.ts'
import { mrkdwn } from '../mrkdwn.ts'
import type { SummarySection } from './section.ts'

/** Where to look first: one line for the suspect with the change beside it, one for a new caller. */
export const suspects: SummarySection = ({ ranking, cause, status }) => {
  if (cause)
    return [
      context(
        `:dart: ${mrkdwn(say`Cause: ${code(cause.service)}${cause.why ? [{ text: ': ' }, ...typed(cause.why)] : ''}`)}`,
      ),
    ]
  // At the end the outcome is what counts; a suspect that nobody confirmed would contradict it.
  if (!isActive(status)) return []
  // Why nothing could be read is posted in the thread: the summary is for what is known.
  if (!ranking || unreadable(ranking) !== undefined) return []
  const lead = leadOf(ranking)
  const line = [...leadPhrases(ranking), ...(lead?.change ? say` \u00b7 ${changePhrases(lead.change)}` : [])]
  const newcomer = ranking.facts.find(({ kind }) => kind === 'new_caller')
  return [
    context([`:mag: ${mrkdwn(line)}`, ...(newcomer ? [`:new: ${mrkdwn(callFactSentence(newcomer))}`] : [])].join('\n')),
  ]
}
