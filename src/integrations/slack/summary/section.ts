import type { ChartSnapshot } from '../../../incident/evidence.ts'
import type { Incident } from '../../../incident/incident.ts'
import type { SimilarIncident } from '../../../incident/similar.ts'
import type { Vocabulary } from '../../../incident/vocabulary.ts'
import type { Block } from '../block.ts'

/** What a section may draw on besides the incident. */
export type SummaryContext = {
  words: Vocabulary
  /** The chart to show inline: the first one of the latest evidence with data. */
  chart?: ChartSnapshot | undefined
  /** Similar past incidents that everybody may see, the most similar first. */
  similar?: readonly Omit<SimilarIncident, 'score'>[]
  /** The channel of the incident this one was merged into. */
  mergedInto?: string | undefined
}

/** One part of the summary; no blocks when it is empty. Plain data in, blocks out. */
export type SummarySection = (incident: Incident, context: SummaryContext) => Block[]
