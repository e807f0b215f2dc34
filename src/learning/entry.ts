import { actionState } from '../incident/action-item.ts'
import type { ChannelMessage } from '../incident/channel-message.ts'
import type { RecordedEvent } from '../incident/event.ts'
import type { Snapshot } from '../incident/evidence.ts'
import type { Incident } from '../incident/incident.ts'
import type { IncidentFacts, IndexEntry, IndexedLine } from '../incident/index-entry.ts'
import { shorten } from '../incident/measure.ts'
import { isAssumed, spans } from '../incident/milestones.ts'
import { isPerson, plain } from '../incident/phrase.ts'
import { leadOf } from '../incident/ranking.ts'
import type { Severity } from '../incident/status.ts'
import { timeline } from '../incident/timeline.ts'
import { featuresOf } from './features.ts'
import { punctualityOf } from './punctuality.ts'
import { isReview, wordsOf } from './words.ts'

/** Raised whenever entries are made differently: everything is indexed again. */
export const SHAPE = 6

const MOST_LINES = 1_000
const LONGEST_LINE = 1_000
/** Lines written by machines that nobody would search for. */
const SILENT = new Set<RecordedEvent['type']>([
  'channel_opened',
  'people_invited',
  'responder_found',
  'alert_resolved',
  'postmortem_drafted',
  'retried',
  'similar_found',
  'summary_requested',
  'summary_written',
])

export type EntryOptions = {
  messages: readonly ChannelMessage[]
  touched: number
  /** Their cadence says when updates are due. */
  severities: readonly Severity[]
}

/** Everything to index of an incident. `logs` are the frozen logs of its evidence, `messages` those of its channel. */
export const entryOf = (
  incident: Incident,
  events: readonly RecordedEvent[],
  logs: readonly Snapshot[],
  { messages, touched, severities }: EntryOptions,
): IndexEntry => {
  const facts = factsOf(incident, events, severities)
  const lines = [...linesOf(events), ...messages.map(lineOf)].sort((a, b) => a.at - b.at)
  const alerts = [
    incident.alert?.title ?? '',
    ...incident.alerts.latest.map(({ title }) => title),
    ...incident.alerts.rules,
  ]
  const texts = [
    incident.id,
    incident.title,
    incident.service ?? '',
    incident.impact ?? '',
    incident.outcome ?? '',
    ...alerts,
  ]
  return {
    id: incident.id,
    version: incident.version,
    facts,
    features: featuresOf(incident, { cause: facts.cause, logs }),
    words: wordsOf([...texts, ...lines.map(({ text }) => text)].join(' ')),
    lines,
    touched,
  }
}

/** The story in lines; of a very long one the latest. */
const linesOf = (events: readonly RecordedEvent[]): IndexedLine[] =>
  timeline(events)
    .filter(({ type }) => !SILENT.has(type))
    .slice(-MOST_LINES)
    .map(({ at, phrases }) => ({ at, text: shorten(plain(phrases, mention), LONGEST_LINE) }))

/** Names are looked up by whoever shows the line. */
const mention = (person: string): string => `<@${person}>`

const lineOf = ({ at, author, text }: ChannelMessage): IndexedLine => ({
  at,
  text: shorten(`${mention(author)}: ${text}`, LONGEST_LINE),
})

const factsOf = (
  incident: Incident,
  events: readonly RecordedEvent[],
  severities: readonly Severity[],
): IncidentFacts => {
  const { id, title, status, severity, service, drill, declaredAt, channel, alerts, milestones, ranking, actions } =
    incident
  const lead = ranking && leadOf(ranking)
  const fix = fixOf(incident, events)
  return {
    id,
    title,
    status,
    severity,
    drill,
    declaredAt,
    rules: alerts.rules,
    alerts: alerts.total,
    ...(service === undefined ? {} : { service }),
    ...(incident.imported ? { imported: incident.imported } : {}),
    ...(channel ? { channel: channel.id } : {}),
    spans: Object.fromEntries(spans(milestones, incident.heldAt).map(({ name, ms }) => [name, ms])),
    assumedStart: milestones.impact_started !== undefined && isAssumed(milestones.impact_started),
    ...(lead ? { suspect: { service: lead.service, label: lead.label } } : {}),
    ...(incident.cause ? { cause: incident.cause.service } : {}),
    ...(fix ? { fix } : {}),
    openActions: actions
      .filter(({ done }) => !done)
      .map(({ id, text, owner }) => ({ id, text, ...(owner ? { owner } : {}) })),
    doneActions: actions.filter((item) => actionState(item) === 'done').length,
    // Of a log that is read in part nothing is known.
    ...(events[0]?.seq === 1 && !incident.imported ? { updates: punctualityOf(id, events, severities) } : {}),
  }
}

const LONGEST_FIX = 300

/** What ended it. A note counts when a person wrote it before the mitigation: what came last is the likeliest. */
const fixOf = ({ outcome, milestones }: Incident, events: readonly RecordedEvent[]): IncidentFacts['fix'] => {
  if (outcome?.trim()) return { text: shorten(outcome.trim(), LONGEST_FIX), known: 'outcome' }
  const end = milestones.mitigated?.at ?? milestones.resolved?.at
  if (end === undefined) return undefined
  const note = events.findLast(
    (event) => event.type === 'noted' && event.at <= end && isPerson(event.by) && !isReview(event.text),
  )
  return note?.type === 'noted' ? { text: shorten(note.text, LONGEST_FIX), known: 'note' } : undefined
}
