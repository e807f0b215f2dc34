import { messageOf } from '../incident/errors.ts'
import { within } from '../platform/time-limit.ts'

/** A load balancer's probe does not wait long either. */
const PROBE_WITHIN_MS = 4_000
/** A probe writes and syncs to disk; callers within this time share one. */
const PROBE_EVERY_MS = 1_000

/** Whether a webhook would be accepted now, and what operators should know besides, a sentence each. */
export type Readiness = () => Promise<{ failure: string | undefined; notes: string[] }>

export type ReadinessOptions = {
  /** Writes as intake writes; rejects with the reason when that fails. */
  probe(): Promise<void>
  /** What is held up although webhooks are accepted. */
  notes(): Promise<string[]>
  /** Callers within this time share one probe, ms. */
  everyMs?: number
  log: { error(message: string, fields?: Record<string, unknown>): void; info(message: string): void }
}

/**
 * Reading is no proof: on a full disk, at a file-size limit and on a read-only file system `select 1` still works. The
 * first failure and the recovery are logged; a probe every second in between is not.
 */
export const createReadiness = ({ probe, notes, log, everyMs = PROBE_EVERY_MS }: ReadinessOptions): Readiness => {
  let last: { at: number; result: ReturnType<Readiness> } | undefined
  let failed = false

  const check = async (): ReturnType<Readiness> => {
    const failure = await within(
      PROBE_WITHIN_MS,
      probe().then(
        () => undefined,
        (error: unknown) => {
          if (!failed) log.error('not ready: the store cannot be written', { error })
          return `The store cannot be written: ${messageOf(error)}`
        },
      ),
      'The store is too slow.',
    )
    if (failed && failure === undefined) log.info('ready again')
    failed = failure !== undefined
    return {
      failure,
      notes: failed
        ? []
        : await within(
            PROBE_WITHIN_MS,
            notes().catch(() => []),
            [],
          ),
    }
  }

  return () => {
    if (!last || performance.now() - last.at >= everyMs) last = { at: performance.now(), result: check() }
    return last.result
  }
}
