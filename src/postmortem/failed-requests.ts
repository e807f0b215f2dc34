import type { Signal } from './evidence.ts'
import type { Interval, Sample } from './readings.ts'
import { isErrorShare, isTraffic } from './signal-kind.ts'

/** Requests that failed during the harm, derived from two frozen graphs: the share that fails, and all requests. */
export type FailedRequests = {
  requests: number
  of: number
  /** How much of the harm both graphs have data for, ms; `requests` is a lower bound when it is less than `span`. */
  covered: number
  /** How long the harm lasted, ms. */
  span: number
}

/** Samples further apart than this are not connected, however sparse the series is. */
const LONGEST_STEP_MS = 10 * 60_000
/** In ordinary steps. One missing sample is bridged; a longer hole is time for which nothing is known. */
const LARGEST_HOLE = 2.5
/** Below this share of the harm, a lower bound says nothing about its size. */
const LEAST_COVERED = 0.25

/**
 * The share of failed requests times the traffic, integrated over the time for which both have data. Null unless both
 * were frozen for the same service, cover enough of the time, and something failed.
 * @param evidence signals of the incident's own service
 */
export const failedRequests = (evidence: readonly Signal[], { from, to }: Interval): FailedRequests | null => {
  // Of several lines, the one that moved most is read: it is neither the whole traffic nor this service's failures.
  const single = evidence.filter(({ lines }) => lines === 1)
  const errors = single.find((signal) => signal.reading?.moved && isErrorShare(signal))
  const traffic = single.find((signal) => signal.reading && isTraffic(signal))
  if (!errors?.reading || !traffic?.reading || to <= from) return null
  const whole = /^(%|percent)$/.test(errors.unit) ? 100 : 1
  const shares = stretchesOf(errors.reading.samples)
  const total = { requests: 0, of: 0, covered: 0, span: to - from }
  for (const sent of stretchesOf(traffic.reading.samples)) {
    const rate = Math.max(0, sent.value)
    const add = (start: number, end: number, failing: number) => {
      const ms = Math.min(end, to) - Math.max(start, from)
      if (ms <= 0) return
      total.covered += ms
      total.of += (rate * ms) / 1000
      total.requests += (rate * ms * failing) / 1000
    }
    // Without requests the share is zero divided by zero: nothing was sent, so nothing failed.
    if (rate === 0) add(sent.from, sent.to, 0)
    else
      for (const share of shares)
        add(Math.max(sent.from, share.from), Math.min(sent.to, share.to), Math.min(1, Math.max(0, share.value / whole)))
  }
  return total.requests >= 1 && total.covered >= LEAST_COVERED * total.span ? total : null
}

type Stretch = Interval & { value: number }

/** Each sample holds until the next one; before a hole, for one ordinary step. */
const stretchesOf = (samples: readonly Sample[]): Stretch[] => {
  const gaps = samples.map(({ at }, i) => (samples[i + 1]?.at ?? Number.POSITIVE_INFINITY) - at)
  return samples.map(({ at, value }, i) => {
    const [gap = 0, step] = [gaps[i], Math.min(stepAround(gaps, i), LONGEST_STEP_MS)]
    return { from: at, to: at + (gap <= LARGEST_HOLE * step ? gap : step), value }
  })
}

/** How many neighbours on each side tell the ordinary step. */
const NEIGHBOURS = 5

/**
 * The ordinary step near a gap. Looks are taken at different times, with coarser steps the longer their range: joined,
 * there is no one step, and points lie closer together where looks overlap.
 */
const stepAround = (gaps: readonly number[], i: number): number => {
  const near = [...gaps.slice(Math.max(0, i - NEIGHBOURS), i), ...gaps.slice(i + 1, i + 1 + NEIGHBOURS)]
    .filter(Number.isFinite)
    .sort((a, b) => a - b)
  return near[Math.floor(0.7 * (near.length - 1))] ?? 0
}
