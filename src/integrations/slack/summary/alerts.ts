import type { Alert } from '../../../incident/alert.ts'
import { alertLines, alertWords } from '../../../incident/alert-words.ts'
import { shorten } from '../../../incident/measure.ts'
import { code, link, type Phrase, say, strong } from '../../../incident/phrase.ts'
import { type Block, context, section } from '../block.ts'
import { mrkdwn } from '../mrkdwn.ts'
import type { SummarySection } from './section.ts'

/** How many of the alerts that joined are named. */
const JOINED_SHOWN = 3
/** Two or three lines: the rest is one click away. */
const LONGEST_LINE = 280
const LONGEST_DETAIL = 600

/** The alert that opened the incident with its details, and those that joined. */
export const alerts: SummarySection = (incident) => {
  const { total, firing, flaps, refires = 0, latest } = incident.alerts
  if (total === 0) return []
  const first = incident.alert
  const title = first?.url
    ? say`${link(first.url, shorten(first.title, 150))}`
    : say`${shorten(first?.title ?? '', 150)}`
  const count = countOf(total, firing)
  const joined = latest
    .filter(({ key }) => key !== first?.key)
    .slice(0, JOINED_SHOWN)
    .map(({ title, reason }) => mrkdwn(say`joined: ${shorten(title, 120)} (${reason})`))
  const heading = [...say`:rotating_light: ${count}: `, ...title, ...flapping(Math.max(flaps, refires), total)]
  return [
    context([heading, ...(first ? detailsOf(first) : [])].map(mrkdwn).join('\n')),
    ...(first ? details(first) : []),
    ...(joined.length > 0 ? [context(joined.join('\n'))] : []),
  ]
}

const countOf = (total: number, firing: number): string => {
  if (total === 1) return firing === 1 ? 'firing' : 'resolved'
  if (firing > 0) return `${firing} of ${total} alerts still firing`
  return `${total === 2 ? 'both' : `all ${total}`} alerts have resolved`
}

const detailsOf = (alert: Alert): Phrase[][] =>
  alertLines(alertWords(alert)).map((line) =>
    line.map((phrase) => ('text' in phrase ? { text: shorten(phrase.text, LONGEST_LINE) } : phrase)),
  )

/** Everything else the alert carries, folded. */
const details = (alert: Alert): Block[] => {
  const found = alertWords(alert).details
  if (found.length === 0) return []
  const lines = found.map(([name, text]) => [
    ...say`${strong(name)}: `,
    name === 'Query' ? code(shorten(text, LONGEST_DETAIL)) : { text: shorten(text, LONGEST_DETAIL) },
  ])
  return [
    {
      type: 'container',
      title: { type: 'plain_text', text: 'What the alert carries' },
      is_collapsible: true,
      default_collapsed: true,
      child_blocks: [section(lines.map(mrkdwn).join('\n'))],
    },
  ]
}

/** How often it came back: the number of alerts does not include that, so it is shown separately. */
const flapping = (times: number, total: number): Phrase[] =>
  times === 0
    ? []
    : say` \u00b7 flapping: ${total === 1 ? 'went quiet and fired again' : 'alerts that were quiet fired again'} ${times === 1 ? 'once' : `${times} times`}`
