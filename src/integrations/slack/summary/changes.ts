import type { ChangeRelation } from '../../../incident/change.ts'
import { deployments, isRollback, type RelatedChange } from '../../../incident/change-lines.ts'
import type { Incident } from '../../../incident/incident.ts'
import { formatDuration, shorten } from '../../../incident/measure.ts'
import { link, type Phrase, say, strong } from '../../../incident/phrase.ts'
import { context } from '../block.ts'
import { mrkdwn } from '../mrkdwn.ts'
import type { SummarySection } from './section.ts'

const SHOWN = 3

/** Recent deploys and changes: related services first, then those before the start, each nearest to it first. */
export const changes: SummarySection = (incident, { words }) => {
  const recent = deployments(incident.changes)
  const name = (id: string | undefined) => (id === undefined ? 'it' : (words.catalogue.get(id)?.name ?? id))
  const searched = noneRelated(incident, name(incident.service))
  if (recent.length === 0) return searched ? [context(mrkdwn(say`:package: ${searched}`))] : []
  const began = incident.milestones.impact_started?.at ?? incident.declaredAt
  // What changed before it began may have caused it; what came after is a fix, however near it is.
  const rank = (change: RelatedChange) => (change.relation ? 0 : 2) + (startOf(change) <= began ? 0 : 1)
  const lines = recent
    .toSorted((a, b) => rank(a) - rank(b) || Math.abs(began - startOf(a)) - Math.abs(began - startOf(b)))
    .slice(0, SHOWN)
    .map((change) => line(change, incident, began))
  return [context(`:package: Recent changes:\n${[...lines, ...(searched ? [searched] : [])].map(mrkdwn).join('\n')}`)]
}

/** A deploy does its harm from when it starts, whenever its pipeline ends. */
const startOf = ({ startedAt, at }: RelatedChange): number => startedAt ?? at

const beside = (at: number, began: number): string =>
  `${formatDuration(Math.abs(began - at))} ${at <= began ? 'before' : 'after'}`

const line = (change: RelatedChange, incident: Incident, began: number): Phrase[] => {
  const { title, url, at, service, by, relation, outcome, rolledBack } = change
  const mark = outcome === 'failed' ? ':x: ' : isRollback(change) ? ':leftwards_arrow_with_hook: ' : ''
  return [
    ...say`${mark}${url ? [link(url, shorten(title, 120))] : shorten(title, 120)}`,
    ...(service
      ? say` \u00b7 ${relation ? strong(`${service}, ${RELATIONS[relation](incident)}`) : { text: service }}`
      : []),
    ...(by ? say` by ${by}` : []),
    ...say` \u00b7 ${beside(startOf(change), began)} it began`,
    ...(outcome === 'failed' && startOf(change) < at ? say`, failed ${beside(at, began)}` : []),
    ...(rolledBack ? say` \u00b7 ${strong('rolled back')}` : []),
  ]
}

/** How a changed service is related to the incident. An incident declared by a person has no alert to mention. */
const RELATIONS: Record<ChangeRelation, (incident: Incident) => string> = {
  alerting: ({ alert }) => (alert ? 'the alerting service' : 'the affected service'),
  upstream: ({ service = 'the affected service' }) => `which ${service} depends on`,
  sibling: ({ service = 'the affected service' }) => `which shares a dependency with ${service}`,
}

/** No result is a finding, too: nobody needs to search the deploys. */
const noneRelated = ({ changes, changesSearched }: Incident, service: string): Phrase[] | undefined =>
  changesSearched && !changes.some(({ relation }) => relation)
    ? say`No change reported for ${service} or what it depends on in the ${Math.round(changesSearched.windowMs / 3_600_000)} h before it began`
    : undefined
