import type { ChartSnapshot } from './evidence.ts'
import { formatValue } from './unit.ts'

/** What a chart shows in one phrase: `1.02 s before → 9.28 s now`. Empty where neither value is known. */
export const changeInWords = ({ before, now, unit }: Pick<ChartSnapshot, 'before' | 'now' | 'unit'>): string =>
  [
    ...(typeof before === 'number' ? [`${formatValue(before, unit)} before`] : []),
    ...(typeof now === 'number' ? [`${formatValue(now, unit)} now`] : []),
  ].join(' → ')

/**
 * A chart for those who cannot see it, in one sentence: the text beside a picture in Slack, its `alt` in a page.
 * `Shipping P90 latency: 1.02 s before → 9.28 s now, threshold 1.5 s.`
 */
export const chartInWords = (snapshot: ChartSnapshot): string => {
  const { title, query, series, threshold, unit } = snapshot
  const empty = series.every(({ points }) => points.every(([, value]) => value === null))
  const limit = threshold === undefined ? '' : `threshold ${formatValue(threshold, unit)}`
  const facts = [empty ? 'no data' : changeInWords(snapshot), limit].filter(Boolean).join(', ')
  return `${title || query}${facts && ': '}${facts}.`
}
