import type { Labels } from '../promql/labels.ts'
import type { Sample, StoredSeries } from '../promql/values.ts'
import type { Signal } from '../stories/signals.ts'

/** Scrape interval. */
export const scrapeMs = 15_000

/** History before the start of the story. */
export const historyMs = 6 * 3_600_000

/** Maps story time to epoch ms: the story's start, and now, after which there are no samples. */
export type Moment = {
  anchor: number
  now: () => number
  /** Story time in which nothing was scraped. */
  blind?: readonly [fromMs: number, toMs: number] | undefined
}

/** A series whose value is computed from the scrape's number. */
const scraped = (labels: Labels, { anchor, now, blind }: Moment, measure: (scrape: number) => number): StoredSeries => {
  const first = anchor - historyMs
  return {
    labels,
    samples: (from, to) => {
      const end = Math.floor((Math.min(to, now()) - first) / scrapeMs)
      const samples: Sample[] = []
      for (let scrape = Math.max(0, Math.floor((from - first) / scrapeMs) + 1); scrape <= end; scrape++) {
        const at = storyTime(scrape)
        if (blind && at >= blind[0] && at < blind[1]) continue
        const value = measure(scrape)
        if (!Number.isNaN(value)) samples.push([first + scrape * scrapeMs, value])
      }
      return samples
    },
  }
}

const storyTime = (scrape: number) => scrape * scrapeMs - historyMs

const memo = <V>(work: (scrape: number) => V) => {
  const known = new Map<number, V>()
  return (scrape: number): V => {
    const value = known.get(scrape) ?? work(scrape)
    known.set(scrape, value)
    return value
  }
}

/** A gauge. NaN leaves a gap, like a failed scrape. */
export const gauge = (labels: Labels, signal: Signal, moment: Moment): StoredSeries =>
  scraped(
    labels,
    moment,
    memo((scrape) => signal(storyTime(scrape))),
  )

/** Initial counter value, so that the first scrapes do not look like a process start. */
const countedBefore = 100_000

/** A counter that grows by `perSecond`; integers unless `fractions` is set. */
export const counter = (
  labels: Labels,
  perSecond: Signal,
  moment: Moment,
  { fractions = false, before = countedBefore } = {},
): StoredSeries => {
  const total = accumulate((scrape) => Math.max(0, perSecond(storyTime(scrape))) * (scrapeMs / 1000))
  return scraped(labels, moment, (scrape) => before + (fractions ? total(scrape) : Math.floor(total(scrape))))
}

/** A running sum over scrapes, computed lazily and cached. */
export const accumulate = (added: (scrape: number) => number): ((scrape: number) => number) => {
  const totals = [0]
  return (scrape) => {
    for (let next = totals.length; next <= scrape; next++) totals.push((totals[next - 1] as number) + added(next))
    return totals[scrape] as number
  }
}

type Histogram = {
  /** The name without `_bucket`. */
  name: string
  labels: Labels
  bounds: readonly number[]
  /** Observations per second. */
  rate: Signal
  /** The share of observations at or below each bound at a story time. */
  shares: (storyMs: number) => number[]
  /** Their mean, in the unit of the bounds. */
  mean: Signal
}

/** The series of a classic histogram: its cumulative buckets, its sum and its count. */
export const histogram = ({ name, labels, bounds, rate, shares, mean }: Histogram, moment: Moment): StoredSeries[] => {
  const observed = memo((scrape) => Math.max(0, rate(storyTime(scrape))) * (scrapeMs / 1000))
  // Computed once per scrape and shared by all buckets.
  const sharesOf = memo((scrape) => shares(storyTime(scrape)))
  const bucket = (index: number) => accumulate((scrape) => observed(scrape) * (sharesOf(scrape)[index] ?? 1))
  const series = (suffix: string, total: (scrape: number) => number, extra: Labels = {}) =>
    scraped({ ...labels, __name__: `${name}_${suffix}`, ...extra }, moment, total)
  const count = accumulate(observed)
  return [
    ...bounds.map((le, index) => series('bucket', bucket(index), { le: String(le) })),
    series('bucket', count, { le: '+Inf' }),
    series('count', count),
    series(
      'sum',
      accumulate((scrape) => observed(scrape) * mean(storyTime(scrape))),
    ),
  ]
}
