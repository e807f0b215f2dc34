import { formatDuration, spanMs } from '../incident/measure.ts'
import { code, type Phrase, say, typed } from '../incident/phrase.ts'
import { callersThatBegan, leadOf, verdictsOf } from '../incident/ranking.ts'
import { leadPhrases, verdictPhrases } from '../incident/ranking-words.ts'
import { formatValue } from '../incident/unit.ts'
import { changePhrases, changeStories, outcomePhrases } from './changes.ts'
import type { Material } from './material.ts'
import { recorded, type Section, sentence } from './prose.ts'

/**
 * The recorded cause, and whether the suspect ranking had named it. Until it is recorded, the ranking's result, marked
 * as a suspicion.
 */
export const rootCauses = ({ incident, facts }: Material): Section => {
  const identified = facts.statuses.flatMap(({ status, text }) => (status === 'identified' && text ? [text] : []))
  const causes = recorded(facts.labelled.cause.length > 0 ? facts.labelled.cause : identified)
  const { cause } = incident
  if (cause) {
    const named = sentence(
      say`At fault: ${code(cause.service)}${cause.why ? [{ text: ': ' }, ...typed(cause.why)] : ''}`,
    )
    const verdict = verdictPhrases(verdictsOf(facts.rankings, cause.service), cause.service, incident.declaredAt)
    return { known: [named, ...causes, ...(verdict ? [sentence(verdict)] : [])], unknown: null }
  }
  const latest = facts.rankings.findLast(({ read }) => read.series > 0)
  const suspicion =
    latest && leadOf(latest) ? [say`A suspicion from the metrics, not a verdict: ${leadPhrases(latest)}.`] : []
  return {
    known: causes.length > 0 ? causes : suspicion,
    unknown: causes.length > 0 ? null : 'nobody recorded the root cause',
  }
}

/** What set it off: as recorded, the change nearest before the harm, and who began to call then. */
export const trigger = (material: Material): Section => {
  const known = recorded(material.facts.labelled.trigger)
  const candidate = triggerCandidate(material)
  const candidates = [...(candidate ? [candidate] : []), ...newCallers(material)]
  if (known.length > 0) return { known: [...known, ...candidates], unknown: null }
  return {
    known: candidates.length > 0 ? candidates : [say`Muster saw no change before it.`],
    unknown: candidates.length > 0 ? 'nobody confirmed what triggered it' : 'nobody recorded what triggered it',
  }
}

/** A caller that began a moment after the first sign was noticed may still have caused it: metrics lag by a scrape. */
const LAG_MS = 2 * 60_000

/** Services that began to call another around the beginning: a load that no deploy explains. */
const newCallers = ({ incident, milestones, clock }: Material): Phrase[][] => {
  const { impact_started: start, detected } = milestones
  const begun = (start ?? detected)?.at ?? incident.declaredAt
  return callersThatBegan(incident.ranking)
    .filter(({ since }) => since <= begun + LAG_MS)
    .slice(0, MOST_CALLERS)
    .map(
      ({ client, server, since, now }) =>
        say`New at that time: ${code(client)} began to call ${code(server)} at ${clock.say(since)}, ${formatValue(now, 'requests/s')}.`,
    )
}

const MOST_CALLERS = 3

const triggerCandidate = ({ incident, milestones, facts, clock, labels }: Material): Phrase[] | undefined => {
  const { impact_started: start, detected } = milestones
  const begun = (start ?? detected)?.at ?? incident.declaredAt
  const nearest = changeStories(facts.changes)
    .filter(({ from }) => from <= begun)
    .at(-1)
  if (!nearest) return undefined
  const ahead = begun - nearest.from
  const when = ahead < 1_000 ? 'the moment it began' : `${formatDuration(spanMs(nearest.from, begun))} before it began`
  const what = say`${changePhrases(nearest, labels)} at ${clock.say(nearest.from)}, ${when}${outcomePhrases(nearest, clock)}`
  return facts.labelled.trigger.length > 0
    ? say`The nearest change before it: ${what}.`
    : say`The nearest change before it, a candidate and not a verdict: ${what}.`
}
