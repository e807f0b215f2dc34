import { type Effect, type EffectType, timeOf } from '../incident/effect.ts'
import type { EffectContext, EffectHandler, EffectHandlers } from '../incident/effect-handler.ts'
import { messageOf, Permanent, TryLater, Unavailable } from '../incident/errors.ts'
import type { IncidentEvent } from '../incident/event.ts'
import { STEP_OF_EFFECT } from '../incident/evolve.ts'
import type { Log } from '../platform/log.ts'
import type { Metrics } from '../platform/metrics.ts'
import type { Claimed, Store } from '../store/store.ts'
import type { Recorder } from './record.ts'

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
  /** Names this process among those that share the queue. */
  owner: string
  /** How many effects run at once. */
  concurrency?: number
  /** How long a handler may take, ms. */
  timeoutMs?: number
  /** After so many attempts an effect has failed for good. */
  attempts?: number
}

/** Longer than a handler may take, or two processes would do the same effect at once. */
const LEASE_OVER_TIMEOUT_MS = 30_000
/** At the latest after this long the queue is looked at: other processes fill it too. */
const LONGEST_SLEEP_MS = 5_000
const SHORTEST_SLEEP_MS = 10
const FIRST_BACKOFF_MS = 1_000
const LONGEST_BACKOFF_MS = 5 * 60_000
const LONGEST_NAMED_WAIT_MS = 24 * 3_600_000
/** How long giving back what is still running may take when the program stops. */
const GIVE_BACK_MS = 2_000

/**
 * Does the queued effects, several at once, each as often as needed. Nothing thrown by a handler ever ends the loop:
 * an error postpones its effect, `TryLater` says until when, `Permanent` and the last attempt become `effect_failed`.
 */
