import type { RecordedEvent } from '../incident/event.ts'
import type { Snapshot } from '../incident/evidence.ts'
import type { Incident } from '../incident/incident.ts'
import { formatDuration } from '../incident/measure.ts'
import { MILESTONE_NAMES, Milestone, type Milestones, SPANS } from '../incident/milestones.ts'
import { type Phrase, say, typed } from '../incident/phrase.ts'
import { type Action, actionsOf } from './actions.ts'
import { type Clock, createClock } from './clock.ts'
import { type EvidenceItem, evidenceOf } from './evidence.ts'
import { factsOf } from './facts.ts'
import { type Lessons, lessons } from './lessons.ts'
import * as sections from './sections.ts'
import type { Labels, Telling } from './telling.ts'
import { Sentence } from './text.ts'
import { type Day, timelineOf } from './timeline.ts'

/** A time between two milestones; `value` is null and `unknown` says why when it cannot be told. */
export type Figure = {
  name: string
  value: string | null
  from: Sentence | null
  to: Sentence | null
  unknown: string | null
}

type Told = sections.Section<Sentence>

/**
 * What a template sees. Text is free of mark-up and escaped when it is printed; members that are not known are null,
 * never absent. `templates/README.md` describes each for operators.
 */
export type PostmortemData = {
  incident: {
    id: string
    title: string
    service: string | null
    severity: string
    status: string
    drill: boolean
    private: boolean
    /** The Slack channel's name, without `#`. */
    channel: string | null
    declared_by: string
  }
  /** Days and times of day in UTC, and in the configured zone; the end is null while it has none. */
  date: {
    weekday: string
    from: string
    from_time: string
    to: string
    to_time: string | null
    from_local: string
    to_local: string | null
  }
  /** The configured time zone's name, `America/Los_Angeles`, and its place alone, `Los Angeles`. */
  zone: string
  zone_place: string
  /** `2026-03-14 03:35 UTC`. */
  written_at: string
  authors: { name: string; roles: string }[]
  /** `Draft`, or `Complete` once the incident is closed. */
  status: string
  /** What people still have to write, by section. */
  unknowns: { section: string; what: string }[]
  summary: Sentence[]
  impact: Told
  root_causes: Told
  trigger: Told
  resolution: Told
  detection: Told
  actions: Action[]
  lessons: { well: Lessons<Sentence>; wrong: Lessons<Sentence>; lucky: Lessons<Sentence> }
  numbers: Figure[]
  evidence: EvidenceItem[]
  evidence_left_out: number
  timeline: { days: Day<Sentence>[]; entries: number; folded: number }
}

export type DataOptions = {
  /** The configured time zone, `Europe/Kyiv`. */
  timezone: string
  labels: Labels
  /** Epoch ms. */
  now: number
  /** What somebody is called: a person by Slack user id, a source, or Muster. */
  nameOf(actor: string): string
  readSnapshot(hash: string): Promise<Snapshot | undefined>
}

