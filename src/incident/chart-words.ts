import type { ChartSnapshot } from './evidence.ts'
import { axisUnit, formatChange, formatLimit } from './unit.ts'
import { clockIn } from './zone.ts'

/** `05:08 (03:08 UTC)`, and just `03:08 UTC` where the zone's clock shows the same. */
export const inBothClocks = (at: number, zone: string): string => {
  const [local, utc] = [clockIn(zone), clockIn('UTC').time(at)]
  return local.offset(at) === 0 ? `${utc} UTC` : `${local.time(at)} (${utc} UTC)`
}

type Numbers = Pick<ChartSnapshot, 'before' | 'now' | 'peak' | 'unit' | 'limit'>

/**
 * What a chart shows in one phrase: `997 ms -> 4.4 min at 03:08 -> 999 ms`, with arrows. A unit that is a word is said
 * once: `217 -> 648 connections (limit 648)`. Empty where nothing is known.
 * @param zone whose clock says when the worst was, with UTC beside it: `at 05:08 (03:08 UTC)`
 */
export const changeInWords = ({ before, now, peak, unit = '', limit }: Numbers, zone = 'UTC'): string => {
  const known = [
    ...(typeof before === 'number' ? [{ value: before, when: '' }] : []),
    ...(peak ? [{ value: peak.value, when: ` at ${inBothClocks(peak.at, zone)}` }] : []),
    ...(typeof now === 'number' ? [{ value: now, when: '' }] : []),
  ]
  const texts = formatChange(
    known.map(({ value }) => value),
    unit,
  )
  const values = known.map(({ when }, i) => `${texts[i]}${when}`)
  const most = limit === undefined || values.length === 0 ? '' : ` (limit ${formatLimit(limit, axisUnit(unit))})`
  return `${values.join(' \u2192 ')}${most}`
}

/**
 * Alternative text of a chart in one sentence: beside a picture in Slack, its `alt` in a page.
 * `Shipping P90 latency: 1.02 s → 9.28 s, threshold 1.5 s.`
 */
export const chartInWords = (snapshot: ChartSnapshot): string => {
  const { title, query, series, threshold, unit } = snapshot
  const empty = series.every(({ points }) => points.every(([, value]) => value === null))
  const limit = threshold === undefined ? '' : `threshold ${formatLimit(threshold, unit)}`
  const facts = [empty ? 'no data' : changeInWords(snapshot), limit].filter(Boolean).join(', ')
  return `${title || query}${facts && ': '}${facts}.`
}
