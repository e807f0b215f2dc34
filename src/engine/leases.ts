import { messageOf } from '../incident/errors.ts'
import type { Log } from '../platform/log.ts'
import type { Store } from '../store/store.ts'

/** How long a claim stays valid without renewal, ms: after that another process takes the effect over. */
export const LEASE_MS = 8_000
/** How often leases are extended while their effects run, ms. */
const HEARTBEAT_MS = 2_000

export type LeasesOptions = {
  store: Pick<Store, 'outbox'>
  log: Log
  owner: string
  /** Real time, epoch ms. */
  scheduleNow: () => number
  /** How often leases are extended, ms. */
  heartbeatMs?: number | undefined
  /** The ids of the effects that run in this process. */
  running: () => string[]
}

/**
 * Renews the leases of effects running in this process, so that a crashed process's effects are released soon and a
 * slow one's are kept.
 */
export const keepLeases = ({
  store,
  log,
  owner,
  scheduleNow,
  heartbeatMs = HEARTBEAT_MS,
  running,
}: LeasesOptions): (() => void) => {
  let beating = false
  const beat = async () => {
    const ids = running()
    if (beating || ids.length === 0) return
    beating = true
    try {
      await store.outbox.extend({ ids, owner, leaseMs: LEASE_MS, now: scheduleNow() })
    } catch (error) {
      log.warn('leases could not be extended', { reason: messageOf(error) })
    } finally {
      beating = false
    }
  }
  const timer = setInterval(beat, heartbeatMs).unref()
  return () => clearInterval(timer)
}
