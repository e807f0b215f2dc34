import { EFFECT_VERBS } from '../incident/effect-verbs.ts'
import { capital, formatDuration, spanMs } from '../incident/measure.ts'
import { isAssumed } from '../incident/milestones.ts'
import { type Phrase, say, typed } from '../incident/phrase.ts'
import type { Facts } from './facts.ts'
import type { Material } from './material.ts'
import { counted, times } from './prose.ts'

/** One list of the lessons: what people noted, what the log suggests to discuss, and what is missing. */
export type Lessons<Sentences = Phrase[]> = { recorded: Sentences[]; prompts: Sentences[]; unknown: string | null }

const MINUTE = 60_000
/** From here on it is worth asking why it took so long. */
const NO_COMMANDER_MS = 5 * MINUTE
const SLOW_TO_ACKNOWLEDGE_MS = 5 * MINUTE
const SILENCE_MS = 30 * MINUTE
const SLOW_TO_DETECT_MS = 5 * MINUTE
/** Failures of Muster itself that changed how people could respond; the rest is no lesson about the outage. */
const TELLING_FAILURES: ReadonlySet<string> = new Set(['open_channel', 'find_on_call', 'page', 'page_responder'])

/** What to talk about in the review. Prompts state what the log shows, about the work and never about a person. */
export const lessons = (material: Material): { well: Lessons; wrong: Lessons; lucky: Lessons } => {
  const { well, wrong, lucky } = material.facts.labelled
  return {
    well: list(well, wentWell(material), 'nobody recorded what went well'),
    wrong: list(wrong, wentWrong(material), 'nobody recorded what went wrong'),
    lucky: list(lucky, [], 'nobody recorded where luck helped'),
  }
}

const list = (recorded: string[], prompts: Phrase[][], unknown: string): Lessons => ({
  recorded: [...new Set(recorded)].map((text) => typed(capital(text))),
  prompts,
  unknown: recorded.length > 0 ? null : unknown,
})

const wentWell = (material: Material): Phrase[][] => {
  const { incident, facts, evidence } = material
  const { detected, acknowledged, commander } = material.milestones
  const lines: Phrase[][] = []
  if (detected && acknowledged && within(acknowledged.at - detected.at, SLOW_TO_ACKNOWLEDGE_MS))
    lines.push(say`Somebody was on it ${formatDuration(spanMs(detected.at, acknowledged.at))} after it was detected.`)
  if (commander && within(commander.at - incident.declaredAt, NO_COMMANDER_MS))
    lines.push(say`It had a commander ${afterDeclaration(incident.declaredAt, commander.at)}.`)
  lines.push(...harmFirst(material))
  const steps = [...facts.firstSteps.values()]
  if (steps.length > 0)
    lines.push(
      say`${steps.length === 1 ? 'One first step was done' : `${steps.length} first steps were done, the last`} ${afterDeclaration(incident.declaredAt, Math.max(...steps))}.`,
    )
  const silence = longestSilence(incident, facts)
  if (facts.updates.length > 0 && silence <= SILENCE_MS)
    lines.push(
      say`${facts.updates.length === 1 ? 'An update was' : `${facts.updates.length} updates were`} posted, and nobody waited longer than ${formatDuration(silence)} for one.`,
    )
  const graphs = evidence.filter(({ reading }) => reading).length
  const logs = evidence.some((item) => item.logs !== null)
  if (graphs > 0)
    lines.push(
      say`The evidence was kept: ${counted(graphs, 'graph')}${logs ? ' and the logs' : ''}, frozen while they could still be read.`,
    )
  return lines
}

/** Only when it was mitigated before the cause was known, and no graph shows that it came back. */
const harmFirst = ({ milestones: { mitigated, identified, resolved }, harm }: Material): Phrase[][] => {
  const held = mitigated && harm.relapses.length === 0
  const before = held && identified && mitigated.at < identified.at
  const apart = mitigated && resolved && mitigated.at < resolved.at
  return before && apart
    ? [
        say`The harm was stopped first: it was mitigated ${formatDuration(spanMs(mitigated.at, identified.at))} before its cause was known.`,
      ]
    : []
}

