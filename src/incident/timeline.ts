import { subjectOf } from './cluster-fact.ts'
import { correctionsOf } from './correction.ts'
import type { IncidentEvent, RecordedEvent } from './event.ts'
import { IDS, type Labels } from './labels.ts'
import { type Phrase, typed } from './phrase.ts'
import { sentenceOf } from './sentence.ts'
/** One line of the timeline. */
export type TimelineEntry = {
  seq: number
  /** When it happened, corrections applied; epoch ms. */
  at: number
  /** When it was recorded, epoch ms: later than `at` for back-dated entries. */
  recordedAt: number
  by: string
  type: IncidentEvent['type']
  phrases: Phrase[]
  /** Somebody reworded it afterwards. */
  edited?: true
}

/** The log as text, in the order things happened, without internal events; `labels` maps ids to names. */
export const timeline = (events: readonly RecordedEvent[], labels: Labels = IDS): TimelineEntry[] => {
  const corrections = correctionsOf(events)
  const replaced = replacedIn(events.filter(({ seq }) => !corrections.get(seq)?.removed))
  return events
    .flatMap((event) => {
      const { seq, recordedAt, by, type } = event
      const { time: at = event.at, text, removed } = corrections.get(seq) ?? {}
      const phrases = removed || replaced.has(seq) ? undefined : sentenceOf(event, labels)
      if (!phrases) return []
      const edited = text === undefined ? {} : { edited: true as const }
      return [
        { seq, at, recordedAt, by, type, phrases: text === undefined ? phrases : reworded(event, text), ...edited },
      ]
    })
    .sort((a, b) => a.at - b.at || a.seq - b.seq)
}

/** Entries that a later one states again with better knowledge: only the latest of them is worth a line. */
const replacedIn = (events: readonly RecordedEvent[]): Set<number> => {
  const latest = new Map<string, number>()
  const replaced = new Set<number>()
  for (const event of events) {
    const subject = subjectIn(event)
    if (subject === undefined) continue
    const earlier = latest.get(subject)
    if (earlier !== undefined) replaced.add(earlier)
    latest.set(subject, event.seq)
  }
  return replaced
}

const subjectIn = (event: RecordedEvent): string | undefined => {
  if (event.type === 'milestone_set' && event.estimate) return `estimate ${event.milestone}`
  if (event.type === 'postmortem_drafted') return 'draft'
  return event.type === 'cluster_seen' ? `cluster ${subjectOf(event.fact)}` : undefined
}

/** The edited wording: after the author's name for texts by people, alone otherwise. */
const reworded = (event: RecordedEvent, text: string): Phrase[] =>
  (event.type === 'noted' && sentenceOf({ ...event, text })) || typed(text)
