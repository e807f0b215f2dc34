import { say } from '../incident/phrase.ts'
import type { EvidenceRemoval } from '../store/store.ts'
import type { Clock } from './clock.ts'
import type { Signal } from './evidence.ts'
import { Sentence } from './text.ts'

const MOST_NAMED = 4

/**
 * Says why pictures are missing: `The graph of P90 latency was removed on 2026-03-14 (kept for 30 days).` Null while
 * everything that was frozen is still there.
 */
export const removedSentence = (
  evidence: readonly Signal[],
  removal: EvidenceRemoval | undefined,
  clock: Clock,
): Sentence | null => {
  const gone = evidence.filter((signal) => signal.gone)
  if (gone.length === 0) return null
  const named = gone.slice(0, MOST_NAMED).map(({ title }) => title)
  const more = gone.length - named.length
  const what = `${named.join(', ')}${more > 0 ? ` and ${more} more` : ''}`
  const kinds = gone.every(({ kind }) => kind === 'logs') ? 'log lines' : gone.length === 1 ? 'graph' : 'graphs'
  if (!removal) return new Sentence(say`The ${kinds} of ${what} ${kinds === 'graph' ? 'is' : 'are'} no longer kept.`)
  const why = removal.keptDays === null ? 'to stay within the size budget' : `kept for ${removal.keptDays} days`
  return new Sentence(
    say`The ${kinds} of ${what} ${kinds === 'graph' ? 'was' : 'were'} removed on ${clock.day(removal.at)} (${why}).`,
  )
}
