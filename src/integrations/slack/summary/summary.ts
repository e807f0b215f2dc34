import type { Incident } from '../../../incident/incident.ts'
import { shorten } from '../../../incident/measure.ts'
import { plain } from '../../../incident/phrase.ts'
import { snapshotPhrases } from '../../../incident/sentence.ts'
import { escapeText } from '../mrkdwn.ts'
import type { Message } from '../post.ts'
import { STATUS_NAMES, severityNamed } from '../words.ts'
import { actionItems } from './action-items.ts'
import { alerts } from './alerts.ts'
import { buttons } from './buttons.ts'
import { changes } from './changes.ts'
import { checklist } from './checklist.ts'
import { cluster } from './cluster.ts'
import { evidence } from './evidence.ts'
import { facts } from './facts.ts'
import { firstSteps } from './first-steps.ts'
import { heading } from './heading.ts'
import { pages } from './pages.ts'
import type { SummaryContext, SummarySection } from './section.ts'
import { similar } from './similar.ts'
import { suspects } from './suspects.ts'

/** The pinned message, from top to bottom. A feature adds a file beside this one and its line here. */
const SECTIONS: readonly SummarySection[] = [
  heading,
  facts,
  firstSteps,
  suspects,
  similar,
  pages,
  alerts,
  changes,
  cluster,
  evidence,
  actionItems,
  buttons,
  checklist,
]

/** The content of the one live message, also as plain text for notifications and for clients without blocks. */
export const summaryOf = (incident: Incident, context: SummaryContext): Message => ({
  text: textOf(incident, context),
  blocks: SECTIONS.flatMap((section) => section(incident, context)),
})

const textOf = (incident: Incident, { words }: SummaryContext): string => {
  const { name } = severityNamed(incident.severity, words)
  const numbers = incident.evidence.slice(0, 3).map((one) => plain(snapshotPhrases(one)))
  return escapeText(
    `${incident.id} ${name} ${shorten(incident.title, 600)}: ${STATUS_NAMES[incident.status].toLowerCase()}. ${numbers.join('; ')}`,
  )
}
