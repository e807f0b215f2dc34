import {
  BrokenCircuitError,
  bulkhead,
  CircuitState,
  ConsecutiveBreaker,
  circuitBreaker,
  DelegateBackoff,
  handleAll,
} from 'cockatiel'
import { type Guard, messageOf, Permanent, TryLater, Unavailable } from '../incident/errors.ts'
import type { Log } from './log.ts'
import type { Metrics } from './metrics.ts'

export type BreakersOptions = { log: Log; metrics: Metrics }

export type BreakerOptions = {
  /** Maximum number of concurrent calls; further ones wait for a slot. */
  atOnce?: number
  /** Consecutive failures before the breaker opens. */
  failures?: number
  /**
   * How long an open breaker holds calls back before one call probes the system, ms, real time: counted from the start of
   * the call that failed, because a system that hangs was left alone for as long as that call took.
   */
  probeAfterMs?: number
  /** Errors that prove the system is alive, besides `Permanent` and a plain `TryLater`. */
  isAnswer?: (error: unknown) => boolean
}

/** The shortest pause after a call that took long, ms. */
const SHORTEST_PAUSE_MS = 1_000
/** After this many consecutive failures the next success is a recovery, even if the breaker has not opened yet. */
const TROUBLED_AFTER = 3
/** A breaker still open this long after its probe was due is stuck, ms. */
const STUCK_AFTER_MS = 1_000

/**
 * One circuit breaker per system. While it is open, callers fail at once with one sentence, a single call at a time
 * probes the system, and concurrency is bounded. `onRecover` listeners are notified when a failing system responds
 * again.
 */
export const createBreakers = ({ log, metrics }: BreakersOptions) => {
  /** Open breakers: when they may be probed (monotonic ms), and why they opened. */
  const open = new Map<string, { until: number; reason: string }>()
  const listeners = new Set<(system: string) => void>()

  const watch = (system: string, { failures = 5, probeAfterMs = 30_000 }: BreakerOptions, tookMs: () => number) => {
    const pauseMs = () => Math.max(Math.min(probeAfterMs, SHORTEST_PAUSE_MS), Math.ceil(probeAfterMs - tookMs()))
    const breaker = circuitBreaker(handleAll, {
      breaker: new ConsecutiveBreaker(failures),
      halfOpenAfter: new DelegateBackoff(pauseMs),
    })
    breaker.onBreak((why) => {
      const reason = 'error' in why ? messageOf(why.error) : 'isolated'
      if (!open.has(system)) log.warn('a system does not answer', { system, reason, againInMs: pauseMs() })
      open.set(system, { until: performance.now() + pauseMs(), reason })
      metrics.breakerOpen.set({ system }, 1)
    })
    breaker.onReset(() => {
      open.delete(system)
      metrics.breakerOpen.set({ system }, 0)
      log.info('a system answers again', { system })
    })
    return breaker
  }

  return {
    /** Wraps calls to one system. */
    guard: (system: string, options: BreakerOptions = {}): Guard => {
      const { atOnce = 8, isAnswer = () => false } = options
      const turn = bulkhead(atOnce, Number.POSITIVE_INFINITY)
      /** How long the latest call that failed took, ms. */
      let tookMs = 0
      let breaker = watch(system, options, () => tookMs)
      let failedInRow = 0
      metrics.breakerOpen.set({ system }, 0)

      const waitMs = () => Math.max(0, (open.get(system)?.until ?? 0) - performance.now())
      const unavailable = () =>
        new Unavailable(
          `${system} does not answer; Muster tries again in ${Math.ceil(waitMs() / 1000)} s.${because(open.get(system)?.reason)}`,
          { system, afterMs: waitMs() },
        )
      const answered = () => {
        const recovered = failedInRow >= TROUBLED_AFTER
        failedInRow = 0
        if (recovered) for (const listener of listeners) listener(system)
      }
      /** The library compares wall-clock times: after the clock was set back it would stay open for that long. */
      const renewIfStuck = () => {
        const { until } = open.get(system) ?? { until: Number.POSITIVE_INFINITY }
        if (breaker.state !== CircuitState.Open || performance.now() < until + STUCK_AFTER_MS) return
        open.delete(system)
        metrics.breakerOpen.set({ system }, 0)
        breaker = watch(system, options, () => tookMs)
      }

      return async (work) => {
        // Checked before queueing for a slot, or the callers of a hanging system would wait just to learn that it
        // hangs.
        if (breaker.state === CircuitState.Open && waitMs() > 0) throw unavailable()
        const outcome = await turn
          .execute(() =>
            breaker.execute(async () => {
              const begun = performance.now()
              try {
                return { value: await work() }
              } catch (error) {
                if (isAnswer(error)) return { answer: error }
                // A refusal proves that the system is alive as much as a success does.
                if (isAlive(error)) return { answer: error }
                failedInRow += 1
                tookMs = performance.now() - begun
                throw error
              }
            }),
          )
          .catch((error: unknown) => {
            if (!(error instanceof BrokenCircuitError)) throw error
            const refused = unavailable()
            renewIfStuck()
            throw refused
          })
        answered()
        if ('answer' in outcome) throw outcome.answer
        return outcome.value
      }
    },

    /** Calls `listener` with a system's name whenever it answers after failing several times in a row. */
    onRecover: (listener: (system: string) => void): void => {
      listeners.add(listener)
    },

    /** When a system that is held back may be probed, ms from now; undefined while its calls are made. */
    untilProbe: (system: string): number | undefined => {
      const held = open.get(system)
      return held && Math.max(0, held.until - performance.now())
    },

    /** The systems held back just now, in a sentence each. */
    troubles: (): string[] =>
      [...open].map(([system, { reason }]) => `${system} does not answer; its calls are held back.${because(reason)}`),
  }
}

const isAlive = (error: unknown): boolean =>
  error instanceof Unavailable ? error.partly : error instanceof Permanent || error instanceof TryLater

const because = (reason: string | undefined): string => (reason ? ` (${reason})` : '')

export type Breakers = ReturnType<typeof createBreakers>
