import { TryLater, Unavailable } from '../incident/errors.ts'
import { LONGEST_WAIT_MS } from '../store/store.ts'

const FIRST_BACKOFF_MS = 1_000
const LONGEST_BACKOFF_MS = 5 * 60_000
/** Effects waiting for a system become due at once when it recovers; this is the fallback when nobody notices. */
const LONGEST_OUTAGE_LOOK_MS = 60_000
/** Spreads effects that were given the same retry time. */
const SPREAD_MS = 250

/**
 * How long an effect waits after an error, whole ms (a fraction is no time to PostgreSQL). Exponential with full jitter;
 * a named time is honoured with a little spread, but no longer than the longest wait.
 * @param attempt how many attempts there were.
 * @param random in [0, 1).
 */
export const waitMs = (error: unknown, attempt: number, random: () => number): number => {
  if (error instanceof Unavailable) return Math.ceil(backoff(attempt, LONGEST_OUTAGE_LOOK_MS, random))
  if (error instanceof TryLater) return Math.ceil(namedWait(error.afterMs) + random() * SPREAD_MS)
  return Math.ceil(backoff(attempt, LONGEST_BACKOFF_MS, random))
}

const backoff = (attempt: number, longestMs: number, random: () => number): number =>
  random() * Math.min(longestMs, FIRST_BACKOFF_MS * 2 ** Math.min(attempt - 1, 30))

/** For any Retry-After the other side sent; an invalid one waits as long as an error would at the most. */
const namedWait = (afterMs: number): number =>
  Number.isNaN(afterMs) ? LONGEST_BACKOFF_MS : Math.min(Math.max(0, afterMs), LONGEST_WAIT_MS)
