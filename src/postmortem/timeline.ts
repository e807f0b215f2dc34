import { withCorrections } from '../incident/correction.ts'
import type { RecordedEvent } from '../incident/event.ts'
import { shorten } from '../incident/measure.ts'
import { isPerson, type Phrase, plain, say, strong, typed } from '../incident/phrase.ts'
import { type TimelineEntry, timeline } from '../incident/timeline.ts'
import { changePhrases, changeStories, changeVerb } from './changes.ts'
import type { Clock } from './clock.ts'
import { labelled } from './facts.ts'
import { type Day, daysOf, type Line, lineAt, withoutMiddle } from './lines.ts'
import type { Material } from './material.ts'

/** So many alert lines in a row become one. */
const FOLD_FROM = 3
const MOST_FOLDED_TITLES = 3
const LONGEST_LINE = 600
const LATE_FOR_A_PERSON_MS = 60_000
const LATE_FOR_A_SOURCE_MS = 5 * 60_000

/** Set-up and bookkeeping: in the appendix, not in the story. */
const HOUSEKEEPING = new Set<RecordedEvent['type']>([
  'channel_opened',
  'people_invited',
  'responder_found',
  'evidence_collected',
  'milestone_set',
  'action_added',
  'action_done',
  'postmortem_drafted',
  'postmortem_edited',
  'postmortem_reviewed',
  'postmortem_exported',
  'summary_requested',
  'summary_written',
  'effect_failed',
  'retried',
  'owner_unreachable',
  'channel_rename_refused',
  'archive_planned',
  'archive_postponed',
  'channel_archived',
  'archive_refused',
])
/** Where Muster failed at these, people had to respond without them. */
const SHOWN_FAILURES = new Set(['open_channel', 'find_on_call', 'page', 'page_responder'])
const ALERTS = new Set<RecordedEvent['type']>(['alert_joined', 'alert_resolved', 'alert_activity', 'alert_left'])

/** What mattered, day by day; `folded` counts the entries that have no line of their own. */
export const curatedTimeline = (
  events: readonly RecordedEvent[],
  material: Material,
): { days: Day[]; entries: number; folded: number } => {
  const { clock, labels } = material
  const bySeq = new Map(withCorrections(events).map((event) => [event.seq, event]))
  const all = timeline(events, labels)
  const kept = all.filter(({ seq }) => belongs(bySeq.get(seq)))
  const lines = runsOf(kept).flatMap((run) =>
    run.length < FOLD_FROM && !saysTheSame(run)
      ? run.map((entry) => lineOf(entry, bySeq.get(entry.seq)?.at ?? entry.at, clock))
      : [lineAt(clock, run[0]?.at ?? 0, foldedAlerts(run, clock))],
  )
  const changes = changesIn(material)
  const sorted = withEnds([...lines, ...changes], material)
  const { lines: shown } = withoutMiddle(sorted, clock)
  const alone = shown.filter(({ seq }) => seq !== undefined).length
  return { days: daysOf(shown, clock), entries: all.length, folded: all.length - alone - changes.length }
}

/** Every entry on a line of its own. */
export const wholeTimeline = (
  events: readonly RecordedEvent[],
  { clock, labels }: Material,
): { days: Day[]; leftOut: number } => {
  const bySeq = new Map(events.map((event) => [event.seq, event]))
  const lines = timeline(events, labels).map((entry) => lineOf(entry, bySeq.get(entry.seq)?.at ?? entry.at, clock))
  const { lines: shown, leftOut } = withoutMiddle(lines, clock)
  return { days: daysOf(shown, clock), leftOut }
}

const belongs = (event: RecordedEvent | undefined): boolean => {
  if (!event) return false
  // Changes get one line each, however many reports there were; review notes are in their sections.
  if (event.type === 'change_seen' || (event.type === 'noted' && labelled(event.text))) return false
  if (event.type === 'alert_joined') return !event.again
  if (event.type === 'effect_failed') return SHOWN_FAILURES.has(event.effect.type)
  return !HOUSEKEEPING.has(event.type)
}

/** Each change once, when it began, with what became of it. */
const changesIn = ({ facts, clock, labels }: Material): Line[] =>
  changeStories(facts.changes).flatMap((change) => {
    const { from, to, outcome } = change
    const what = changePhrases(change, labels)
    if (outcome === 'failed' && to > from)
      return [lineAt(clock, from, say`Deploying: ${what}`), lineAt(clock, to, say`Failed to deploy: ${what}`)]
    return [lineAt(clock, from, say`${changeVerb({ ...change, outcome: undefined })}: ${what}`)]
  })

/** Alerts that follow each other together, everything else alone. */
const runsOf = (entries: TimelineEntry[]): TimelineEntry[][] => {
  const runs: TimelineEntry[][] = []
  for (const entry of entries) {
    const last = runs.at(-1)
    const alike = last?.[0] && last[0].type === entry.type && ALERTS.has(entry.type)
    if (last && alike) last.push(entry)
    else runs.push([entry])
  }
  return runs
}

const VERBS: Partial<Record<RecordedEvent['type'], string>> = {
  alert_joined: 'alerts joined',
  alert_resolved: 'alerts resolved',
  alert_left: 'alerts moved away',
  alert_activity: 'changes at the source',
}

/** Two alarms of one metric resolve in the same words. */
const saysTheSame = (run: TimelineEntry[]): boolean =>
  run.length > 1 && new Set(run.map(({ phrases }) => plain(phrases))).size < run.length

const foldedAlerts = (run: TimelineEntry[], clock: Clock): Phrase[] => {
  const [first, last] = [run[0] as TimelineEntry, run.at(-1) as TimelineEntry]
  const titles = [...new Set(run.map(({ phrases }) => plain(phrases).replace(/^Alert \w+: /, '')))]
  const shown = titles.slice(0, MOST_FOLDED_TITLES)
  const more = titles.length > shown.length ? `; and ${titles.length - shown.length} more` : ''
  const until = clock.say(last.at) === clock.say(first.at) ? '' : ` by ${clock.say(last.at)}`
  return say`${run.length} ${VERBS[first.type] ?? 'entries'}${until}: ${shown.join('; ')}${more}`
}

const lineOf = (entry: TimelineEntry, writtenFor: number, clock: Clock): Line => {
  const late = entry.recordedAt - writtenFor
  const limit = isPerson(entry.by) ? LATE_FOR_A_PERSON_MS : LATE_FOR_A_SOURCE_MS
  const mark =
    entry.at !== writtenFor
      ? `time corrected, first recorded as ${clock.say(writtenFor)}`
      : entry.edited
        ? 'edited'
        : late >= limit
          ? `added at ${clock.say(entry.recordedAt)}`
          : null
  return { ...lineAt(clock, entry.at, cut(entry.phrases)), seq: entry.seq, mark }
}

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
const withEnds = (lines: Line[], { milestones, clock }: Material): Line[] => {
  const { impact_started: start, resolved: end } = milestones
  const guess = start?.estimate ? ', an estimate' : ''
  const begins = start && lineAt(clock, start.at, say`${strong('INCIDENT BEGINS')} (${typed(start.source)}${guess})`)
  const ends = end && lineAt(clock, end.at, say`${strong('INCIDENT ENDS')}`)
  // The sort is stable: at the same instant, what begins it comes first, and what ends it last.
  return [...(begins ? [begins] : []), ...lines, ...(ends ? [ends] : [])].sort((a, b) => a.at - b.at)
}
