import type { Incident } from '../incident/incident.ts'
import type { SimilarIncident } from '../incident/similar.ts'
import type { Store } from '../store/store.ts'
import type { Indexer } from './indexer.ts'
import { ALIKE, type Commonness, compare, weightsOf } from './likeness.ts'

/** Candidates selected by the database; the detailed comparison keeps the best. */
const CANDIDATES = 60

/**
 * Past incidents like this one, the most alike first. Private ones, drills and false alarms are left out.
 * @param now epoch ms
 */
export const findSimilar = async (
  { store, indexer }: { store: Store; indexer: Indexer },
  incident: Incident,
  { limit, now }: { limit: number; now: number },
): Promise<SimilarIncident[]> => {
  await indexer.catchUp()
  const { features = [] } = (await indexer.entry(incident.id)) ?? {}
  const commonness = withoutItself(await store.index.commonness(features))
  const near = await store.index.nearest(weightsOf(features, commonness), { not: incident.id, limit: CANDIDATES })
  return near
    .map((past) => compare(features, past, commonness, now))
    .filter(({ score }) => score >= ALIKE)
    .sort((a, b) => b.score - a.score || b.declaredAt - a.declaredAt)
    .slice(0, limit)
}

/** The incident that is compared is in the index, too, and has all of its own features. */
const withoutItself = ({ counts, total }: Commonness): Commonness => ({
  counts: new Map([...counts].map(([feature, count]) => [feature, count - 1])),
  total: total - 1,
})
