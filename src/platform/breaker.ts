import { BrokenCircuitError, bulkhead, CircuitState, ConsecutiveBreaker, circuitBreaker, handleAll } from 'cockatiel'
import { type Guard, messageOf, Permanent, TryLater, Unavailable } from '../incident/errors.ts'
import type { Log } from './log.ts'
import type { Metrics } from './metrics.ts'

export type BreakersOptions = { log: Log; metrics: Metrics }

export type BreakerOptions = {
  /** How many calls are under way at once; more wait for their turn. */
  atOnce?: number
  /** So many failures, one after the other, and the system is taken for dead. */
  failures?: number
  /** After so long one call tries again, ms, real time. */
  probeAfterMs?: number
  /** Errors that are answers of a living system, besides `Permanent` and `TryLater`. */
  isAnswer?: (error: unknown) => boolean
}

/**
 * One circuit breaker a system: a dead one costs each caller nothing but a sentence, is asked again by a single call, and
 * is never asked more than it can bear.
 */
export const createBreakers = ({ log, metrics }: BreakersOptions) => {
  const open = new Map<string, number>()

  return {
    /** What guards the calls to one system. */
    guard: (system: string, options: BreakerOptions = {}): Guard => {
      const { atOnce = 8, failures = 5, probeAfterMs = 30_000, isAnswer = () => false } = options
      const turn = bulkhead(atOnce, Number.POSITIVE_INFINITY)
      const breaker = circuitBreaker(handleAll, {
        breaker: new ConsecutiveBreaker(failures),
        halfOpenAfter: probeAfterMs,
      })
      metrics.breakerOpen.set({ system }, 0)
      breaker.onBreak((why) => {
        open.set(system, Date.now() + probeAfterMs)
        metrics.breakerOpen.set({ system }, 1)
        log.warn('a system does not answer', {
          system,
          reason: 'error' in why ? messageOf(why.error) : undefined,
          againInMs: probeAfterMs,
        })
      })
      breaker.onReset(() => {
        open.delete(system)
        metrics.breakerOpen.set({ system }, 0)
        log.info('a system answers again', { system })
      })
      const waitMs = () => Math.max(0, (open.get(system) ?? 0) - Date.now())
      const unavailable = () =>
        new Unavailable(`${system} does not answer; Muster tries again in ${Math.ceil(waitMs() / 1000)} s.`, waitMs())

      return async (work) => {
        // Before a turn is waited for, or the callers of a hanging system would queue to be told that it hangs.
        if (breaker.state === CircuitState.Open && waitMs() > 0) throw unavailable()
        const outcome = await turn
          .execute(() =>
            breaker.execute(async () => {
              try {
                return { value: await work() }
              } catch (error) {
                // It lives: a refusal ends a row of failures as much as a success does.
                if (error instanceof Permanent || error instanceof TryLater || isAnswer(error)) return { answer: error }
                throw error
              }
            }),
          )
          .catch((error: unknown) => {
            throw error instanceof BrokenCircuitError ? unavailable() : error
          })
        if ('answer' in outcome) throw outcome.answer
        return outcome.value
      }
    },

    /** The systems that are taken for dead just now, in a sentence each. */
    troubles: (): string[] => [...open.keys()].map((system) => `${system} does not answer; its calls are held back.`),
  }
}

export type Breakers = ReturnType<typeof createBreakers>
