import { isActive } from '../../../incident/status.ts'
import { header } from '../block.ts'
import { severityNamed } from '../words.ts'
import type { SummarySection } from './section.ts'

/** Severity and title. */
export const heading: SummarySection = (incident, { words }) => {
  const { name, emoji } = severityNamed(incident.severity, words)
  const mark = isActive(incident.status) ? emoji : ':white_check_mark:'
  return [header(`${mark} ${name} \u00b7 ${incident.drill ? 'DRILL \u00b7 ' : ''}${incident.title}`)]
}
