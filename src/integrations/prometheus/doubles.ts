import type { ChartSnapshot, Snapshot } from '../../incident/evidence.ts'

/** A chart that nobody wrote a query for, and the first metric it is made of. */
export type Found = { chart: ChartSnapshot; metric: string }

/**
 * A signal that the catalogue has a query for is drawn as the catalogue wants it, with the limit that was found; what an
 * earlier look asked for by the same query is the same chart.
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
    // The catalogue may count in percent what the limit counts in bytes.
    const fits = limit !== undefined && one.unit === chart.unit
    kept[same] = { ...one, ...(fits && { limit }), ...(signal && { signal }), ...(worse && { worse }) }
    return []
  })
  return [...kept, ...more]
}

const isOf = (written: Snapshot, { service }: ChartSnapshot, metric: string): boolean =>
  written.kind === 'chart' && written.service === service && new RegExp(`\\b${metric}\\b`).test(written.query)

/** Where there is a percentile, the mean of the same requests says less. */
export const withoutMeans = (found: Found[]): Found[] => {
  const percentiles = new Set(
    found.filter(({ chart }) => chart.title === 'P90 latency').map(({ chart }) => chart.service),
  )
  return found.filter(({ chart }) => chart.title !== 'Mean latency' || !percentiles.has(chart.service))
}
