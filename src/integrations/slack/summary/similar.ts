import { importedPhrases } from '../../../incident/imported.ts'
import { shorten } from '../../../incident/measure.ts'
import { channel, code, say, strong } from '../../../incident/phrase.ts'
import { similarPhrases } from '../../../incident/similar.ts'
import { isActive } from '../../../incident/status.ts'
import { commandButton, section } from '../block.ts'
import { mrkdwn } from '../mrkdwn.ts'
import type { SummarySection } from './section.ts'

/** The matching playbook, the most similar past incident, and its fix. Removed when the incident is over. */
export const similar: SummarySection = ({ status, declaredAt, playbook }, { similar: found = [] }) => {
  const [first, ...others] = found
  if ((!first && !playbook) || !isActive(status)) return []
  const kept = playbook && say`:notebook: Playbook ${strong(playbook.id)} ${shorten(playbook.title, 120)}`
  const more = others.length > 0 ? say` \u00b7 ${others.length} more: ${code('/incident similar')}` : []
  const past = first && [
    ...say`:books: Looks like ${strong(first.incident)} `,
    ...(first.channel ? say`${channel(first.channel)} ` : []),
    ...say`${shorten(first.title, 120)}${importedPhrases(first.imported)}: `,
    ...similarPhrases(first, declaredAt),
    ...more,
  ]
  const lines = [kept, past].flatMap((line) => (line ? [mrkdwn(line)] : []))
  return [section(lines.join('\n'), commandButton(kept ? 'Playbook' : 'What helped', 'playbook'))]
}
