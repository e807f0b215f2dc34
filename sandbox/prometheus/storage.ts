import { matchesAll } from '../promql/labels.ts'
import type { Storage, StoredSeries } from '../promql/values.ts'

/** Series indexed by metric name, which most selectors have. */
export const storageOf = (series: readonly StoredSeries[]): Storage => {
  const byName = Map.groupBy(series, ({ labels }) => labels.__name__ ?? '')
  return {
    select: (matchers) => {
      const name = matchers.find(({ label, op }) => label === '__name__' && op === '=')?.value
      const candidates = name === undefined ? series : (byName.get(name) ?? [])
      return candidates.filter(({ labels }) => matchesAll(labels, matchers))
    },
  }
}
