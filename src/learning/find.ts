import type { FoundIncident } from '../incident/found.ts'
import type { Incident } from '../incident/incident.ts'
import type { IndexedLine } from '../incident/index-entry.ts'
import type { Hit, Store } from '../store/store.ts'
import type { Indexer } from './indexer.ts'
import { searchWords, wordsOf } from './words.ts'

/** Matches examined, newest first; words that match more incidents are not selective anyway. */
const LOOKED_AT = 400
const LINES_SHOWN = 2

/**
 * Incidents that contain all the words, in title or timeline; those with the words in their title first, then the newest.
 * @param maySee decides on private incidents
 */
export const findIncidents = async (
  { store, indexer }: { store: Store; indexer: Indexer },
  text: string,
  { maySee, limit }: { maySee(incident: Incident): boolean; limit: number },
): Promise<{ found: FoundIncident[]; total: number }> => {
  const words = searchWords(text)
  if (words.length === 0) return { found: [], total: 0 }
  await indexer.catchUp()
  const hits = await store.index.find(words, { maySee, limit: LOOKED_AT })
  const found = hits
    .map((hit) => ({ hit, inTitle: countIn(`${hit.facts.id} ${hit.facts.title}`, words) }))
    .sort((a, b) => b.inTitle - a.inTitle || b.hit.facts.declaredAt - a.hit.facts.declaredAt)
    .slice(0, limit)
    .map(({ hit }) => foundOf(hit, words))
  return { found, total: hits.length }
}

const countIn = (text: string, words: readonly string[]): number => {
  const there = wordsOf(text)
  return words.filter((word) => there.some((one) => one.startsWith(word))).length
}

const foundOf = ({ facts, lines }: Hit, words: readonly string[]): FoundIncident => {
  const best = lines
    .map((line): { line: IndexedLine; count: number } => ({ line, count: countIn(line.text, words) }))
    .filter(({ count }) => count > 0)
    .sort((a, b) => b.count - a.count || a.line.at - b.line.at)
    .slice(0, LINES_SHOWN)
    .map(({ line }) => line)
    .sort((a, b) => a.at - b.at)
  const { id, title, severity, status, declaredAt, channel, imported } = facts
  return {
    id,
    title,
    severity,
    status,
    declaredAt,
    lines: best,
    ...(channel ? { channel } : {}),
    ...(imported ? { imported } : {}),
  }
}
