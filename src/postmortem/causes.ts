import { formatDuration, spanMs } from '../incident/measure.ts'
import { type Phrase, say } from '../incident/phrase.ts'
import { leadOf } from '../incident/ranking.ts'
import { leadPhrases } from '../incident/ranking-words.ts'
import { changePhrases, changeStories, outcomePhrases } from './changes.ts'
import type { Material } from './material.ts'
import { recorded, type Section } from './prose.ts'

/** What people wrote down as the cause; until somebody does, what the ranking suspects, marked as a suspicion. */
export const rootCauses = ({ facts }: Material): Section => {
  const identified = facts.statuses.flatMap(({ status, text }) => (status === 'identified' && text ? [text] : []))
  const causes = facts.labelled.cause.length > 0 ? facts.labelled.cause : identified
  if (causes.length > 0) return { known: recorded(causes), unknown: null }
  const suspicion =
    facts.ranking && leadOf(facts.ranking)
      ? [say`A suspicion from the metrics, not a verdict: ${leadPhrases(facts.ranking)}.`]
      : []
  return { known: suspicion, unknown: 'nobody recorded the root cause' }
}

/** What set it off: as recorded, and the change nearest before the harm. */
export const trigger = (material: Material): Section => {
  const known = recorded(material.facts.labelled.trigger)
  const candidate = triggerCandidate(material)
  if (known.length > 0) return { known: [...known, ...(candidate ? [candidate] : [])], unknown: null }
  return {
    known: [candidate ?? say`Muster saw no change before it.`],
    unknown: candidate ? 'nobody confirmed what triggered it' : 'nobody recorded what triggered it',
  }
}

const triggerCandidate = ({ incident, milestones, facts, clock, labels }: Material): Phrase[] | undefined => {
  const { impact_started: start, detected } = milestones
  const begun = (start ?? detected)?.at ?? incident.declaredAt
  const nearest = changeStories(facts.changes)
    .filter(({ from }) => from <= begun)
    .at(-1)
  if (!nearest) return undefined
  const ahead = begun - nearest.from
  const when = ahead < 1_000 ? 'the moment it began' : `${formatDuration(spanMs(nearest.from, begun))} before it began`
  const what = say`${changePhrases(nearest, labels)} at ${clock.say(nearest.from)}${outcomePhrases(nearest, clock)}`
  return facts.labelled.trigger.length > 0
    ? say`The nearest change before it: ${what}, ${when}.`
    : say`The nearest change before it, a candidate and not a verdict: ${what}, ${when}.`
}
