import type { Incident } from '../../../incident/incident.ts'
import { shorten } from '../../../incident/measure.ts'
import { channel, link, say, strong, time } from '../../../incident/phrase.ts'
import type { Status } from '../../../incident/status.ts'
import type { Vocabulary } from '../../../incident/vocabulary.ts'
import { actions, commandButton, context, section } from '../block.ts'
import { escapeText, mrkdwn } from '../mrkdwn.ts'
import type { Message } from '../post.ts'
import { STATUS_NAMES, severityNamed } from '../words.ts'

/** Alerts held for triage: a person decides whether they are an incident. */
export const triageOf = (incident: Incident, words: Vocabulary): Message => {
  const { name } = severityNamed(incident.severity, words)
  const { alerts, alert } = incident
  const title = alert?.url ? link(alert.url, shorten(incident.title, 300)) : strong(shorten(incident.title, 300))
  const line = say`:thinking_face: ${strong(incident.id)} Is this an incident? ${title}`
  const about = [
    ...say`${alerts.total} ${alerts.total === 1 ? 'alert' : 'alerts'}, ${alerts.firing} firing \u00b7 would be ${name}`,
    ...(incident.storm && alerts.services.length > 0 ? say` \u00b7 ${servicesIn(alerts.services)}` : []),
    ...(incident.service ? say` \u00b7 ${incident.service}` : []),
    ...say` \u00b7 since ${time(incident.declaredAt)}`,
  ]
  // What was decided, not how the incident stands: this message does not follow it any further.
  const decided = incident.channel
    ? say`Declared: ${[channel(incident.channel.id)]}`
    : say`${OPENED.has(incident.status) ? 'Declared' : STATUS_NAMES[incident.status]}`
  return {
    text: escapeText(`${incident.id}: is this an incident? ${shorten(incident.title, 600)}`),
    blocks: [
      section(mrkdwn(line)),
      context(mrkdwn(about)),
      ...(incident.status === 'triage'
        ? [
            actions(
              commandButton('Declare', `accept ${incident.id}`, 'primary'),
              commandButton('Attach to \u2026', `merge ${incident.id}`),
              commandButton('Dismiss', `cancel ${incident.id}`),
            ),
          ]
        : [context(mrkdwn(decided))]),
    ],
  }
}

const OPENED = new Set<Status>(['investigating', 'identified', 'mitigated', 'resolved', 'closed'])

/** `shipping, web and 38 more services` */
const servicesIn = (services: readonly string[]): string =>
  services.length <= 3
    ? services.join(', ')
    : `${services.slice(0, 2).join(', ')} and ${services.length - 2} more services`
