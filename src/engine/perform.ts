import { setMaxListeners } from 'node:events'
import type { Effect, EffectType } from '../incident/effect.ts'
import type { EffectContext, EffectHandler, EffectHandlers } from '../incident/effect-handler.ts'
import { isAuxiliary, reportAfterMsOf } from '../incident/effect-schedule.ts'
import { isRefusedEverywhere, messageOf, NotReady, Permanent, TryLater, Unavailable } from '../incident/errors.ts'
import type { IncidentEvent } from '../incident/event.ts'
import { STEP_OF_EFFECT } from '../incident/setup.ts'
import type { Log } from '../platform/log.ts'
import type { Metrics } from '../platform/metrics.ts'
import type { Claimed, Store } from '../store/store.ts'
import type { Outages } from './outages.ts'
import type { Recorder } from './record.ts'
import type { RefusedSteps } from './refused-steps.ts'
import { waitMs } from './waits.ts'

export type PerformOptions = {
  store: Store
  record: Recorder
  handlers: EffectHandlers
  log: Log
  metrics: Metrics
  /** What events are stamped with, epoch ms. */
  now: () => number
  /** What effects are due by, epoch ms. */
  scheduleNow: () => number
  random: () => number
  owner: string
  /** How long a handler may take, ms. */
  timeoutMs: number
  /** After this many counted errors an effect has failed permanently. */
  attempts: number
  /** Aborts when the program stops. */
  stopping: AbortSignal
  outages: Outages
  refusedSteps: RefusedSteps
}

/**
 * Runs one claimed effect and records the result: events, a postponement, or a permanent failure. Rejects only when the
 * store fails; then the lease expires and the effect runs again.
 */
