import { keyOf, withoutBucket } from './labels.ts'
import type { Element } from './values.ts'

type Bucket = { le: number; count: number }

/** `histogram_quantile` over classic buckets: groups the vector by everything but `le`. */
export const histogramQuantile = (q: number, elements: readonly Element[]): Element[] => {
  const groups = new Map<string, { labels: Element['labels']; buckets: Bucket[] }>()
  for (const { labels, value } of elements) {
    const le = labels.le === '+Inf' ? Number.POSITIVE_INFINITY : Number(labels.le)
    if (labels.le === undefined || Number.isNaN(le)) continue
    const rest = withoutBucket(labels)
    const group = groups.get(keyOf(rest)) ?? { labels: rest, buckets: [] }
    groups.set(keyOf(rest), group)
    group.buckets.push({ le, count: value })
  }
  return [...groups.values()].map(({ labels, buckets }) => ({ labels, value: bucketQuantile(q, buckets) }))
}

/** Interpolates inside the bucket that holds the quantile; in the last bucket it returns that bucket's lower bound. */
const bucketQuantile = (q: number, unsorted: Bucket[]): number => {
  if (Number.isNaN(q)) return Number.NaN
  if (q < 0) return Number.NEGATIVE_INFINITY
  if (q > 1) return Number.POSITIVE_INFINITY
  const buckets = unsorted.sort((a, b) => a.le - b.le)
  const last = buckets.at(-1)
  if (buckets.length < 2 || last?.le !== Number.POSITIVE_INFINITY || !(last.count > 0)) return Number.NaN
  // Rates of neighbouring buckets may fall by a rounding error; a cumulative count never does.
  for (const [i, bucket] of buckets.entries()) bucket.count = Math.max(bucket.count, buckets[i - 1]?.count ?? 0)
  const rank = q * last.count
  const index = buckets.findIndex(({ count }) => count >= rank)
  const bucket = buckets[index]
  const below = buckets[index - 1]
  if (!bucket || index === buckets.length - 1) return below?.le ?? Number.NaN
  if (index === 0 && bucket.le <= 0) return bucket.le
  const start = below?.le ?? 0
  const inside = bucket.count - (below?.count ?? 0)
  return start + (bucket.le - start) * ((rank - (below?.count ?? 0)) / inside)
}
