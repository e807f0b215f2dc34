import type { ChartSnapshot } from '../incident/evidence.ts'
import { byMovement, median } from '../incident/series.ts'

/** One value of a signal, `at` in epoch ms. */
export type Sample = { at: number; value: number }
/** Epoch ms. */
export type Interval = { from: number; to: number }
/** A time out of the usual range, and the value farthest from it. */
export type Episode = Interval & { peak: number }

/** How one signal developed over the incident, derived from its frozen series. Values are in the query's own unit. */
export type Reading = {
  /** The median of a calm stretch before the alert; null when no calm stretch was seen. */
  usual: number | null
  /** The value farthest from the usual one. */
  worst: Sample
  first: Sample
  last: Sample
  /** It left its usual range by more than the noise of an ordinary day. */
  moved: boolean
  /** When it was out of its usual range, in order; empty unless it moved. */
  episodes: Episode[]
  /** Where the value begins to be too much, as its query declares it; null when it does not. */
  threshold: number | null
  /** The height of an excursion: 0 is the usual value, 1 the worst. */
  heightOf(value: number): number
  samples: Sample[]
}

/** Standard deviations of the calm stretch that still count as usual. */
const NOISE = 4
/** A quarter of the larger value: less is the noise of an ordinary day. */
const MOVED_FROM = 0.25
/** This share of the usual value is within its range, however quiet the series is. */
const USUAL_SHARE = 0.2
/** And this share of the whole excursion, so that a flat series has a range at all. */
const EXCURSION_SHARE = 0.02
const FEWEST_CALM = 5
/** Episodes closer together than this are one. */
const SAME_EPISODE_MS = 120_000

export type ReadingOptions = {
  /** When the first alert fired or the incident was declared, epoch ms. */
  alertAt: number
  /** The incident has ended, so the last values are calm again. */
  over: boolean
  threshold?: number | null
  /** The calm hour that the source found; null when there was none, undefined when it was not determined. */
  calm?: Interval | null | undefined
  /** The direction that hurts. */
  worse?: ChartSnapshot['worse']
}

/**
 * The readings of one signal.
 * @param samples in time order, each instant once.
 * @returns undefined when there is nothing to compare: no values, or none before the alert.
 */
export const readingOf = (
  samples: Sample[],
  { alertAt, over, threshold = null, calm, worse = 'either' }: ReadingOptions,
): Reading | undefined => {
  const before = samples.filter(({ at }) => at < alertAt)
  const [first, last] = [samples[0], samples.at(-1)]
  if (!first || !last || before.length === 0) return undefined
  const within = calm ? samples.filter(({ at }) => at >= calm.from && at <= calm.to) : []
  const { reference, noise, usual } =
    within.length >= FEWEST_CALM ? usualOf(within) : guessCalm(before, samples, { over, restless: calm === null })
  const worst = farthest(samples, reference, worse)
  const excursion = Math.abs(worst.value - reference)
  const moved = excursion > Math.max(noise, MOVED_FROM * Math.max(Math.abs(worst.value), Math.abs(reference)))
  const band = Math.max(noise, USUAL_SHARE * Math.abs(reference), EXCURSION_SHARE * excursion)
  const up = worst.value > reference
  const isOut = ({ value }: Sample) => (up ? value - reference : reference - value) > band
  const heightOf = (value: number) => (excursion === 0 ? 0 : Math.abs(value - reference) / excursion)
  const episodes = moved ? episodesOf(samples.filter(isOut), heightOf) : []
  return { usual, worst, first, last, moved, episodes, threshold, heightOf, samples }
}

/** When the signal left its usual range for what was then detected, epoch ms. */
export const onsetOf = ({ episodes }: Reading, detectedAt: number): number | undefined =>
  (episodes.findLast(({ from }) => from <= detectedAt) ?? episodes[0])?.from

/**
 * The snapshots of one signal combined: the series that moved most, each instant once, the later snapshot preferred.
 */
export const samplesOf = (looks: readonly ChartSnapshot[], alertAt: number): Sample[] => {
  const widest = looks.toSorted((a, b) => b.to - b.from - (a.to - a.from))[0]
  const name = widest && byMovement(widest.series, alertAt)[0]?.name
  const values = new Map<number, number>()
  for (const { series } of looks)
    for (const [at, value] of series.find((line) => line.name === name)?.points ?? [])
      if (value !== null && Number.isFinite(value)) values.set(at, value)
  return [...values].map(([at, value]) => ({ at, value })).sort((a, b) => a.at - b.at)
}

/** What is calm, and how far an ordinary value may lie from it; `usual` is null when no calm time was seen. */
type Calm = { reference: number; noise: number; usual: number | null }

const usualOf = (samples: Sample[]): Calm => {
  const { middle, noise } = spread(samples)
  return { reference: middle, noise, usual: middle }
}

/**
 * The baseline, where the source does not supply one. Usually that is the time before the alert; when the signal ended
 * at quite another value, the time before was already the incident, and only what is near the end value at its
 * beginning is calm.
 */
const guessCalm = (before: Sample[], samples: Sample[], how: { over: boolean; restless: boolean }): Calm => {
  const calm = spread(before)
  if (!how.over) return { reference: calm.middle, noise: calm.noise, usual: how.restless ? null : calm.middle }
  const end = spread(samples.slice(-FEWEST_CALM))
  if (how.restless) return { reference: end.middle, noise: end.noise, usual: null }
  const worst = farthest(samples, end.middle)
  const [height, excursion] = [calm.middle - end.middle, worst.value - end.middle]
  const wasOut =
    Math.sign(height) === Math.sign(excursion) &&
    Math.abs(height) > MOVED_FROM * Math.max(Math.abs(excursion), Math.abs(end.middle), Math.abs(calm.middle))
  if (!wasOut) return usualOf(before)
  const near = Math.max(USUAL_SHARE * Math.abs(end.middle), 0.1 * Math.abs(excursion))
  const left = before.findIndex(({ value }) => Math.abs(value - end.middle) > near)
  const prefix = before.slice(0, left)
  if (prefix.length < FEWEST_CALM) return { reference: end.middle, noise: end.noise, usual: null }
  return usualOf(prefix)
}

/** The median, and how far an ordinary value may lie from it: the median deviation made comparable to a normal one. */
const spread = (samples: Sample[]): { middle: number; noise: number } => {
  const middle = median(samples.map(({ value }) => value)) ?? 0
  const deviation = median(samples.map(({ value }) => Math.abs(value - middle))) ?? 0
  return { middle, noise: NOISE * 1.4826 * deviation }
}

/** The value farthest from another, on the side that hurts. */
const farthest = (samples: Sample[], from: number, worse: ReadingOptions['worse'] = 'either'): Sample => {
  const far = ({ value }: Sample) =>
    worse === 'up' ? value - from : worse === 'down' ? from - value : Math.abs(value - from)
  return samples.reduce((worst, sample) => (far(sample) > far(worst) ? sample : worst))
}

const episodesOf = (out: Sample[], heightOf: (value: number) => number): Episode[] => {
  const episodes: (Episode & { size: number })[] = []
  for (const { at, value } of out) {
    const latest = episodes.at(-1)
    if (latest && at - latest.to <= SAME_EPISODE_MS) {
      if (heightOf(value) > heightOf(latest.peak)) latest.peak = value
      latest.to = at
      latest.size += 1
    } else episodes.push({ from: at, to: at, peak: value, size: 1 })
  }
  // A single value out of range is noise, unless it is the worst one.
  return episodes
    .filter(({ size, peak }) => size > 1 || heightOf(peak) === 1)
    .map(({ from, to, peak }) => ({ from, to, peak }))
}
