type Labels = Record<string, string>

/**
 * Names for the series of one chart: the values of the labels in which they differ, `checkout, 500`. Labels shared by
 * all series (job, cluster) are omitted. A single series is named by its labels, or by the chart's title where it has
 * none.
 */
export const namesOf = (lines: Labels[], title: string): string[] => {
  const keys = [...new Set(lines.flatMap((labels) => Object.keys(labels)))].filter((key) => key !== '__name__').sort()
  const differ = keys.filter((key) => new Set(lines.map((labels) => labels[key] ?? '')).size > 1)
  return lines.map((labels) => {
    const values = (differ.length > 0 ? differ : keys).map((key) => labels[key]).filter(Boolean)
    return values.join(', ') || labels.__name__ || title
  })
}
