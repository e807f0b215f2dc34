import { formatDuration, spanMs } from '../incident/measure.ts'
import { type Phrase, say } from '../incident/phrase.ts'
import type { Material } from './material.ts'
import { alike, counted, recorded } from './prose.ts'

/** The summary for a manager who was asleep: what it was, who was affected, why, and the current state. */
export const summary = (material: Material): Phrase[][] => {
  const { incident, facts } = material
  const written = recorded(facts.labelled.summary.slice(-1))
  const body = written.length > 0 ? written : [...harmedOf(material), ...whyOf(material)]
  const open = incident.actions.filter(({ done }) => !done).length
  const sentences = [
    opening(material),
    ...body,
    ...(open > 0 ? [say`${counted(open, 'action item')} ${open === 1 ? 'is' : 'are'} still open.`] : []),
  ]
  // People write the same thing in two places; once is enough here.
  return sentences.filter((one, i) => !sentences.slice(0, i).some((earlier) => i > 1 && alike(earlier, one)))
}

const opening = ({ incident, milestones, clock, labels }: Material): Phrase[] => {
  const { impact_started: start, detected, declared, resolved } = milestones
  const begun = (start ?? detected ?? declared)?.at ?? incident.declaredAt
  const service = incident.service ? ` of ${labels.service(incident.service)}` : ''
  const kind = incident.drill ? 'drill, played as a ' : ''
  const what = `${incident.id} was a ${kind}${labels.severity(incident.severity)} incident${service}`
  if (!resolved || resolved.at < begun)
    return say`${what} that began at ${clock.say(begun)} and has not ended: it is ${incident.status}.`
  return say`${what} that lasted ${formatDuration(spanMs(begun, resolved.at))}, from ${clock.range(begun, resolved.at)}.`
}

const harmedOf = ({ facts }: Material): Phrase[][] =>
  recorded([...(facts.impact ? [facts.impact] : []), ...facts.labelled.impact].slice(-1))

/** The recorded cause, else the text of the resolution: both would say much the same. */
const whyOf = ({ incident, facts }: Material): Phrase[][] => {
  const cause = recorded(facts.labelled.cause.slice(-1))
  return cause.length > 0 || !incident.outcome ? cause : recorded([incident.outcome])
}
