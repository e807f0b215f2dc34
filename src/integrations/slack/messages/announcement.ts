import { callLink } from '../../../incident/call-link.ts'
import type { Incident } from '../../../incident/incident.ts'
import { shorten } from '../../../incident/measure.ts'
import { channel, link, person, say, strong, time, typed } from '../../../incident/phrase.ts'
import { isActive } from '../../../incident/status.ts'
import { nextUpdateAt } from '../../../incident/update.ts'
import type { Vocabulary } from '../../../incident/vocabulary.ts'
import { actions, commandButton, context, section } from '../block.ts'
import { escapeText, mrkdwn } from '../mrkdwn.ts'
import type { Message } from '../post.ts'
import { STATUS_NAMES, severityNamed } from '../words.ts'

/** The card for everybody outside the channel; edited as things change. */
export const announcementOf = (incident: Incident, words: Vocabulary, statusPage?: string): Message => {
  const { name, emoji } = severityNamed(incident.severity, words)
  const mark = isActive(incident.status) ? emoji : ':white_check_mark:'
  const first = [
    ...say`${mark} ${strong(`${name} ${incident.id}`)} ${incident.drill ? '(drill) ' : ''}${shorten(incident.title, 300)}`,
    ...(incident.channel ? say` \u00b7 ${channel(incident.channel.id)}` : []),
  ]
  const call = isActive(incident.status) ? callLink(words.call, incident) : undefined
  const second = [
    ...say`${STATUS_NAMES[incident.status]} \u00b7 since ${time(incident.milestones.impact_started?.at ?? incident.declaredAt)}`,
    ...(incident.roles.commander
      ? say` \u00b7 commander ${person(incident.roles.commander)}`
      : say` \u00b7 nobody in command yet`),
    ...(incident.service ? say` \u00b7 ${words.catalogue.get(incident.service)?.name ?? incident.service}` : []),
    ...(statusPage ? say` \u00b7 ${link(statusPage, 'status page')}` : []),
    ...(call ? say` \u00b7 ${link(call, 'join the call')}` : []),
  ]
  const update = incident.publicUpdate ?? incident.latestUpdate
  const due = isActive(incident.status) ? nextUpdateAt(incident, words.severities) : undefined
  const details = [
    ...(incident.impact ? [say`Impact: ${typed(shorten(incident.impact, 300))}`] : []),
    ...(update ? [typed(shorten(update, 600))] : []),
    ...(due === undefined ? [] : [say`Next update by ${time(due)}`]),
  ]
  return {
    text: escapeText(
      `${incident.drill ? 'Drill: ' : ''}${name} ${incident.id}: ${shorten(incident.title, 600)} (${STATUS_NAMES[incident.status].toLowerCase()})`,
    ),
    blocks: [
      section([first, second].map(mrkdwn).join('\n')),
      ...(details.length > 0 ? [context(details.map(mrkdwn).join('\n'))] : []),
      ...(isActive(incident.status) ? [actions(commandButton('Subscribe', `subscribe ${incident.id}`))] : []),
    ],
  }
}
