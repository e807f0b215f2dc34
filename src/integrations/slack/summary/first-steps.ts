import { firstStepsOf, openFirstSteps } from '../../../incident/first-steps.ts'
import { type Phrase, person, say, strong, time } from '../../../incident/phrase.ts'
import { isActive } from '../../../incident/status.ts'
import { commandButton, context, section } from '../block.ts'
import { mrkdwn } from '../mrkdwn.ts'
import type { SummarySection } from './section.ts'

/** How many open steps have a button of their own. */
const OPEN_SHOWN = 5

/** What to do first: each open step with a button that ticks it, and one small line for each that is done. */
export const firstSteps: SummarySection = (incident, { words }) => {
  const all = firstStepsOf(incident, words.firstSteps)
  if (all.length === 0 || !isActive(incident.status)) return []
  const open = openFirstSteps(incident, words.firstSteps)
  const done = (incident.firstSteps ?? []).filter(({ step }) => all.includes(step))
  // Once it is mitigated the first steps are history.
  const shown = incident.status === 'mitigated' ? [] : open.slice(0, OPEN_SHOWN)
  const left = open.length - shown.length
  const small: Phrase[][] = [
    ...done.map(({ step, by, at }) => say`:white_check_mark: ${step} \u00b7 ${person(by)} ${time(at)}`),
    ...(left > 0 ? [say`${left} more ${left === 1 ? 'step' : 'steps'}: /incident step lists them`] : []),
  ]
  return [
    ...(shown.length > 0 ? [section(mrkdwn(say`${strong('What to do first')}`))] : []),
    ...shown.map((step) =>
      section(mrkdwn(say`:white_large_square: ${step}`), commandButton('Done', `step done ${step}`)),
    ),
    ...(small.length > 0 ? [context(small.map(mrkdwn).join('\n'))] : []),
  ]
}
