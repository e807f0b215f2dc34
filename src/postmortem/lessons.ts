import { capital, formatDuration } from '../incident/measure.ts'
import { type Phrase, say, typed } from '../incident/phrase.ts'
import { EFFECT_VERBS } from '../incident/timeline.ts'
import type { Telling } from './telling.ts'

/** One list of the lessons: what people said, what the log suggests to talk about, and what is missing. */
export type Lessons<Sentences = Phrase[]> = { recorded: Sentences[]; prompts: Sentences[]; unknown: string | null }

const MINUTE = 60_000
/** From here on it is worth asking why it took so long. */
const NO_COMMANDER_MS = 5 * MINUTE
const SLOW_TO_ACKNOWLEDGE_MS = 5 * MINUTE
const SILENCE_MS = 30 * MINUTE
const SLOW_TO_DETECT_MS = 5 * MINUTE
const MOST_FAILURES = 3

/** What to talk about in the review. Prompts state what the log shows, about the work and never about a person. */
export const lessons = (telling: Telling): { well: Lessons; wrong: Lessons; lucky: Lessons } => {
  const { well, wrong, lucky } = telling.facts.labelled
  return {
    well: list(well, wentWell(telling), 'nobody recorded what went well'),
    wrong: list(wrong, wentWrong(telling), 'nobody recorded what went wrong'),
    lucky: list(lucky, [], 'nobody recorded where luck helped'),
  }
}

const list = (recorded: string[], prompts: Phrase[][], unknown: string): Lessons => ({
  recorded: recorded.map((text) => typed(capital(text))),
  prompts,
  unknown: recorded.length > 0 ? null : unknown,
})

const wentWell = ({ incident, facts, evidence }: Telling): Phrase[][] => {
  const { detected, acknowledged, mitigated, resolved } = incident.milestones
  const said: Phrase[][] = []
  if (detected && acknowledged && within(acknowledged.at - detected.at, SLOW_TO_ACKNOWLEDGE_MS))
    said.push(say`Somebody was on it ${formatDuration(acknowledged.at - detected.at)} after it was detected.`)
  const commandedAt = facts.roleTakenAt.get('commander')
  if (commandedAt !== undefined && within(commandedAt - incident.declaredAt, NO_COMMANDER_MS))
    said.push(say`It had a commander ${afterMs(commandedAt - incident.declaredAt)}.`)
  if (mitigated && resolved && resolved.at - mitigated.at >= MINUTE)
    said.push(
      say`The harm was stopped first: it was mitigated ${formatDuration(resolved.at - mitigated.at)} before everything was resolved.`,
    )
  if (facts.updates.length > 0 && longestSilence(incident, facts) <= SILENCE_MS)
    said.push(
      say`People were told where things stood ${facts.updates.length === 1 ? 'once' : `${facts.updates.length} times`}, and never waited longer than ${formatDuration(longestSilence(incident, facts))}.`,
    )
  const kept = evidence.filter(({ charts, logs }) => charts.length > 0 || logs !== null).length
  if (kept > 0)
    said.push(
      say`The evidence was kept: ${kept === 1 ? '1 look' : `${kept} looks`} at the systems can still be seen below.`,
    )
  return said
}

const wentWrong = ({ incident, facts, labels, evidence }: Telling): Phrase[][] => {
  const { impact_started: start, detected, acknowledged, resolved } = incident.milestones
  const said: Phrase[][] = []
  if (start && detected && detected.at - start.at >= SLOW_TO_DETECT_MS)
    said.push(say`It went unnoticed for ${formatDuration(detected.at - start.at)}. What would have shown it sooner?`)
  if (!facts.alerts.opening) said.push(say`People noticed it before any alert did. Which alert was missing?`)
  if (detected && acknowledged && acknowledged.at - detected.at > SLOW_TO_ACKNOWLEDGE_MS)
    said.push(say`${formatDuration(acknowledged.at - detected.at)} passed before somebody acknowledged it.`)
  const commandedAt = facts.roleTakenAt.get('commander')
  if (commandedAt === undefined) said.push(say`Nobody held command. Was it clear who decides?`)
  else if (commandedAt - incident.declaredAt > NO_COMMANDER_MS)
    said.push(say`Nobody held command for the first ${formatDuration(commandedAt - incident.declaredAt)}.`)
  const silence = longestSilence(incident, facts)
  if (facts.updates.length === 0 && resolved && resolved.at - incident.declaredAt > SILENCE_MS)
    said.push(
      say`No update was posted in ${formatDuration(resolved.at - incident.declaredAt)}. Who was waiting for one?`,
    )
  else if (facts.updates.length > 0 && silence > SILENCE_MS)
    said.push(say`${formatDuration(silence)} passed without an update. Who was waiting for one?`)
  const last = facts.severities.at(-1)
  if (last && last.severity !== facts.firstSeverity)
    said.push(
      say`The severity went from ${labels.severity(facts.firstSeverity)} to ${labels.severity(last.severity)} after ${formatDuration(Math.max(0, last.at - incident.declaredAt))}. What would have told at once?`,
    )
  const reopened = reopenings(facts.statuses.map(({ status }) => status))
  if (reopened > 0)
    said.push(
      say`It came back ${reopened === 1 ? 'once' : `${reopened} times`} after it was taken for over. What was believed too early?`,
    )
  for (const { title, missing } of evidence)
    if (missing !== null) said.push(say`Evidence was missing, ${title}: ${missing}`)
  for (const { effect, reason } of facts.failures.slice(0, MOST_FAILURES))
    said.push(say`Muster could not ${EFFECT_VERBS[effect.type]}: ${reason}`)
  return said
}

const within = (ms: number, limit: number): boolean => ms >= 0 && ms <= limit

const afterMs = (ms: number): string =>
  ms < 1_000 ? 'from the first moment' : `${formatDuration(ms)} after it was declared`

const reopenings = (statuses: string[]): number =>
  statuses.filter(
    (status, i) =>
      (status === 'investigating' || status === 'identified') &&
      ['mitigated', 'resolved'].includes(statuses[i - 1] ?? ''),
  ).length

/** How long people waited for word at the longest, from the declaration to the end. */
const longestSilence = (incident: Telling['incident'], facts: Telling['facts']): number => {
  const end = incident.milestones.resolved ? [incident.milestones.resolved.at] : []
  const moments = [incident.declaredAt, ...facts.updates, ...end].sort((a, b) => a - b)
  return moments.slice(1).reduce((longest, at, i) => Math.max(longest, at - (moments[i] as number)), 0)
}
