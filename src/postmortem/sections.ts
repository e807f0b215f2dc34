import type { Change } from '../incident/change.ts'
import { capital, formatDuration } from '../incident/measure.ts'
import type { Milestones } from '../incident/milestones.ts'
import { type Phrase, person, say, strong, typed } from '../incident/phrase.ts'
import type { Labels, Telling } from './telling.ts'

/** One section in sentences, and what is missing in it, said after "Not known yet:". */
export type Section<Sentences = Phrase[]> = { known: Sentences[]; unknown: string | null }

/** Begins and ends like a sentence, whatever a person typed. */
const told = (phrases: Phrase[]): Phrase[] => {
  const [first, ...rest] = phrases
  const begun = first && 'text' in first ? [{ text: capital(first.text) }, ...rest] : phrases
  const last = begun.at(-1)
  return last && 'text' in last && /[.!?…:]["')\]]?\s*$/.test(last.text) ? begun : [...begun, { text: '.' }]
}

const recorded = (texts: readonly string[]): Phrase[][] => texts.map((text) => told(typed(text)))

const counted = (count: number, one: string, many = `${one}s`): string => `${count} ${count === 1 ? one : many}`

/** What it was, how long it lasted, what alerted, what it came from and what was done: facts in a few sentences. */
export const summary = ({ incident, facts, clock, labels }: Telling): Phrase[][] => {
  const { resolved } = incident.milestones
  const begun = beginning(incident.milestones)
  const service = incident.service ? ` of ${labels.service(incident.service)}` : ''
  const kind = incident.drill ? 'drill, played as a ' : ''
  const ended = resolved && begun && resolved.at >= begun.at
  return [
    say`${incident.id} was a ${kind}${labels.severity(incident.severity)} incident${service}: ${strong(incident.title)}.`,
    ended
      ? say`It lasted ${formatDuration(resolved.at - begun.at)}, from ${clock.say(begun.at)} to ${clock.say(resolved.at)}.`
      : say`Its end is not recorded; its status is ${incident.status}.`,
    alerted({ incident, facts }),
    ...recorded(facts.labelled.cause.slice(-1)),
    ...(incident.outcome ? recorded([incident.outcome]) : []),
  ]
}

const alerted = ({ incident, facts }: Pick<Telling, 'incident' | 'facts'>): Phrase[] => {
  const { opening, joined } = facts.alerts
  if (opening) return say`An alert from ${person(opening)} opened it${joined > 0 ? `, and ${joined} more joined` : ''}.`
  return say`${person(incident.declaredBy)} declared it by hand${joined > 0 ? `; ${counted(joined, 'alert')} joined later` : ''}.`
}

const beginning = (milestones: Milestones) => milestones.impact_started ?? milestones.detected ?? milestones.declared

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
    .filter((item) => item.moved)
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
export const trigger = ({ incident, facts, clock, labels }: Telling): Section => {
  const known = recorded(facts.labelled.trigger)
  const begun = beginning(incident.milestones)?.at ?? incident.declaredAt
  const nearest = facts.changes.filter(({ at }) => at <= begun).sort((a, b) => b.at - a.at)[0]
  const candidate = nearest
    ? [
        say`The nearest change before it, a candidate and not a verdict: ${changed(nearest, labels)} at ${clock.say(nearest.at)}, ${begun - nearest.at < 1_000 ? 'the moment it began' : `${formatDuration(begun - nearest.at)} before it began`}.`,
      ]
    : [say`Muster saw no change before it.`]
  const missing = nearest ? 'nobody confirmed what triggered it' : 'nobody recorded what triggered it'
  return { known: [...known, ...candidate], unknown: known.length > 0 ? null : missing }
}

/** A change in words: what, where, by whom, and what became of it when it went wrong. */
const changed = ({ title, service, by, outcome }: Change, labels: Labels): Phrase[] => [
  strong(title),
  ...(service ? say` (${labels.service(service)})` : []),
  ...(by ? say` by ${person(by)}` : []),
  ...(outcome === 'failed' || outcome === 'rolled_back' ? say`, ${outcome.replace('_', ' ')}` : []),
]

/** What ended it, step by step. */
export const resolution = ({ incident, facts, clock, labels }: Telling): Section => {
  const { mitigated, resolved } = incident.milestones
  const ends = facts.statuses.filter(({ status }) => ENDS.has(status))
  const begun = beginning(incident.milestones)?.at ?? incident.declaredAt
  const steps = [
    ...ends.map(({ status, at, by, text }) => {
      const verb = status === 'mitigated' ? 'Mitigated' : 'Resolved'
      return {
        at,
        said: say`${verb} at ${clock.say(at)} by ${person(by)}${text ? [{ text: ': ' }, ...typed(text)] : ''}`,
      }
    }),
    ...facts.changes
      .filter(({ at }) => at > begun && (!resolved || at <= resolved.at))
      .map((change) => ({ at: change.at, said: say`Changed at ${clock.say(change.at)}: ${changed(change, labels)}` })),
  ].sort((a, b) => a.at - b.at)
  const isTold = facts.labelled.resolution.length > 0 || ends.some(({ text }) => text)
  return {
    known: [...recorded(facts.labelled.resolution), ...steps.map(({ said }) => told(said))],
    unknown: isTold ? null : mitigated || resolved ? 'nobody recorded what ended it' : 'it has not ended yet',
  }
}

const ENDS: ReadonlySet<string> = new Set(['mitigated', 'resolved'])

/** Who or what noticed, and after how long. */
export const detection = ({ incident, facts, clock }: Telling): Section => {
  const { impact_started: start, detected } = incident.milestones
  const { opening, firstJoinedAt } = facts.alerts
  const at = clock.say(detected?.at ?? incident.declaredAt)
  const noticed = opening
    ? say`An alert from ${person(opening)} told of it at ${at}`
    : say`People noticed it: ${person(incident.declaredBy)} declared it at ${clock.say(incident.declaredAt)}`
  const late = start && detected ? detected.at - start.at : 0
  const after = late >= 1_000 ? say`, ${formatDuration(late)} after it began` : []
  const alertsLater =
    firstJoinedAt && firstJoinedAt > incident.declaredAt
      ? say`The first alert came ${formatDuration(firstJoinedAt - incident.declaredAt)} after that.`
      : say`No alert had told of it.`
  return {
    known: [
      ...recorded(facts.labelled.detection),
      [...noticed, ...after, { text: '.' }],
      ...(opening ? [] : [alertsLater]),
    ],
    unknown: unknownDetection(incident.milestones),
  }
}

const unknownDetection = ({ impact_started: start, detected }: Milestones): string | null => {
  if (!start) return 'nobody recorded when it began'
  if (detected && detected.at < start.at)
    return 'it is recorded as detected before it began, so one of the two times is wrong'
  // An alert begins to fire some time after the harm does; who knows better says so.
  return start.corrected
    ? null
    : 'nobody recorded when it really began, so the start of the first alert is taken for it'
}
