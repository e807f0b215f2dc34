import { formatDuration, spanMs } from '../incident/measure.ts'
import { FIRST_ALERT, isAssumed } from '../incident/milestones.ts'
import { type Phrase, person, say, typed } from '../incident/phrase.ts'
import { changePhrases, changeStories, changeVerb, isFailed } from './changes.ts'
import type { Material } from './material.ts'
import { recorded, type Section, sentence } from './prose.ts'
import { isTraffic } from './signal-kind.ts'

const ENDS: ReadonlySet<string> = new Set(['mitigated', 'resolved'])

/** What ended it, step by step: what was mitigated, rolled back and deployed. What failed ended nothing. */
export const resolution = ({ incident, milestones, facts, clock, labels }: Material): Section => {
  const { mitigated, resolved } = milestones
  const begun = (milestones.impact_started ?? milestones.detected)?.at ?? incident.declaredAt
  const statuses = facts.statuses.map((status, i) => ({
    ...status,
    /** When it turned out not to have held. */
    undone: facts.statuses.slice(i + 1).find((later) => !ENDS.has(later.status) && later.status !== 'closed')?.at,
  }))
  const ends = statuses.filter(
    ({ status, text }, i) => ENDS.has(status) && (status !== statuses[i - 1]?.status || text !== statuses[i - 1]?.text),
  )
  const steps = [
    ...ends.map(({ status, at, by, text, undone }) => ({
      at,
      phrases: say`${status === 'mitigated' ? 'Mitigated' : 'Resolved'} at ${clock.say(at)} by ${person(by)}${undone === undefined ? [] : say`, which held until ${clock.say(undone)}`}${text ? [{ text: ': ' }, ...typed(text)] : ''}`,
    })),
    ...changeStories(facts.changes)
      .filter((change) => change.from > begun && (!resolved || change.from <= resolved.at) && !isFailed(change))
      .map((change) => ({
        at: change.from,
        phrases: say`${changeVerb(change)} at ${clock.say(change.from)}: ${changePhrases(change, labels)}`,
      })),
  ].sort((a, b) => a.at - b.at)
  const isSaid = facts.labelled.resolution.length > 0 || ends.some(({ text }) => text)
  return {
    known: [...recorded(facts.labelled.resolution), ...steps.map(({ phrases }) => sentence(phrases))],
    unknown: isSaid ? null : mitigated || resolved ? 'nobody recorded what ended it' : 'it has not ended yet',
  }
}

/** Who or what noticed, after how long, and what could have shown it before. */
export const detection = (material: Material): Section => {
  const { incident, milestones, facts, clock } = material
  const { impact_started: start, detected } = milestones
  const { opening, firstJoinedAt } = facts.alerts
  const at = clock.say(detected?.at ?? incident.declaredAt)
  const noticed = opening
    ? say`An alert from ${person(opening)} reported it at ${at}`
    : say`${facts.labelled.detection.length > 0 ? '' : 'People noticed it: '}${person(incident.declaredBy)} declared it at ${clock.say(incident.declaredAt)}`
  const measured = start && detected && !isAssumed(start) ? detected.at - start.at : 0
  const late =
    measured >= 1_000 && start && detected
      ? say`, ${material.harm.older && start.estimate ? 'at least ' : ''}${formatDuration(spanMs(start.at, detected.at))} after it began`
      : []
  const alertsLater =
    firstJoinedAt && firstJoinedAt > incident.declaredAt
      ? say`The first alert came ${formatDuration(spanMs(incident.declaredAt, firstJoinedAt))} after that.`
      : say`No alert reported it.`
  return {
    known: [
      ...recorded(facts.labelled.detection),
      [...noticed, ...late, { text: '.' }],
      ...(opening ? [] : [alertsLater]),
      ...warnings(material),
    ],
    unknown: unknownDetection(material),
  }
}

/** An early signal must precede the detection by this much to be called a warning. */
const WARNING_MS = 60_000
const MOST_WARNINGS = 4

/** Other signals that had left their usual range before the detection. */
const warnings = ({ milestones, evidence, harm, clock }: Material): Phrase[][] => {
  const detected = milestones.detected?.at
  if (detected === undefined) return []
  const early = evidence
    .flatMap((signal) => {
      const from = signal.reading?.episodes.findLast((episode) => episode.from <= detected)?.from
      const isWarning = from !== undefined && detected - from >= WARNING_MS
      return isWarning && signal.title !== harm.signal && !isTraffic(signal) ? [{ title: signal.title, from }] : []
    })
    .sort((a, b) => a.from - b.from)
  if (early.length === 0) return []
  const named = early.slice(0, MOST_WARNINGS).map(({ title, from }) => `"${title}" since ${clock.say(from)}`)
  const more = early.length > named.length ? `, and ${early.length - named.length} more` : ''
  return [say`Out of the usual range before anybody knew: ${named.join(', ')}${more}.`]
}

const unknownDetection = ({ milestones: { impact_started: start, detected }, harm }: Material): string | null => {
  if (!start) return 'nobody recorded when it began'
  if (detected && detected.at < start.at)
    return 'it is recorded as detected before it began, so one of the two times is wrong'
  if (start.estimate) return harm.older ? 'the graphs begin after the harm did' : null
  return isAssumed(start) ? `nobody recorded when it really began; the ${FIRST_ALERT} is no earlier than that` : null
}
