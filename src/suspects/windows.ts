import type { Timed } from './input.ts'
import type { Tuning } from './tuning.ts'

/** The baseline and the test window, epoch ms. `to` is exclusive for the baseline, inclusive for the test. */
export type Windows = { baseline: { from: number; to: number }; test: { from: number; to: number } }

const MINUTE = 60_000

/**
 * Baseline = [first value, onset - guard), test = [onset, now], at most ten minutes or five steps, whichever is longer.
 * guard = min(max(5 min, 10 % of the lookback), 50 % of the lookback).
 */
export const windowsAt = (
  onset: number,
  { from, now, stepMs }: { from: number; now: number; stepMs: number },
  tuning: Tuning,
): Windows => {
  const lookback = Math.max(0, onset - from)
  const wished = Math.max(tuning.guardMinutes * MINUTE, tuning.guardShare * lookback)
  const guard = Math.min(wished, tuning.guardShareMax * lookback)
  const longest = Math.max(tuning.testMinutes * MINUTE, (tuning.testPoints - 1) * stepMs)
  return { baseline: { from, to: onset - guard }, test: { from: onset, to: Math.min(now, onset + longest) } }
}

/** A measured number, or nothing: gaps, NaN (a quantile of no requests) and the infinities alike. */
export const measured = (value: number | null | undefined): value is number => value != null && Number.isFinite(value)

/** The measured values of a series between two instants, and the index each came from. */
export const slice = (
  { start, stepSeconds, values }: Timed,
  from: number,
  to: number,
  includeEnd: boolean,
): { values: Float64Array; indices: Int32Array } => {
  const step = stepSeconds * 1000
  const first = Math.max(0, Math.ceil((from - start) / step))
  const last = (to - start) / step
  const end = Math.min(values.length, includeEnd ? Math.floor(last) + 1 : Math.ceil(last))
  const kept = new Float64Array(Math.max(0, end - first))
  const indices = new Int32Array(kept.length)
  let count = 0
  for (let i = first; i < end; i++) {
    const value = values[i]
    if (!measured(value)) continue
    kept[count] = value
    indices[count] = i
    count++
  }
  return { values: kept.subarray(0, count), indices: indices.subarray(0, count) }
}
