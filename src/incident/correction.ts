import type { IncidentEvent, RecordedEvent } from './event.ts'

/** The types of the events that change how an earlier one is shown. */
export const CORRECTIONS = ['time_corrected', 'entry_edited', 'entry_removed', 'entry_restored'] as const
export type Correction = Extract<RecordedEvent, { type: (typeof CORRECTIONS)[number] }>

export const isCorrection = (event: RecordedEvent): event is Correction =>
  (CORRECTIONS as readonly string[]).includes(event.type)

/** How an entry is shown after its corrections. */
export type Corrected = {
  /** When it happened, epoch ms. */
  time?: number
  text?: string
  removed: boolean
}

/** What the corrections of a log come to, by the number of the entry. */
export const correctionsOf = (events: readonly RecordedEvent[]): Map<number, Corrected> => {
  const all = new Map<number, Corrected>()
  for (const event of events) {
    if (!isCorrection(event)) continue
    const before = all.get(event.entry) ?? { removed: false }
    all.set(event.entry, { ...before, ...changeBy(event) })
  }
  return all
}

const changeBy = (event: Correction): Partial<Corrected> => {
  switch (event.type) {
    case 'time_corrected':
      return { time: event.time }
    case 'entry_edited':
      return { text: event.text }
    case 'entry_removed':
      return { removed: true }
    case 'entry_restored':
      return { removed: false }
    default:
      return event satisfies never
  }
}

/** What people wrote: a document leaves out what was removed of these, and prints the words they were edited to. */
const WRITTEN = new Set<IncidentEvent['type']>(['noted', 'impact_described', 'update_posted', 'change_seen'])

/** The log as a document reads it: what people wrote, in its last wording, without what was removed. */
export const withCorrections = (events: readonly RecordedEvent[]): RecordedEvent[] => {
  const corrections = correctionsOf(events)
  if (corrections.size === 0) return [...events]
  return events.flatMap((event): RecordedEvent[] => {
    const correction = corrections.get(event.seq)
    if (!correction || !WRITTEN.has(event.type)) return [event]
    if (correction.removed) return []
    return [correction.text !== undefined && 'text' in event ? { ...event, text: correction.text } : event]
  })
}
