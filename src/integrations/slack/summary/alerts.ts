import { shorten } from '../../../incident/measure.ts'
import { link, type Phrase, say } from '../../../incident/phrase.ts'
import { context } from '../block.ts'
import { mrkdwn } from '../mrkdwn.ts'
import type { SummarySection } from './section.ts'

/** How many of the alerts that joined are named. */
const JOINED_SHOWN = 3

/** The alert that opened the incident, and those that joined. */
export const alerts: SummarySection = (incident) => {
  const { total, firing, flaps, refires = 0, latest } = incident.alerts
  if (total === 0) return []
  const first = incident.alert
  const title = first?.url
    ? say`${link(first.url, shorten(first.title, 150))}`
    : say`${shorten(first?.title ?? '', 150)}`
  const count = total === 1 ? (firing === 1 ? 'firing' : 'quiet') : `${firing} of ${total} alerts still firing`
  const joined = latest
    .filter(({ key }) => key !== first?.key)
    .slice(0, JOINED_SHOWN)
    .map(({ title, reason }) => mrkdwn(say`joined: ${shorten(title, 120)} (${reason})`))
  return [
    context(mrkdwn([...say`:rotating_light: ${count}: `, ...title, ...flapping(Math.max(flaps, refires), total)])),
    ...(joined.length > 0 ? [context(joined.join('\n'))] : []),
  ]
}

/** How often it came back: the number of alerts does not grow with that, so it stands beside it. */
const flapping = (times: number, total: number): Phrase[] =>
  times === 0
    ? []
    : say` \u00b7 flapping: ${total === 1 ? 'went quiet and fired again' : 'alerts that were quiet fired again'} ${times === 1 ? 'once' : `${times} times`}`
