import type { ChartSnapshot, Snapshot } from '../../incident/evidence.ts'

/** A chart without a configured query, and the first metric it uses. */
export type Found = { chart: ChartSnapshot; metric: string }

/**
 * A signal that the catalogue has a query for is drawn with that query and the limit that was found; a query repeated
 * from an earlier collection is the same chart.
 */
export const withoutDoubles = (written: Snapshot[], found: Found[]): Snapshot[] => {
  const kept = [...written]
  const more = found.flatMap(({ chart, metric }) => {
    const same = kept.findIndex(
      (one) => one.kind !== 'missing' && 'query' in one && (one.query === chart.query || isOf(one, chart, metric)),
    )
    const one = kept[same]
    if (one?.kind !== 'chart') return [chart]
    const { limit, signal, worse } = chart
    // The catalogue may use percent where the limit is in bytes.
    const fits = limit !== undefined && one.unit === chart.unit
    kept[same] = { ...one, ...(fits && { limit }), ...(signal && { signal }), ...(worse && { worse }) }
    return []
  })
  return [...kept, ...more]
}

const isOf = (written: Snapshot, { service }: ChartSnapshot, metric: string): boolean =>
  written.kind === 'chart' && written.service === service && new RegExp(`\\b${metric}\\b`).test(written.query)

/** Where there is a percentile, the mean of the same requests is less informative. */
export const withoutMeans = (found: Found[]): Found[] => {
  const percentiles = new Set(
    found.filter(({ chart }) => chart.title === 'P90 latency').map(({ chart }) => chart.service),
  )
  return found.filter(({ chart }) => chart.title !== 'Mean latency' || !percentiles.has(chart.service))
}
