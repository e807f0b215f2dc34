import { shorten } from '../../../incident/measure.ts'
import { channel, link, say, strong } from '../../../incident/phrase.ts'
import { similarPhrases } from '../../../incident/similar.ts'
import { isActive } from '../../../incident/status.ts'
import { context } from '../block.ts'
import { mrkdwn } from '../mrkdwn.ts'
import type { SummarySection } from './section.ts'

/** The past incident that this one looks like, and what fixed that one. Of no use any more when it is over. */
export const similar: SummarySection = ({ status, declaredAt }, { similar: found = [] }) => {
  const [first, ...others] = found
  if (!first || !isActive(status)) return []
  const where = first.channel ? channel(first.channel) : first.url ? link(first.url, first.incident) : undefined
  const more = others.length > 0 ? say` \u00b7 ${others.length} more: \`/incident similar\`` : []
  return [
    context(
      mrkdwn([
        ...say`:books: Looks like ${strong(first.incident)}${where ? say` ${where}` : ''} ${shorten(first.title, 120)}: `,
        ...similarPhrases(first, declaredAt),
        ...more,
      ]),
    ),
  ]
}
