import { CORRECTIONS, type Correction, isCorrection } from '../incident/correction.ts'
import type { IncidentEvent, RecordedEvent } from '../incident/event.ts'
import { IDS, type Labels } from '../incident/labels.ts'
import { type Phrase, person, say, strong, time, typed } from '../incident/phrase.ts'
import { sentenceOf } from '../incident/sentence.ts'
import { type TimelineEntry, timeline } from '../incident/timeline.ts'
import type { IncidentContext } from './command.ts'

/** What one page may show. */
export const FILTERS: Record<string, ReadonlySet<IncidentEvent['type']>> = {
  notes: new Set(['noted', 'impact_described', 'update_posted']),
  alerts: new Set(['declared', 'alert_joined', 'alert_resolved', 'alert_activity', 'alert_left']),
  changes: new Set(['change_seen']),
  status: new Set(['declared', 'status_changed', 'severity_changed', 'title_changed', 'service_changed']),
  people: new Set(['role_assigned', 'role_released', 'people_invited', 'responder_found', 'page_requested', 'paged']),
}

const SHOWN = 30
/** Events read per query; many of them render to nothing. */
const CHUNK = 120
/** After this many chunks a page is returned as it is, with a cursor to continue from. */
const MOST_CHUNKS = 10

export type Page = {
  entries: TimelineEntry[]
  /** The cursor to continue before; undefined at the beginning of the log. */
  next: number | undefined
}

/** The newest entries of a kind before a number. Reads little more of the log than it shows, plus the corrections. */
export const readPage = async (
  events: IncidentContext['events'],
  { before, filter }: { before?: number | undefined; filter?: string | undefined },
  labels: Labels = IDS,
): Promise<Page> => {
  const corrections = await events({ types: CORRECTIONS })
  const kinds = filter === undefined ? undefined : FILTERS[filter]
  let found: TimelineEntry[] = []
  let next = before
  for (let chunk = 0; chunk < MOST_CHUNKS && found.length < SHOWN; chunk++) {
    const part = await events({ last: CHUNK, ...(next === undefined ? {} : { before: next }) })
    next = part[0]?.seq ?? 1
    const own = part.filter((event) => !isCorrection(event))
    found = [...timeline([...own, ...corrections], labels).filter(({ type }) => kinds?.has(type) ?? true), ...found]
    if (next <= 1) break
  }
  // Pages follow event numbers, so that none is skipped; within a page entries are sorted by time.
  const shown = found.toSorted((a, b) => a.seq - b.seq).slice(-SHOWN)
  const first = shown.length < found.length ? shown[0]?.seq : next
  return {
    entries: shown.toSorted((a, b) => a.at - b.at || a.seq - b.seq),
    next: first && first > 1 ? first : undefined,
  }
}

/** The original text of an entry and its full edit history; undefined when there is no such entry. */
export const historyOf = async (
  events: IncidentContext['events'],
  seq: number,
  labels: Labels = IDS,
): Promise<Phrase[][] | undefined> => {
  const [entry] = await events({ last: 1, before: seq + 1 })
  const phrases = entry?.seq === seq ? sentenceOf(entry, labels) : undefined
  if (!entry || !phrases) return undefined
  const corrections = (await events({ types: CORRECTIONS })).filter(
    (event): event is Correction & RecordedEvent => isCorrection(event) && event.entry === seq,
  )
  return [say`${time(entry.at)} ${phrases}`, ...corrections.map(correctionPhrases)]
}

const correctionPhrases = (event: Correction): Phrase[] => {
  const by = say`${time(event.at)} ${person(event.by)}`
  switch (event.type) {
    case 'time_corrected':
      return say`${by} moved it to ${time(event.time)}`
    case 'entry_edited':
      return say`${by} wrote: ${typed(event.text)}`
    case 'entry_removed':
      return say`${by} removed it${event.reason ? say`: ${typed(event.reason)}` : []}`
    case 'entry_restored':
      return say`${by} restored it`
    default:
      return event satisfies never
  }
}

/** The entries as lines, with the date in front of the first of each day in the reader's zone. */
export const pageLines = (entries: readonly TimelineEntry[], timezone: string): Phrase[][] => {
  const day = new Intl.DateTimeFormat('en-GB', {
    weekday: 'long',
    year: 'numeric',
    month: 'long',
    day: 'numeric',
    timeZone: timezone,
  })
  let latest = ''
  return entries.flatMap(({ seq, at, phrases, edited }) => {
    const today = day.format(at)
    const heading = today === latest ? [] : [say`${strong(today)}`]
    latest = today
    return [...heading, say`${{ code: String(seq) }} ${time(at)} ${phrases}${edited ? ' (edited)' : ''}`]
  })
}
