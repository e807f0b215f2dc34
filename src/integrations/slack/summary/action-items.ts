import { actionState, openActions } from '../../../incident/action-item.ts'
import { actionLine } from '../../../incident/action-words.ts'
import { say, strong } from '../../../incident/phrase.ts'
import { commandButton, section } from '../block.ts'
import { mrkdwn } from '../mrkdwn.ts'
import type { SummarySection } from './section.ts'

const SHOWN = 5

/** Who does what afterwards, and how far it got; the button opens the list with a menu for each. */
export const actionItems: SummarySection = (incident) => {
  const { actions } = incident
  if (actions.length === 0) return []
  const open = openActions(incident)
  const done = actions.filter((item) => actionState(item) === 'done').length
  const dropped = actions.length - open.length - done
  const counts = [
    `${open.length} open`,
    ...(done > 0 ? [`${done} done`] : []),
    ...(dropped > 0 ? [`${dropped} dropped`] : []),
  ]
  const left = open.length - SHOWN
  const heading = say`${strong('Action items')}: ${counts.join(', ')}`
  const lines = [
    heading,
    ...open.slice(0, SHOWN).map((item) => actionLine(item)),
    ...(left > 0 ? [say`and ${left} more`] : []),
  ]
  return [section(lines.map(mrkdwn).join('\n'), commandButton('Action items', 'action list'))]
}
