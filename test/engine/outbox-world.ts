import { onTestFinished } from 'vitest'
import { createOutbox, type OutboxOptions } from '../../src/engine/outbox.ts'
import { createRecord } from '../../src/engine/record.ts'
import { Effect, type EffectType } from '../../src/incident/effect.ts'
import type { EffectHandler, EffectHandlers } from '../../src/incident/effect-handler.ts'
import type { IncidentEvent } from '../../src/incident/event.ts'
import { createLog } from '../../src/platform/log.ts'
import { createMetrics } from '../../src/platform/metrics.ts'
import type { Store } from '../../src/store/store.ts'
import { act, T } from '../incident/facts.ts'
import { opened } from '../store/databases.ts'

/** A clock moved by hand. */
export const handClock = () => {
  let at = T
  return {
    now: () => at,
    forward: (ms: number) => {
      at += ms
    },
  }
}
export type HandClock = ReturnType<typeof handClock>

const nothing: EffectHandler<EffectType> = async () => []
const TYPES = Effect.options.map(({ shape }) => shape.type.value)
/** Handlers that find nothing to do, but for those given. */
export const handling = (some: Partial<EffectHandlers>): EffectHandlers => ({
  ...(Object.fromEntries(TYPES.map((type) => [type, nothing])) as EffectHandlers),
  ...some,
})

/** An outbox over a real store, its log lines in a list, stopped when the test ends. */
export const outboxOver = (
  store: Store,
  clock: HandClock,
  some: Partial<EffectHandlers>,
  options: Partial<OutboxOptions> = {},
) => {
  const lines: Record<string, unknown>[] = []
  const log = createLog('debug', { write: (line) => lines.push(JSON.parse(line)) })
  const metrics = createMetrics()
  const record = createRecord({ store, log, metrics, wake: () => outbox.wake() })
  const outbox = createOutbox({
    store,
    record,
    handlers: handling(some),
    log,
    metrics,
    now: clock.now,
    scheduleNow: clock.now,
    random: () => 0.5,
    owner: 'one',
    // Leases end by the clock moved by hand; a heartbeat in real time would extend them at random.
    heartbeatMs: 3_600_000,
    ...options,
  })
  onTestFinished(() => outbox.stop(0))
  /** Moves the clock, and does what is due then. */
  const forward = async (ms: number) => {
    clock.forward(ms)
    await outbox.settled(0)
  }
  const declared = () => record.declare({ title: 'Checkout is slow', severity: 'sev2' }, act(clock.now()))
  return { outbox, record, metrics, lines, forward, declared }
}

/** An outbox with these handlers over an empty SQLite, on a clock moved by hand. */
export const outboxWorld = async (
  ...rest: Parameters<typeof outboxOver> extends [unknown, unknown, ...infer Rest] ? Rest : never
) => {
  const clock = handClock()
  const store = await opened('sqlite::memory:', clock.now)
  return { store, clock, ...outboxOver(store, clock, ...rest) }
}

/** A queued or running effect of this type; undefined when there is none. */
export const pending = async ({ store }: { store: Store }, type: EffectType) =>
  (await store.outbox.pending()).find(({ effect }) => effect.type === type)

/** Never resolves. */
export const never = () => new Promise<IncidentEvent[]>(() => {})
/** Long enough for everything that is due to begin. */
export const afterTurns = () => new Promise((resolve) => setTimeout(resolve, 30))
