import type { RankingFound } from '../incident/ranking.ts'
import type { Store } from '../store/store.ts'

/** Verdicts from which the record of "likely" means something. */
const VERDICTS_NEEDED = 10
/** Incidents whose verdicts count: what was true a thousand incidents ago was another system. */
const LATEST_INCIDENTS = 1_000

/** How often "likely" was right here, by the causes that people recorded. */
export const recordOf = async (store: Pick<Store, 'list'>): Promise<Pick<RankingFound, 'record'>> => {
  const judged = (await store.list({ limit: LATEST_INCIDENTS })).filter(
    ({ cause, ranking }) => cause && ranking?.label === 'likely',
  )
  if (judged.length < VERDICTS_NEEDED) return {}
  const right = judged.filter(({ cause, ranking }) => ranking?.suspects[0]?.service === cause?.service).length
  return { record: { right, of: judged.length } }
}
