import { onTestFinished } from 'vitest'
import type { EffectType } from '../src/incident/effect.ts'
import { createLog } from '../src/log.ts'
import { createMetrics } from '../src/metrics.ts'
import { createOutbox, type EffectHandler, type EffectHandlers, type OutboxOptions } from '../src/outbox.ts'
import { createRecord } from '../src/record.ts'
import type { Store } from '../src/store/store.ts'
import { act, T } from './incident/facts.ts'

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
const TYPES: EffectType[] = [
  ...(['open_channel', 'invite', 'post_summary', 'pin_summary', 'refresh_summary', 'set_topic'] as const),
  ...(['add_bookmarks', 'announce', 'refresh_announcement', 'post_triage', 'refresh_triage', 'tell'] as const),
  ...(['warn_declarer', 'show_evidence', 'share_postmortem', 'find_on_call', 'acknowledge_page'] as const),
  ...(['resolve_page', 'collect_evidence', 'draft_postmortem'] as const),
]
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
  const outbox = createOutbox({
    store,
    handlers: handling(some),
    log,
    metrics,
    now: clock.now,
    scheduleNow: clock.now,
    random: () => 0.5,
    owner: 'one',
    ...options,
  })
  onTestFinished(() => outbox.stop(0))
  const record = createRecord({ store, log, metrics, wake: outbox.wake })
  /** Moves the clock, and does what is due then. */
  const forward = async (ms: number) => {
    clock.forward(ms)
    await outbox.settled(0)
  }
  const declared = () => record.declare({ title: 'Checkout is slow', severity: 'sev2' }, act(clock.now()))
  return { outbox, record, metrics, lines, forward, declared }
}
