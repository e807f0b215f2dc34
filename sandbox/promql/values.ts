import type { Labels, Matcher } from './labels.ts'

/** [epoch ms, value]. */
export type Sample = readonly [number, number]

/** A stored series. `samples` returns those in `(from, to]`, epoch ms, in time order. */
export type StoredSeries = { labels: Labels; samples(from: number, to: number): Sample[] }

/** Source of samples. */
export type Storage = { select(matchers: readonly Matcher[]): StoredSeries[] }

/** One value of an instant vector. */
export type Element = { labels: Labels; value: number }

/** The value of an expression at an instant. */
export type Value =
  | { type: 'scalar'; value: number }
  | { type: 'string'; value: string }
  | { type: 'vector'; elements: Element[] }

/** How far back an instant selector looks for a sample. */
export const lookbackMs = 5 * 60_000
