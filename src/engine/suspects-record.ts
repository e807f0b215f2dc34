import { isSameService, type RankingFound } from '../incident/ranking.ts'
import type { Store } from '../store/store.ts'

/** Number of verdicts from which the track record of "likely" is meaningful. */
const VERDICTS_NEEDED = 10
/** How many past incidents count: older ones describe a different system. */
const LATEST_INCIDENTS = 1_000

/** How often "likely" was right here, according to the recorded causes. */
export const recordOf = async (store: Pick<Store, 'list'>): Promise<Pick<RankingFound, 'record'>> => {
  const judged = (await store.list({ limit: LATEST_INCIDENTS })).filter(
    ({ cause, ranking, drill }) => cause && ranking?.label === 'likely' && !drill,
  )
  if (judged.length < VERDICTS_NEEDED) return {}
  const right = judged.filter(({ cause, ranking }) =>
    isSameService(ranking?.suspects[0]?.service ?? '', cause?.service ?? ''),
  ).length
  return { record: { right, of: judged.length } }
}