const wentWrong = (material: Material): Phrase[][] => {
  const { incident, facts, labels, evidence, harm } = material
  const { impact_started: start, detected, acknowledged, commander, mitigated, resolved } = material.milestones
  const lines: Phrase[][] = []
  if (start && detected && !isAssumed(start) && detected.at - start.at >= SLOW_TO_DETECT_MS)
    lines.push(
      say`It went unnoticed for ${harm.older ? 'at least ' : ''}${formatDuration(spanMs(start.at, detected.at))}. What would have shown it sooner?`,
    )
  if (!facts.alerts.opening) lines.push(say`People noticed it before any alert did. Which alert was missing?`)
  if (detected && acknowledged && acknowledged.at - detected.at > SLOW_TO_ACKNOWLEDGE_MS)
    lines.push(say`${formatDuration(spanMs(detected.at, acknowledged.at))} passed before somebody acknowledged it.`)
  if (!commander) lines.push(say`Nobody was in command. Was it clear who decides?`)
  else if (commander.at - incident.declaredAt > NO_COMMANDER_MS)
    lines.push(say`Nobody was in command for ${formatDuration(spanMs(incident.declaredAt, commander.at))}.`)
  const silence = longestSilence(incident, facts)
  if (facts.updates.length === 0 && resolved && resolved.at - incident.declaredAt > SILENCE_MS)
    lines.push(
      say`No update was posted in ${formatDuration(spanMs(incident.declaredAt, resolved.at))}. Who was waiting for one?`,
    )
  else if (facts.updates.length > 0 && silence > SILENCE_MS)
    lines.push(say`${formatDuration(silence)} passed without an update. Who was waiting for one?`)
  const last = facts.severities.at(-1)
  if (last && last.severity !== facts.firstSeverity)
    lines.push(
      say`The severity went from ${labels.severity(facts.firstSeverity)} to ${labels.severity(last.severity)} after ${formatDuration(spanMs(incident.declaredAt, Math.max(incident.declaredAt, last.at)))}. What would have shown it at once?`,
    )
  const reopened = reopenings(facts.statuses.map(({ status }) => status))
  if (reopened > 0) lines.push(say`It came back ${times(reopened)} after it seemed over. What was believed too early?`)
  else if (mitigated && harm.relapses.length > 0)
    lines.push(
      say`The mitigation did not hold: "${harm.signal ?? ''}" left its usual range again ${formatDuration(spanMs(mitigated.at, harm.relapses[0]?.from ?? mitigated.at))} later.`,
    )
  const unanswered = new Map(evidence.flatMap(({ source, missing }) => (missing === null ? [] : [[source, missing]])))
  for (const [source, reason] of unanswered) lines.push(say`Some evidence is missing, from ${source}: ${reason}`)
  for (const { effect, reason } of facts.failures.filter(({ effect }) => TELLING_FAILURES.has(effect.type)))
    lines.push(say`Muster could not ${EFFECT_VERBS[effect.type]}: ${reason}`)
  return lines
}

const within = (ms: number, limit: number): boolean => ms >= 0 && ms <= limit

const afterDeclaration = (declaredAt: number, at: number): string =>
  at - declaredAt < 1_000 ? 'from the first moment' : `${formatDuration(spanMs(declaredAt, at))} after it was declared`

const reopenings = (statuses: string[]): number =>
  statuses.filter(
    (status, i) =>
      (status === 'investigating' || status === 'identified') &&
      ['mitigated', 'resolved'].includes(statuses[i - 1] ?? ''),
  ).length

/** The longest time without an update, ms, from the declaration to the end. */
const longestSilence = (incident: Material['incident'], facts: Facts): number => {
  const end = incident.milestones.resolved ? [incident.milestones.resolved.at] : []
  const moments = [incident.declaredAt, ...facts.updates, ...end].sort((a, b) => a - b)
  return moments.slice(1).reduce((longest, at, i) => Math.max(longest, spanMs(moments[i] as number, at)), 0)
}
