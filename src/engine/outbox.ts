import { setTimeout as sleep } from 'node:timers/promises'
import type { EffectHandlers } from '../incident/effect-handler.ts'
import { timeOf } from '../incident/effect-schedule.ts'
import type { Log } from '../platform/log.ts'
import type { Metrics } from '../platform/metrics.ts'
import { within } from '../platform/time-limit.ts'
import type { Claimed, Store } from '../store/store.ts'
import { keepLeases, LEASE_MS } from './leases.ts'
import { createOutages } from './outages.ts'
import { createPerform } from './perform.ts'
import type { Recorder } from './record.ts'
import { createRefusedSteps } from './refused-steps.ts'

export type OutboxOptions = {
  store: Store
  record: Recorder
  handlers: EffectHandlers
  log: Log
  metrics: Metrics
  /** What events are stamped with, epoch ms. */
  now: () => number
  /** What effects are due by and leases end by, epoch ms: real time, also where a story's clock runs faster. */
  scheduleNow?: () => number
  /** In [0, 1), for jitter. */
  random: () => number
  /** Identifies this process among those that share the queue. */
  owner: string
  /** How many effects run at once. */
  concurrency?: number
  /** How long a handler may take, ms. */
  timeoutMs?: number
  /** After this many counted errors an effect has failed permanently. */
  attempts?: number
  /** How often the leases of running effects are extended, ms. */
  heartbeatMs?: number
  /** When a system that is held back may be probed, ms from now; undefined when nobody holds it back. */
  untilProbe?: (system: string) => number | undefined
}

/** Maximum time between two polls of the queue, which other processes fill, too. */
const LONGEST_SLEEP_MS = 5_000
const SHORTEST_SLEEP_MS = 10
/** Time limit for releasing what is still running when the program stops. */
const GIVE_BACK_MS = 2_000

/**
 * Runs queued effects, several concurrently, retrying as needed. Nothing thrown by a handler ends the loop: an error
 * postpones its effect, `TryLater` says until when, `Unavailable` waits for a system, and `Permanent` and the last
 * attempt become `effect_failed`.
 */
export const createOutbox = (options: OutboxOptions) => {
  const { store, log, owner, scheduleNow = Date.now } = options
  const { concurrency = 16, timeoutMs = 30_000, attempts = 20, heartbeatMs, untilProbe } = options
  const running = new Map<string, Promise<void>>()
  const stopping = new AbortController()
  let timer: NodeJS.Timeout | undefined
  let claiming: Promise<void> | undefined
  let again = false
  let started = false
  let releaseLeases = () => {}

  const outages = createOutages({ store, log, scheduleNow, untilProbe, wake: () => wake() })
  const perform = createPerform({
    ...options,
    scheduleNow,
    timeoutMs,
    attempts,
    stopping: stopping.signal,
    outages,
    refusedSteps: createRefusedSteps({ store, now: options.now }),
  })

  const start = (claimed: Claimed) => {
    const work = perform(claimed)
      // The store itself failed: the lease expires and the effect runs again.
      .catch((error: unknown) => log.error('effect could not be recorded', { id: claimed.id, error }))
      .finally(() => {
        running.delete(claimed.id)
        wake()
      })
    running.set(claimed.id, work)
  }

  const claim = async (): Promise<void> => {
    do {
      again = false
      const limit = concurrency - running.size
      if (limit <= 0 || !started) return
      const claimed = await store.outbox.claim({ owner, limit, leaseMs: LEASE_MS, now: scheduleNow() })
      if (!started) {
        await store.outbox.release({ ids: claimed.map(({ id }) => id), owner })
        return
      }
      // Our own lease expired while the event loop was blocked: the claim renewed it, and the work is already running.
      for (const one of claimed) if (!running.has(one.id)) start(one)
      if (claimed.length === limit) again = true
    } while (again)
    const due = await store.outbox.nextDue()
    clearTimeout(timer)
    if (!started) return
    // What is already due is currently claimed by another process.
    const pause = Math.max(SHORTEST_SLEEP_MS, (due ?? Number.POSITIVE_INFINITY) - scheduleNow())
    timer = setTimeout(wake, Math.min(LONGEST_SLEEP_MS, pause))
  }

  const wake = (): void => {
    if (!started) return
    if (claiming) {
      again = true
      return
    }
    claiming = claim()
      .catch((error: unknown) => {
        log.error('outbox cannot be read', { error })
        clearTimeout(timer)
        if (started) timer = setTimeout(wake, LONGEST_SLEEP_MS)
      })
      .finally(() => {
        claiming = undefined
        if (again) wake()
      })
  }

  return {
    start: (): void => {
      started = true
      releaseLeases = keepLeases({ store, log, owner, scheduleNow, heartbeatMs, running: () => [...running.keys()] })
      // A restart is often the fix: what was waiting for a system is retried at once.
      store.outbox
        .hasten({ now: scheduleNow() })
        .catch((error: unknown) => log.warn('waiting effects could not be brought forward', { error }))
        .finally(wake)
    },

    /** Something was queued: poll at once. */
    wake,

    /**
     * Runs at once what is due by an instant of the events' clock (epoch ms), where that runs ahead of real time;
     * returns when the next such effect is due, by the same clock.
     */
    catchUp: async (at: number): Promise<number | undefined> => {
      const timed = (await store.outbox.pending()).flatMap(({ id, effect }) => {
        const due = timeOf(effect)
        return due === undefined ? [] : [{ id, due }]
      })
      const ids = timed.filter(({ due }) => due <= at).map(({ id }) => id)
      await store.outbox.bringForward({ ids, now: scheduleNow() })
      if (ids.length > 0) wake()
      return timed
        .map(({ due }) => due)
        .filter((due) => due > at)
        .sort((a, b) => a - b)[0]
    },
    /** A system has recovered: what waits for it is due. */
    recovered: outages.ended,

    /** Resolves when nothing is running and nothing is queued for the next `withinMs`. */
    settled: async (withinMs = 2_000): Promise<void> => {
      for (;;) {
        const due = await store.outbox.nextDue()
        if (running.size === 0 && !claiming && (due === undefined || due > scheduleNow() + withinMs)) return
        wake()
        await sleep(20)
      }
    },

    /** Stops claiming, lets running effects finish for `graceMs`, then releases the rest. */
    stop: async (graceMs = 5_000): Promise<void> => {
      started = false
      clearTimeout(timer)
      outages.stop()
      await claiming
      await within(graceMs, Promise.all(running.values()), undefined)
      stopping.abort()
      await within(GIVE_BACK_MS, Promise.all(running.values()), undefined)
      releaseLeases()
    },
  }
}

export type Outbox = ReturnType<typeof createOutbox>