export const createPerform = (options: PerformOptions) => {
  const { store, record, handlers, log, metrics, now, scheduleNow, random, owner } = options
  const { timeoutMs, attempts, stopping, outages, refusedSteps } = options
  // Every running effect listens to it.
  setMaxListeners(0, stopping)

  // Async, so that a handler that throws synchronously rejects like any other.
  const handle = async (effect: Effect, context: EffectContext) =>
    // TypeScript cannot see that the handler found by an effect's type takes that effect.
    (handlers[effect.type] as EffectHandler<EffectType>)(effect as never, context)

  const progressOf = ({ id, progress }: Claimed): EffectContext['progress'] => ({
    get: (item) => progress[item],
    set: async (item, value) => {
      progress[item] = value
      await store.outbox.keepProgress({ id, owner, progress })
    },
  })

  /** Runs a handler, but not beyond its timeout even when it ignores the signal. */
  const withinTime = async (claimed: Claimed): Promise<IncidentEvent[]> => {
    const [incident, cause] = await Promise.all([
      store.read(claimed.incident),
      store.event(claimed.incident, seqOf(claimed)),
    ])
    if (!incident || !cause) throw new Permanent(`The event behind ${claimed.id} is gone.`)
    if (isAuxiliary(claimed.effect)) {
      const known = await refusedSteps.reasonFor(claimed.effect, cause)
      if (known !== undefined) throw new Permanent(known, { everywhere: true })
    }
    const limit = AbortSignal.timeout(timeoutMs)
    const signal = AbortSignal.any([limit, stopping])
    const late = Promise.withResolvers<never>()
    const giveUp = () =>
      late.reject(
        limit.aborted ? new Slow(`No answer within ${timeoutMs / 1000} s.`) : new Error('Muster was stopped.'),
      )
    if (signal.aborted) giveUp()
    signal.addEventListener('abort', giveUp, { once: true })
    const work = handle(claimed.effect, {
      incident,
      cause,
      effectId: claimed.id,
      attempt: claimed.attempt,
      queuedAt: claimed.createdAt,
      progress: progressOf(claimed),
      signal,
    })
    return Promise.race([work, late.promise])
  }

  const fail = async (claimed: Claimed, error: unknown): Promise<void> => {
    const { effect, incident, id } = claimed
    const refused = isRefusedStep(effect, error)
    if (refused) await refusedSteps.remember(effect, messageOf(error))
    const reason = messageOf(error)
    const event: IncidentEvent = {
      type: refused ? 'step_refused' : 'effect_failed',
      // A retry reports this event again, not that somebody retried.
      effect: effect.type === 'tell' ? { ...effect, seq: seqOf(claimed) } : effect,
      reason,
      by: 'muster',
      at: now(),
    }
    await record.write({
      to: incident,
      // Once for each incident: the next topic is refused for the same reason.
      decide: ({ failures }) => (refused && failures[effect.type]?.reason === reason ? [] : [event]),
      once: `effect:${id}`,
      done: id,
    })
  }

  /** Delay after which people are notified that an effect is held up, ms of the clock that events are stamped with. */
  const untilReportMs = ({ effect, createdAt }: Claimed): number | undefined => {
    const afterMs = reportAfterMsOf(effect)
    return afterMs === undefined ? undefined : createdAt + afterMs - now()
  }

  const postpone = async (claimed: Claimed, error: unknown): Promise<number> => {
    const { id, attempt } = claimed
    const unavailable = error instanceof Unavailable
    const waited = waitMs(error, attempt, random)
    // Retried when people must be notified of the delay, or the report would wait for the backoff.
    const untilReport = untilReportMs(claimed)
    const isEarlier = untilReport !== undefined && untilReport > 0 && (unavailable || !(error instanceof TryLater))
    const inMs = isEarlier ? Math.min(waited, untilReport) : waited
    await store.outbox.postpone({
      id,
      owner,
      dueAt: scheduleNow() + inMs,
      now: scheduleNow(),
      error: messageOf(error),
      counts: counts(error),
      ...(unavailable ? { waitingFor: error.system } : {}),
    })
    if (unavailable) outages.began(error)
    return inMs
  }

  /** Reports a delay: on the checklist for a step, in the channel for what people rely on; each once per effect. */
  const report = async (claimed: Claimed, error: unknown, inMs: number): Promise<void> => {
    const { effect, incident, id } = claimed
    const about = { by: 'muster', at: now() }
    const step = STEP_OF_EFFECT[effect.type]
    if (step && error instanceof Unavailable) {
      const delayed: IncidentEvent = { ...about, type: 'step_delayed', step, text: error.message }
      await record.write({ to: incident, decide: () => [delayed], once: `delayed:${id}` })
    }
    const untilReport = untilReportMs(claimed)
    // A named wait longer than the limit is already certain to exceed it.
    const named = error instanceof TryLater && !(error instanceof Unavailable)
    if (untilReport === undefined || untilReport > (named ? inMs : 0)) return
    const delayed: IncidentEvent = { ...about, type: 'effect_delayed', effect, reason: messageOf(error) }
    await record.write({ to: incident, decide: () => [delayed], once: `reported:${id}` })
  }

  return async (claimed: Claimed): Promise<void> => {
    const { effect, incident, id, attempt, failures } = claimed
    const begun = performance.now()
    const about = { incident, effect: effect.type, id, attempt }
    const result = (name: 'done' | 'postponed' | 'failed') => {
      metrics.effects.inc({ effect: effect.type, result: name })
      metrics.effectSeconds.observe({ effect: effect.type }, (performance.now() - begun) / 1000)
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
      log.info('effect done', { ...about, ms: Math.round(performance.now() - begun) })
    } catch (error) {
      if (stopping.aborted && !isFinal(error)) {
        const now = scheduleNow()
        await store.outbox.postpone({ id, owner, dueAt: now, now, error: 'Muster was stopped.', counts: false })
      } else if (isFinal(error) || isRefusedStep(effect, error) || (failures + 1 >= attempts && counts(error))) {
        await fail(claimed, error)
        result('failed')
        log.error('effect failed', { ...about, error })
      } else {
        const inMs = await postpone(claimed, error)
        result('postponed')
        await report(claimed, error, inMs)
        const level = error instanceof NotReady ? 'debug' : 'warn'
        log[level]('effect postponed', { ...about, inMs, reason: messageOf(error) })
      }
    }
  }
}

/** The event an effect is about: the one it names, or else the one that caused it. */
const seqOf = ({ effect, seq }: Claimed): number => ('seq' in effect ? (effect.seq ?? seq) : seq)

const isFinal = (error: unknown): boolean => error instanceof Permanent

/** An auxiliary step that the workspace refuses for every incident. */
const isRefusedStep = (effect: Effect, error: unknown): boolean => isAuxiliary(effect) && isRefusedEverywhere(error)

/** A handler over its timeout: its system is slow, which is not the effect's fault. */
class Slow extends Error {
  override name = 'Slow'
}

/** Whether an error counts as an attempt. Waiting does not, whoever requested it. */
const counts = (error: unknown): boolean => !(error instanceof TryLater || error instanceof Slow)
