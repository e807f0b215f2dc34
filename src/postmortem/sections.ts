import { formatDuration } from '../incident/measure.ts'
import { MILESTONE_NAMES } from '../incident/milestones.ts'
import { type Phrase, person, say, strong, typed } from '../incident/phrase.ts'
import type { Telling } from './data.ts'

/** One section in sentences, and what is missing in it, said after "Not known yet:". */
export type Section<Sentences = Phrase[]> = { known: Sentences[]; unknown: string | null }

/** Ends like a sentence, whatever a person typed. */
const ended = (phrases: Phrase[]): Phrase[] => {
  const last = phrases.at(-1)
  return last && 'text' in last && /[.!?…:]["')\]]?\s*$/.test(last.text) ? phrases : [...phrases, { text: '.' }]
}

const recorded = (texts: readonly string[]): Phrase[][] => texts.map((text) => ended(typed(text)))

const counted = (count: number, one: string, many = `${one}s`): string => `${count} ${count === 1 ? one : many}`

/** What it was, how long it lasted, what alerted, what it came from and what was done: facts in a few sentences. */
export const summary = ({ incident, facts, clock, labels }: Telling): Phrase[][] => {
  const { resolved } = incident.milestones
  const begun = beginning(incident.milestones)
  const service = incident.service ? ` of ${labels.service(incident.service)}` : ''
  const kind = incident.drill ? 'a drill, played as' : ''
  return [
    say`${strong(incident.title)}: ${kind ? `${kind} ` : ''}${labels.severity(incident.severity)} incident${service}.`,
    resolved && begun && resolved.at >= begun.at
      ? say`It lasted ${formatDuration(resolved.at - begun.at)}, from ${clock.say(begun.at)} to ${clock.say(resolved.at)}.`
      : say`It is ${incident.status}; its end is not recorded.`,
    alerted({ incident, facts }),
    ...recorded(facts.labelled.cause.slice(-1)),
    ...(incident.outcome ? [ended(typed(incident.outcome))] : []),
  ]
}

const alerted = ({ incident, facts }: Pick<Telling, 'incident' | 'facts'>): Phrase[] => {
  const { opening, joined } = facts.alerts
  const more = joined > 0 ? `${counted(joined, 'alert')} joined it` : ''
  if (opening)
    return say`An alert from ${person(opening)} opened it${more ? `; ${joined === 1 ? '1 more alert joined it' : `${joined} more alerts joined it`}` : ''}.`
  return say`${person(incident.declaredBy)} declared it by hand${more ? `; ${more} later` : '; no alert fired'}.`
}

const beginning = (milestones: Telling['incident']['milestones']) =>
  milestones.impact_started ?? milestones.detected ?? milestones.declared

/** Who was harmed, for how long, and by how much the numbers moved. */
export const impact = ({ incident, facts, clock, evidence }: Telling): Section => {
  const { impact_started: start, mitigated } = incident.milestones
  const described = [...(incident.impact ? [incident.impact] : []), ...facts.labelled.impact]
  const lasted =
    start && mitigated && mitigated.at >= start.at
      ? [
          say`The harm lasted ${formatDuration(mitigated.at - start.at)}: from ${clock.say(start.at)} (${typed(start.source)}) to ${clock.say(mitigated.at)} (${typed(mitigated.source)}).`,
        ]
      : []
  const moved = evidence
    .filter(({ before, during }) => before !== null && during !== null)
    .slice(0, 6)
    .map(
      ({ title, before, during, after }) =>
        say`${title}: ${before ?? ''} before, ${during ?? ''} when it was looked at first${after ? `, ${after} at the end` : ''}.`,
    )
  const { total } = incident.alerts
  const firing = incident.alerts.firing
  const alerts =
    total > 0
      ? [
          say`${counted(total, 'alert')} belonged to it; ${firing === 0 ? 'all have resolved' : `${firing} still firing`}.`,
        ]
      : []
  return {
    known: [...recorded(described), ...lasted, ...moved, ...alerts],
    unknown: described.length > 0 ? null : 'nobody described who was harmed, and how',
  }
}

/** What people wrote down as the cause. Nothing is guessed here. */
export const rootCauses = ({ facts }: Telling): Section => {
  const identified = facts.statuses.flatMap(({ status, text }) => (status === 'identified' && text ? [text] : []))
  const causes = facts.labelled.cause.length > 0 ? facts.labelled.cause : identified
  return { known: recorded(causes), unknown: causes.length > 0 ? null : 'nobody recorded the root cause' }
}

/** What set it off: as recorded, and the nearest change before the harm as a candidate. */
export const trigger = ({ incident, facts, clock }: Telling): Section => {
  const known = recorded(facts.labelled.trigger)
  const begun = beginning(incident.milestones)?.at ?? incident.declaredAt
  const nearest = facts.changes.filter(({ at }) => at <= begun).sort((a, b) => b.at - a.at)[0]
  const candidate = nearest
    ? [
        say`The nearest change before it, a candidate and not a verdict: ${strong(nearest.title)}${nearest.service ? ` (${nearest.service})` : ''}${nearest.by ? say` by ${person(nearest.by)}` : ''} at ${clock.say(nearest.at)}, ${formatDuration(begun - nearest.at)} before it began.`,
      ]
    : [say`No change before it was seen by Muster.`]
  const missing = nearest ? 'nobody confirmed what triggered it' : 'nobody recorded what triggered it'
  return { known: [...known, ...candidate], unknown: known.length > 0 ? null : missing }
}

/** What ended it, step by step. */
export const resolution = ({ incident, facts, clock }: Telling): Section => {
  const { mitigated, resolved } = incident.milestones
  const ends = facts.statuses
    .filter(({ status }) => status === 'mitigated' || status === 'resolved')
    .map(({ status, at, by, text }) => {
      const verb = status === 'mitigated' ? 'Mitigated' : 'Resolved'
      return text
        ? ended(say`${verb} at ${clock.say(at)} by ${person(by)}: ${typed(text)}`)
        : say`${verb} at ${clock.say(at)} by ${person(by)}.`
    })
  const begun = beginning(incident.milestones)?.at ?? incident.declaredAt
  const during = facts.changes
    .filter(({ at }) => at > begun && (!resolved || at <= resolved.at))
    .sort((a, b) => a.at - b.at)
    .map(({ title, service, by, at }) =>
      ended(
        say`Changed meanwhile, at ${clock.say(at)}: ${strong(title)}${service ? ` (${service})` : ''}${by ? say` by ${person(by)}` : ''}`,
      ),
    )
  const told =
    facts.labelled.resolution.length > 0 || facts.statuses.some(({ status, text }) => ENDS.has(status) && text)
  const unknown = told ? null : mitigated || resolved ? 'nobody recorded what ended it' : 'it has not ended yet'
  return { known: [...recorded(facts.labelled.resolution), ...ends, ...during], unknown }
}

const ENDS = new Set<string>(['mitigated', 'resolved'])

/** Who or what noticed, and after how long. */
export const detection = ({ incident, facts, clock }: Telling): Section => {
  const { impact_started: start, detected, declared } = incident.milestones
  const { opening, firstJoinedAt } = facts.alerts
  const noticed = opening
    ? say`An alert from ${person(opening)} noticed it`
    : say`A person noticed it: ${person(incident.declaredBy)} declared it at ${clock.say(incident.declaredAt)}`
  const late =
    start && detected && detected.at >= start.at
      ? detected.at - start.at < 1_000
        ? say`, at once, as far as the log tells (${clock.say(detected.at)}, ${typed(detected.source)})`
        : say`, ${formatDuration(detected.at - start.at)} after it began (${clock.say(detected.at)}, ${typed(detected.source)})`
      : []
  const alertLater = opening
    ? []
    : firstJoinedAt && declared && firstJoinedAt > declared.at
      ? [say`The first alert came ${formatDuration(firstJoinedAt - declared.at)} after that.`]
      : [say`No alert told of it before.`]
  const outOfOrder = start && detected && detected.at < start.at
  return {
    known: [...recorded(facts.labelled.detection), [...noticed, ...late, { text: '.' }], ...alertLater],
    unknown: outOfOrder
      ? `${MILESTONE_NAMES.detected} is before ${MILESTONE_NAMES.impact_started}, so one of the two times is wrong`
      : start
        ? null
        : 'nobody recorded when it began, so how long it went unnoticed cannot be told',
  }
}
