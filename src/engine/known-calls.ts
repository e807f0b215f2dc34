import { messageOf } from '../incident/errors.ts'
import { NO_CALLS, type SeenCalls } from '../incident/graph.ts'
import type { Log } from '../platform/log.ts'
import type { RankingSource } from '../suspects/source.ts'
import { seenCallsOf } from '../topology/seen.ts'

export type KnownCallsOptions = {
  source: RankingSource | undefined
  /** How often they are read, ms, real time. */
  everyMs?: number
  /** How long one reading may take, ms. */
  timeoutMs?: number
  now: () => number
  log: Log
}

const MINUTE = 60_000
/** Calls that nobody has confirmed for so long are no longer believed, ms by the events' clock. */
const BELIEVED_MS = 60 * MINUTE

/**
 * Who calls whom, kept at hand: intake and evidence look it up without waiting. Read in the background every few minutes,
 * and whenever suspects are ranked; while Prometheus does not answer, what was seen last counts for an hour.
 */
export const createKnownCalls = ({
  source,
  everyMs = 10 * MINUTE,
  timeoutMs = 20_000,
  now,
  log,
}: KnownCallsOptions) => {
  let known: { seen: SeenCalls; at: number } | undefined
  let timer: NodeJS.Timeout | undefined
  let reading: Promise<void> | undefined
  const stopping = new AbortController()

  const read = async (from: RankingSource): Promise<void> => {
    const at = now()
    const limit = AbortSignal.any([stopping.signal, AbortSignal.timeout(timeoutMs)])
    try {
      const topology = await from.calls(at, limit)
      if (topology) known = { seen: seenCallsOf(topology), at }
    } catch (error) {
      log.info('who calls whom could not be read', { reason: messageOf(error) })
    }
  }

  return {
    /** What was seen last; never waits. */
    seen: (): SeenCalls => (known && now() - known.at <= BELIEVED_MS ? known.seen : NO_CALLS),

    /** The source, whose rankings are learned from: they read the calls anyway. */
    source: source && {
      ...source,
      read: async (...wanted: Parameters<RankingSource['read']>) => {
        const found = await source.read(...wanted)
        if (found.topology.calls.length > 0) known = { seen: seenCallsOf(found.topology), at: now() }
        return found
      },
    },

    start: (): void => {
      if (!source) return
      const again = () => {
        reading = read(source).finally(() => {
          if (!stopping.signal.aborted) timer = setTimeout(again, everyMs).unref()
        })
      }
      again()
    },
    stop: async (): Promise<void> => {
      stopping.abort(new Error('Muster is shutting down.'))
      clearTimeout(timer)
      await reading
    },
  }
}

export type KnownCalls = ReturnType<typeof createKnownCalls>
