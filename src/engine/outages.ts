import type { Unavailable } from '../incident/errors.ts'
import { messageOf } from '../incident/errors.ts'
import type { Log } from '../platform/log.ts'
import type { Store } from '../store/store.ts'

/** How often the most important effect waiting for a system probes it, ms. */
const SHORTEST_PROBE_MS = 1_000
const LONGEST_PROBE_MS = 30_000

export type OutagesOptions = {
  store: Pick<Store, 'outbox'>
  log: Log
  /** Real time, epoch ms. */
  scheduleNow: () => number
  /** Called when effects are due. */
  wake: () => void
  /** When a system that is held back may be probed, ms from now; undefined when nobody holds it back. */
  untilProbe?: ((system: string) => number | undefined) | undefined
}

/**
 * Tracks the systems that effects wait for. One effect at a time probes each, the most important first, so that a
 * failing system gets a handful of calls a minute; once it recovers everything waiting for it is due at once.
 */
export const createOutages = ({ store, log, scheduleNow, wake, untilProbe }: OutagesOptions) => {
  /** The systems that effects wait for, with the next probe of each. */
  const probes = new Map<string, NodeJS.Timeout | undefined>()
  let stopped = false

  const hasten = async (system: string, limit?: number): Promise<number> => {
    try {
      const count = await store.outbox.hasten({ system, now: scheduleNow(), ...(limit === undefined ? {} : { limit }) })
      if (count > 0) wake()
      return count
    } catch (error) {
      // The store itself is unavailable: waiting effects become due at their own time.
      log.warn('waiting effects could not be brought forward', { system, reason: messageOf(error) })
      return 0
    }
  }

  const probeAfter = (system: string, ms: number): void => {
    if (stopped) return
    probes.set(
      system,
      setTimeout(async () => {
        probes.set(system, undefined)
        // Nothing is waiting any more: done by another process, or cancelled by people.
        if ((await hasten(system, 1)) === 0 && probes.get(system) === undefined) probes.delete(system)
      }, ms).unref(),
    )
  }

  return {
    /** Called when an effect waits for a system. Logged once per outage, not once per effect. */
    began: (error: Unavailable): void => {
      const { system } = error
      if (probes.get(system)) return
      if (!probes.has(system)) log.warn('effects wait for a system', { system, reason: error.message })
      const afterMs = untilProbe?.(system) ?? error.afterMs
      probeAfter(system, Math.min(LONGEST_PROBE_MS, Math.max(SHORTEST_PROBE_MS, afterMs)))
    },

    /** Called when a system has recovered: everything waiting for it is due, the most important first. */
    ended: async (system: string): Promise<void> => {
      clearTimeout(probes.get(system))
      probes.delete(system)
      const effects = await hasten(system)
      if (effects > 0) log.info('effects go on: a system is back', { system, effects })
    },

    stop: (): void => {
      stopped = true
      for (const probe of probes.values()) clearTimeout(probe)
      probes.clear()
    },
  }
}

export type Outages = ReturnType<typeof createOutages>
