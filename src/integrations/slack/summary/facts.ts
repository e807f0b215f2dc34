import type { Incident } from '../../../incident/incident.ts'
import { formatDuration, spanMs } from '../../../incident/measure.ts'
import { channel, link, type Phrase, person, say, strong, time, typed } from '../../../incident/phrase.ts'
import type { Vocabulary } from '../../../incident/vocabulary.ts'
import { section } from '../block.ts'
import { mrkdwn } from '../mrkdwn.ts'
import { STATUS_NAMES } from '../words.ts'
import type { SummarySection } from './section.ts'

/** Status, service, people in roles, impact, latest update, outcome: a line each. */
export const facts: SummarySection = (incident, { words, mergedInto }) => [
  section(
    [
      statusLine(incident, mergedInto),
      serviceLine(incident, words),
      commanderLine(incident),
      ...words.roles
        .filter(({ id }) => id !== 'commander' && incident.roles[id])
        .map(({ id, name }) => say`${name} ${person(incident.roles[id] as string)}`),
      incident.impact && say`Impact: ${typed(incident.impact)}`,
      incident.latestUpdate &&
        incident.updatedAt &&
        say`Latest update (${time(incident.updatedAt)}): ${typed(incident.latestUpdate)}`,
      incident.outcome && say`Outcome: ${typed(incident.outcome)}`,
    ]
      .flatMap((line) => (line ? [mrkdwn(line)] : []))
      .join('\n'),
  ),
]

const statusLine = ({ status, mergedInto, milestones, declaredAt }: Incident, target: string | undefined): Phrase[] => {
  const began = milestones.impact_started?.at ?? declaredAt
  return [
    ...say`${strong(STATUS_NAMES[status])}`,
    ...(mergedInto ? say` into ${mergedInto}` : []),
    ...(target ? say`, in ${channel(target)}` : []),
    ...say` \u00b7 since ${time(began)}`,
    ...(milestones.identified ? say` \u00b7 cause known since ${time(milestones.identified.at)}` : []),
    ...(milestones.resolved ? say` \u00b7 lasted ${formatDuration(spanMs(began, milestones.resolved.at))}` : []),
  ]
}

const serviceLine = (incident: Incident, { catalogue }: Vocabulary): Phrase[] | undefined => {
  if (!incident.service) return undefined
  const service = catalogue.get(incident.service)
  return [
    ...say`Service ${strong(service?.name ?? incident.service)}`,
    ...(service?.owner ? say` (${person(service.owner)})` : []),
    ...(service?.runbook ? say` \u00b7 ${link(service.runbook, 'runbook')}` : []),
    ...(service ? [] : say` \u00b7 not in the catalogue yet: add it under services: in muster.yaml`),
  ]
}

const commanderLine = ({ roles, found }: Incident): Phrase[] => {
  if (roles.commander) return say`Commander ${person(roles.commander)}`
  const suggested = found.find(({ responder }) => responder)
  return suggested?.responder
    ? say`Commander ${strong('nobody yet')} \u00b7 suggested: ${person(suggested.responder)}, ${suggested.why}`
    : say`Commander ${strong('nobody yet')}`
}
