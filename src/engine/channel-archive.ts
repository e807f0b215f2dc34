import { schedule } from 'node-cron'
import { ARCHIVE_NOTICE_MS, archiveStep } from '../incident/channel.ts'
import type { Log } from '../platform/log.ts'
import type { Store } from '../store/store.ts'
import type { Recorder } from './record.ts'

export type ChannelArchiveOptions = {
  store: Pick<Store, 'resting'>
  record: Recorder
  /** Channels are archived this long after the last activity, ms; never when not set. */
  afterMs: number | undefined
  /** Epoch ms. */
  now: () => number
  log: Log
}

/** At most this many channels a check; the longest at rest come first, the others later. */
const MOST_AT_ONCE = 200

/**
 * Plans the archival of channels whose incidents are over. Every replica looks every ten minutes; the log holds each
 * step once.
 */
export const createChannelArchive = ({ store, record, afterMs, now, log }: ChannelArchiveOptions) => {
  /** Runs one check. */
  const check = async (): Promise<void> => {
    if (afterMs === undefined) return
    const resting = await store.resting({ before: now() - afterMs + ARCHIVE_NOTICE_MS, limit: MOST_AT_ONCE })
    for (const seen of resting) {
      const once = archiveStep(seen, now(), afterMs)?.once
      if (once === undefined) continue
      await record.change(
        seen.id,
        (incident) => {
          // Somebody may have done something since.
          const step = archiveStep(incident, now(), afterMs)
          return step?.once === once ? [step.event] : []
        },
        once,
      )
    }
  }

  const task = schedule(
    '*/10 * * * *',
    () => check().catch((error: unknown) => log.error('channels to archive could not be looked for', { error })),
    { noOverlap: true },
  )
  return {
    check,
    stop: async (): Promise<void> => {
      await task.destroy()
    },
  }
}
