import type { IncidentEvent, RecordedEvent } from './event.ts'

/** The types of events that change how an earlier one is displayed. */
export const CORRECTIONS = ['time_corrected', 'entry_edited', 'entry_removed', 'entry_restored'] as const
export type Correction = Extract<RecordedEvent, { type: (typeof CORRECTIONS)[number] }>

export const isCorrection = (event: RecordedEvent): event is Correction =>
  (CORRECTIONS as readonly string[]).includes(event.type)

/** How an entry is displayed after its corrections. */
export type Corrected = {
  /** When it happened, epoch ms. */
  time?: number
  text?: string
  removed: boolean
}

/** The combined corrections of a log, by the number of the entry. */
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

/** Texts by people: documents omit removed ones and show edited ones in their latest wording. */
const WRITTEN = new Set<IncidentEvent['type']>(['noted', 'impact_described', 'update_posted', 'change_seen'])

/** The log as documents see it: people's texts in their latest wording, without removed ones. */
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
