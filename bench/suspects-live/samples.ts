/** One series as it is loaded: labels, and a value at each instant of its grid (null: not scraped). */
export type LoadedSeries = { name: string; labels: Record<string, string>; values: readonly (number | null)[] }

/** When the values were scraped: `values[i]` at `start + i * stepSeconds * 1000`, epoch ms. */
export type LoadGrid = { start: number; stepSeconds: number }

/**
 * OpenMetrics text for `promtool tsdb create-blocks-from openmetrics`. Everything is of type gauge there: the type is not
 * stored, and a name of any ending may then stand alone.
 */
export const openMetricsOf = (series: readonly LoadedSeries[], { start, stepSeconds }: LoadGrid): string => {
  const lines: string[] = []
  for (const [name, group] of Map.groupBy(series, (one) => one.name)) {
    lines.push(`# TYPE ${name} gauge`)
    for (const { labels, values } of group) {
      const written = Object.entries(labels).map(([label, value]) => `${label}=${JSON.stringify(value)}`)
      const head = `${name}{${written.join(',')}}`
      values.forEach((value, i) => {
        if (value !== null) lines.push(`${head} ${value} ${(start / 1000 + i * stepSeconds).toFixed(3)}`)
      })
    }
  }
  return `${lines.join('\n')}\n# EOF\n`
}

/** A counter that grows by this much a second: a running sum, gaps where nothing was scraped. */
export const counted = (
  perSecond: readonly (number | null)[],
  stepSeconds: number,
  before = 1_000,
): (number | null)[] => {
  let total = before
  return perSecond.map((rate) => {
    if (rate === null) return null
    total += rate * stepSeconds
    return Number(total.toPrecision(12))
  })
}