export const createOutbox = (options: OutboxOptions) => {
  const { store, record, handlers, log, metrics, now, random, owner, scheduleNow = Date.now } = options
  const { concurrency = 16, timeoutMs = 30_000, attempts = 20 } = options
  const running = new Map<string, Promise<void>>()
  const stopping = new AbortController()
  let timer: NodeJS.Timeout | undefined
  let claiming: Promise<void> | undefined
  let again = false
  let started = false

  const handle = (effect: Effect, context: EffectContext) =>
    // TypeScript cannot see that the handler found by an effect's type takes that effect.
    (handlers[effect.type] as EffectHandler<EffectType>)(effect as never, context)

  /** Runs a handler, but no longer than its time limit even when it ignores the signal. */
  const withinTime = async (claimed: Claimed): Promise<IncidentEvent[]> => {
    const [incident, cause] = await Promise.all([
      store.read(claimed.incident),
      store.event(claimed.incident, seqOf(claimed)),
    ])
    if (!incident || !cause) throw new Permanent(`The event behind ${claimed.id} is gone.`)
    const limit = AbortSignal.timeout(timeoutMs)
    const signal = AbortSignal.any([limit, stopping.signal])
    const work = handle(claimed.effect, {
      incident,
      cause,
      effectId: claimed.id,
      attempt: claimed.attempt,
      queuedAt: claimed.createdAt,
      signal,
    })
    const late = new Promise<never>((_resolve, reject) => {
      const giveUp = () =>
        reject(new Error(limit.aborted ? `No answer within ${timeoutMs / 1000} s.` : 'Muster was stopped.'))
      if (signal.aborted) giveUp()
      signal.addEventListener('abort', giveUp, { once: true })
    })
    return Promise.race([work, late])
  }

  const perform = async (claimed: Claimed): Promise<void> => {
    const { effect, incident, id, attempt } = claimed
    const begun = scheduleNow()
    const about = { incident, effect: effect.type, id, attempt }
    const result = (name: 'done' | 'postponed' | 'failed') => {
      metrics.effects.inc({ effect: effect.type, result: name })
      metrics.effectSeconds.observe({ effect: effect.type }, (scheduleNow() - begun) / 1000)
    }
    try {
      const events = await withinTime(claimed)
      const written = await record.write({
        to: incident,
        decide: () => events,
        once: events.length > 0 ? `effect:${id}` : undefined,
        done: id,
      })
      result('done')
      for (const event of written.events)
        if (event.type === 'channel_opened' && written.incident)
          metrics.channelSeconds.observe((event.at - written.incident.declaredAt) / 1000)
      log.info('effect done', { ...about, ms: scheduleNow() - begun })
    } catch (error) {
      if (stopping.signal.aborted && !(error instanceof Permanent)) {
        await store.outbox.postpone({ id, owner, dueAt: scheduleNow(), error: 'Muster was stopped.' })
      } else if (error instanceof Permanent || (attempt >= attempts && !(error instanceof TryLater))) {
        const failed: IncidentEvent = {
          type: 'effect_failed',
          // What is told on a retry is this event, not that somebody retried.
          effect: effect.type === 'tell' ? { ...effect, seq: seqOf(claimed) } : effect,
          reason: messageOf(error),
          by: 'muster',
          at: now(),
        }
        await record.write({ to: incident, decide: () => [failed], once: `effect:${id}`, done: id })
        result('failed')
        log.error('effect failed', { ...about, error })
      } else {
        const dueAt = scheduleNow() + waitMs(error, attempt, random)
        await store.outbox.postpone({ id, owner, dueAt, error: messageOf(error) })
        result('postponed')
        await tellDelay(claimed, error)
        log.warn('effect postponed', { ...about, inMs: dueAt - scheduleNow(), reason: messageOf(error) })
      }
    }
  }

  /** Whoever looks at the checklist should know what a step waits for; said once an effect, not once an attempt. */
  const tellDelay = async ({ effect, incident, id }: Claimed, error: unknown): Promise<void> => {
    const step = STEP_OF_EFFECT[effect.type]
    if (!step || !(error instanceof Unavailable)) return
    const delayed: IncidentEvent = { type: 'step_delayed', step, text: error.message, by: 'muster', at: now() }
    await record.write({ to: incident, decide: () => [delayed], once: `delayed:${id}` })
  }

  const start = (claimed: Claimed) => {
    const work = perform(claimed)
      // The store itself failed: the lease runs out and the effect is done again.
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
      const claimed = await store.outbox.claim({
        owner,
        limit,
        leaseMs: timeoutMs + LEASE_OVER_TIMEOUT_MS,
        now: scheduleNow(),
      })
      if (!started) {
        await store.outbox.release({ ids: claimed.map(({ id }) => id), owner })
        return
      }
      claimed.forEach(start)
      if (claimed.length === limit) again = true
    } while (again)
    const due = await store.outbox.nextDue()
    clearTimeout(timer)
    if (!started) return
    // What is due already is in another process's hands just now.
    const sleep = Math.max(SHORTEST_SLEEP_MS, (due ?? Number.POSITIVE_INFINITY) - scheduleNow())
    timer = setTimeout(wake, Math.min(LONGEST_SLEEP_MS, sleep))
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
      wake()
    },

    /** Something was queued: look at once. */
    wake,

    /**
     * Does at once what is to be done by an instant of the events' clock (epoch ms), where that runs ahead of real time;
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

    /** Resolves when nothing is running and nothing is queued for the next `withinMs`. */
    settled: async (withinMs = 2_000): Promise<void> => {
      for (;;) {
        const due = await store.outbox.nextDue()
        if (running.size === 0 && !claiming && (due === undefined || due > scheduleNow() + withinMs)) return
        wake()
        await new Promise((resolve) => setTimeout(resolve, 20))
      }
    },

    /** Stops claiming, lets what runs finish for `graceMs`, then gives it back. */
    stop: async (graceMs = 5_000): Promise<void> => {
      started = false
      clearTimeout(timer)
      await claiming
      await atMost(graceMs, Promise.all(running.values()))
      stopping.abort()
      await atMost(GIVE_BACK_MS, Promise.all(running.values()))
    },
  }
}

export type Outbox = ReturnType<typeof createOutbox>

/** The event an effect is about: the one it names, or else the one that caused it. */
const seqOf = ({ effect, seq }: Claimed): number => ('seq' in effect ? (effect.seq ?? seq) : seq)

/** Waits for work, but no longer than this; nothing is left ticking afterwards. */
const atMost = async (ms: number, work: Promise<unknown>): Promise<void> => {
  let timer: NodeJS.Timeout | undefined
  const over = new Promise((resolve) => {
    timer = setTimeout(resolve, ms)
  })
  await Promise.race([work, over])
  clearTimeout(timer)
}

/**
 * Exponential with full jitter; a named time to come back is taken at its word, a little later, but no later than
 * tomorrow. Whole milliseconds: a fraction is no time to PostgreSQL.
 */
const waitMs = (error: unknown, attempt: number, random: () => number): number =>
  Math.ceil(
    error instanceof TryLater
      ? namedWait(error.afterMs) + random() * 250
      : random() * Math.min(LONGEST_BACKOFF_MS, FIRST_BACKOFF_MS * 2 ** (attempt - 1)),
  )

/** Whatever the other side sent as Retry-After; a time that is none waits as long as an error would at the most. */
const namedWait = (afterMs: number): number =>
  Number.isNaN(afterMs) ? LONGEST_BACKOFF_MS : Math.min(Math.max(0, afterMs), LONGEST_NAMED_WAIT_MS)
