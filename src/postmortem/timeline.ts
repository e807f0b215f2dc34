import type { RecordedEvent } from '../incident/event.ts'
import { shorten } from '../incident/measure.ts'
import type { Milestones } from '../incident/milestones.ts'
import { isPerson, type Phrase, plain, say, strong, typed } from '../incident/phrase.ts'
import { type TimelineEntry, timeline } from '../incident/timeline.ts'
import type { Clock } from './clock.ts'
import { labelled } from './facts.ts'

/** One line; `text` is filled in with the names of people later. */
export type Line<Sentences = Phrase[]> = {
  /** The number of the entry this line tells; absent when it tells several, or none. */
  seq?: number
  /** Epoch ms. */
  at: number
  /** `03:05`, UTC, and in the configured zone. */
  time: string
  local: string
  text: Sentences
  /** `added at 08:40 UTC`, `time corrected`: why it stands here although it was written otherwise; null as a rule. */
  mark: string | null
}

/** The lines of one day, UTC. */
export type Day<Sentences = Phrase[]> = { date: string; weekday: string; lines: Line<Sentences>[] }

/** More lines than this nobody reads; the middle is left out, and said to be. */
const MOST_LINES = 400
/** So many alert lines in a row become one. */
const FOLD_FROM = 6
const LONGEST_LINE = 600
const LATE_FOR_A_PERSON_MS = 60_000
const LATE_FOR_A_SOURCE_MS = 5 * 60_000

/** Told elsewhere in the document, or of no interest to anybody who was not there. */
const LEFT_OUT = new Set<RecordedEvent['type']>([
  'channel_opened',
  'milestone_set',
  'action_added',
  'action_done',
  'postmortem_drafted',
  'retried',
])
const ALERTS = new Set<RecordedEvent['type']>(['alert_joined', 'alert_resolved', 'alert_activity', 'alert_left'])

/** What happened, day by day; `folded` counts the entries that have no line of their own. */
export const timelineOf = (
  events: readonly RecordedEvent[],
  milestones: Milestones,
  clock: Clock,
): { days: Day[]; entries: number; folded: number } => {
  const bySeq = new Map(events.map((event) => [event.seq, event]))
  const resolvedAt = milestones.resolved?.at ?? Number.POSITIVE_INFINITY
  const entries = timeline(events).filter(({ type, seq, at }) => {
    const event = bySeq.get(seq)
    // What is written into the log afterwards for this document stands in its section.
    const told = type === 'impact_described' || (event?.type === 'noted' && labelled(event.text))
    return !LEFT_OUT.has(type) && !(told && at >= resolvedAt)
  })
  const runs = runsOf(entries)
  const lines = runs.flatMap((run) =>
    run.length < FOLD_FROM
      ? run.map((entry) => lineOf(entry, bySeq.get(entry.seq)?.at ?? entry.at, clock))
      : [lineAt(clock, run[0]?.at ?? 0, foldedAlerts(run, clock))],
  )
  const shown = withoutMiddle(withEnds(lines, milestones, clock), clock)
  const alone = shown.filter(({ seq }) => seq !== undefined).length
  return { days: daysOf(shown, clock), entries: entries.length, folded: entries.length - alone }
}

/** Alerts that follow each other together, everything else alone. */
const runsOf = (entries: TimelineEntry[]): TimelineEntry[][] => {
  const runs: TimelineEntry[][] = []
  for (const entry of entries) {
    const last = runs.at(-1)
    if (last?.[0] && ALERTS.has(last[0].type) && ALERTS.has(entry.type)) last.push(entry)
    else runs.push([entry])
  }
  return runs
}

const foldedAlerts = (run: TimelineEntry[], clock: Clock): Phrase[] => {
  const count = (type: RecordedEvent['type'], words: string) => {
    const number = run.filter((entry) => entry.type === type).length
    return number > 0 ? [`${number} ${words}`] : []
  }
  const parts = [
    ...count('alert_joined', 'joined'),
    ...count('alert_resolved', 'resolved'),
    ...count('alert_left', 'moved away'),
    ...count('alert_activity', 'acted on at the source'),
  ]
  const end = run.at(-1)?.at ?? 0
  return say`Alerts until ${clock.say(end)}: ${parts.join(', ')}. The first: ${run[0]?.phrases}`
}

const lineOf = (entry: TimelineEntry, writtenFor: number, clock: Clock): Line => {
  const late = entry.recordedAt - writtenFor
  const limit = isPerson(entry.by) ? LATE_FOR_A_PERSON_MS : LATE_FOR_A_SOURCE_MS
  const mark =
    entry.at !== writtenFor
      ? `time corrected, first told as ${clock.say(writtenFor)}`
      : late >= limit
        ? `added at ${clock.say(entry.recordedAt)}`
        : null
  return { ...lineAt(clock, entry.at, cut(entry.phrases)), seq: entry.seq, mark }
}

const lineAt = (clock: Clock, at: number, text: Phrase[]): Line => ({
  at,
  time: clock.time(at),
  local: clock.local(at),
  text,
  mark: null,
})

/** A line that is too long keeps its beginning; the JSON export has the whole. */
const cut = (phrases: Phrase[]): Phrase[] => {
  if (plain(phrases).length <= LONGEST_LINE) return phrases
  let room = LONGEST_LINE
  return phrases.flatMap((phrase) => {
    if (room <= 0) return []
    const text = 'text' in phrase ? shorten(phrase.text, room) : undefined
    room -= plain([phrase]).length
    return text === undefined ? [phrase] : [{ text }]
  })
}

/** Where the harm began and where everything was over, as lines of their own. */
const withEnds = (lines: Line[], milestones: Milestones, clock: Clock): Line[] => {
  const { impact_started: start, resolved: end } = milestones
  const begins = start && lineAt(clock, start.at, say`${strong('INCIDENT BEGINS')} (${typed(start.source)})`)
  const ends = end && lineAt(clock, end.at, say`${strong('INCIDENT ENDS')} (${typed(end.source)})`)
  // The sort is stable: what begins it stands before, and what ends it after, all else of the same moment.
  return [...(begins ? [begins] : []), ...lines, ...(ends ? [ends] : [])].sort((a, b) => a.at - b.at)
}

const withoutMiddle = (lines: Line[], clock: Clock): Line[] => {
  const leftOut = lines.length - MOST_LINES
  if (leftOut <= 0) return lines
  const half = MOST_LINES / 2
  const first = lines[half] as Line
  const note = say`${strong(`${leftOut} lines are left out here`)} to keep this readable; the JSON export has them all.`
  return [...lines.slice(0, half), lineAt(clock, first.at, note), ...lines.slice(-half)]
}

const daysOf = (lines: Line[], clock: Clock): Day[] => {
  const days: Day[] = []
  for (const line of lines) {
    const date = clock.day(line.at)
    const day = days.at(-1)
    if (day?.date === date) day.lines.push(line)
    else days.push({ date, weekday: clock.weekday(line.at), lines: [line] })
  }
  return days
}