/** Puts the log into the parts of a postmortem. */
export const postmortemData = async (
  incident: Incident,
  events: readonly RecordedEvent[],
  { timezone, labels, now, nameOf, readSnapshot }: DataOptions,
): Promise<PostmortemData> => {
  const { milestones } = incident
  const began = Math.min(milestones.impact_started?.at ?? incident.declaredAt, incident.declaredAt)
  const ended = milestones.resolved?.at
  const clock = createClock(timezone, began)
  const facts = factsOf(events)
  const { items: evidence, leftOut } = await evidenceOf(facts.looks, clock, readSnapshot)
  const sentence = (phrases: Phrase[]): Sentence =>
    new Sentence(phrases.map((phrase) => ('person' in phrase ? { text: nameOf(phrase.person) } : phrase)))
  const told = ({ known, unknown }: sections.Section): Told => ({ known: known.map(sentence), unknown })
  const lesson = ({ recorded, prompts, unknown }: Lessons): Lessons<Sentence> => ({
    recorded: recorded.map(sentence),
    prompts: prompts.map(sentence),
    unknown,
  })

  const telling: Telling = { incident, facts, clock, labels, evidence }
  const lists = lessons(telling)
  const { days, entries, folded } = timelineOf(events, milestones, clock)
  const data: PostmortemData = {
    incident: {
      id: incident.id,
      title: incident.title,
      service: incident.service ? labels.service(incident.service) : null,
      severity: labels.severity(incident.severity),
      status: incident.status,
      drill: incident.drill,
      private: incident.private,
      channel: incident.channel?.name ?? null,
      declared_by: nameOf(incident.declaredBy),
    },
    date: {
      weekday: clock.weekday(began),
      from: clock.day(began),
      from_time: clock.time(began),
      to: clock.day(ended ?? began),
      to_time: ended === undefined ? null : clock.time(ended),
      from_local: clock.local(began),
      to_local: ended === undefined ? null : clock.local(ended),
    },
    zone: clock.zone,
    zone_place: clock.zone.split('/').at(-1)?.replaceAll('_', ' ') ?? clock.zone,
    written_at: `${clock.day(now)} ${clock.time(now)} UTC`,
    authors: [...facts.roles].map(([id, roles]) => ({ name: nameOf(id), roles: roles.map(labels.role).join(', ') })),
    status: incident.status === 'closed' ? 'Complete' : 'Draft',
    unknowns: [],
    summary: sections.summary(telling).map(sentence),
    impact: told(sections.impact(telling)),
    root_causes: told(sections.rootCauses(telling)),
    trigger: told(sections.trigger(telling)),
    resolution: told(sections.resolution(telling)),
    detection: told(sections.detection(telling)),
    actions: actionsOf(incident.actions, nameOf),
    lessons: { well: lesson(lists.well), wrong: lesson(lists.wrong), lucky: lesson(lists.lucky) },
    numbers: figures(incident, clock, sentence),
    evidence,
    evidence_left_out: leftOut,
    timeline: {
      days: days.map((day) => ({ ...day, lines: day.lines.map((line) => ({ ...line, text: sentence(line.text) })) })),
      entries,
      folded,
    },
  }
  return { ...data, unknowns: unknowns(data, milestones) }
}

/** Each span with the two facts it was computed from, or why it cannot be told. */
const figures = ({ milestones }: Incident, clock: Clock, sentence: (phrases: Phrase[]) => Sentence): Figure[] =>
  SPANS.map(({ name, from, to }) => {
    const [start, end] = [milestones[from], milestones[to]]
    const source = (milestone: typeof from | typeof to) => {
      const reached = milestones[milestone]
      return reached
        ? sentence(say`${MILESTONE_NAMES[milestone]} ${clock.say(reached.at)} (${typed(reached.source)})`)
        : null
    }
    const missing = [...(start ? [] : [from]), ...(end ? [] : [to])].map((one) => `"${MILESTONE_NAMES[one]}"`)
    const unknown =
      missing.length > 0
        ? `nobody recorded ${missing.join(' and ')}`
        : start && end && end.at < start.at
          ? `"${MILESTONE_NAMES[to]}" is earlier than "${MILESTONE_NAMES[from]}", so one of the two times is wrong`
          : null
    return {
      name,
      value: unknown === null && start && end ? formatDuration(end.at - start.at) : null,
      from: source(from),
      to: source(to),
      unknown,
    }
  })

/** Everything the document calls not known yet, in its order. */
const unknowns = (data: PostmortemData, milestones: Milestones): PostmortemData['unknowns'] => {
  const { impact, root_causes, trigger, resolution, detection, actions, lessons: learned, numbers } = data
  const unowned = actions.filter(({ owner, done }) => owner === null && !done).length
  const untold = [learned.well, learned.wrong, learned.lucky].flatMap(({ unknown }) => unknown ?? [])
  const measured = Milestone.options.filter((one) => SPANS.some(({ from, to }) => from === one || to === one))
  const missing = measured.filter((one) => !milestones[one]).map((one) => `"${MILESTONE_NAMES[one]}"`)
  const wrong = numbers.flatMap(({ from, to, unknown }) => (from && to && unknown ? unknown : []))
  const all: [section: string, what: string | null][] = [
    ['Authors', data.authors.length > 0 ? null : 'nobody held a role'],
    ['Impact', impact.unknown],
    ['Root Causes', root_causes.unknown],
    ['Trigger', trigger.unknown],
    ['Resolution', resolution.unknown],
    ['Detection', detection.unknown],
    ['Action Items', actions.length > 0 ? null : 'nobody recorded an action item'],
    ['Action Items', unowned > 0 ? `${unowned} of ${actions.length} without an owner` : null],
    ['Lessons Learned', untold.length > 0 ? untold.join('; ') : null],
    ['Numbers', missing.length > 0 ? `nobody recorded ${missing.join(', ')}` : null],
    ['Numbers', wrong.length > 0 ? wrong.join('; ') : null],
  ]
  return all.flatMap(([section, what]) => (what === null ? [] : [{ section, what }]))
}
