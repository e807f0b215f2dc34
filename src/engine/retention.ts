import { schedule } from 'node-cron'
import { messageOf } from '../incident/errors.ts'
import type { Log } from '../platform/log.ts'
import type { Metrics } from '../platform/metrics.ts'
import type { Removed, Store } from '../store/store.ts'

/** How long things are kept; days count from the end of an incident, or from when a change or alert was reported. */
export type RetentionRules = {
  snapshotsDays?: number | undefined
  logLinesDays?: number | undefined
  messagesDays?: number | undefined
  looseDays: number
  evidenceMegabytes: number
}

export type RetentionOptions = {
  store: Pick<Store, 'retention' | 'recall' | 'remember'>
  rules: RetentionRules
  /** The messages of private incidents are kept, too. */
  keepPrivateMessages: boolean
  /** Epoch ms. */
  now: () => number
  log: Log
  metrics: Metrics
}

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS
/** The key under which the latest run is stored. */
const LATEST = 'retention'

/** What the latest run removed, and when it ended, epoch ms. */
export type LatestRun = { at: number; removed: Removed; evidenceBytes: number }

/** The latest run as any process recorded it; undefined before the first one. */
export const latestRun = async (store: Pick<Store, 'recall'>): Promise<LatestRun | undefined> => {
  const known = await store.recall(LATEST)
  return known && (JSON.parse(known.value) as LatestRun)
}

/**
 * Deletes expired data once a day, and records how much. Every replica checks every hour; the one that finds the latest
 * run a day old runs it, and when two do so at once the second finds nothing to delete.
 */
export const createRetentionJob = ({ store, rules, keepPrivateMessages, now, log, metrics }: RetentionOptions) => {
  const run = async (): Promise<LatestRun> => {
    const before = (days: number | undefined) => (days === undefined ? undefined : now() - days * DAY_MS)
    const removed = await store.retention.forget({
      evidenceBefore: before(rules.snapshotsDays),
      logLinesBefore: before(rules.logLinesDays),
      messagesBefore: before(rules.messagesDays),
      messagesOfPrivate: !keepPrivateMessages,
      looseBefore: now() - rules.looseDays * DAY_MS,
      evidenceBytes: rules.evidenceMegabytes * 1024 * 1024,
    })
    const latest = { at: now(), removed, evidenceBytes: await store.retention.evidenceBytes() }
    await store.remember(LATEST, JSON.stringify(latest))
    for (const [kind, count] of Object.entries(removed)) metrics.removed.inc({ kind }, count)
    log.info('removed what is past its time', { ...removed, evidenceBytes: latest.evidenceBytes })
    return latest
  }

  const runWhenDue = async (): Promise<void> => {
    const latest = await latestRun(store)
    // A clock that was set back must not postpone it for ever.
    if (latest && Math.abs(now() - latest.at) < DAY_MS - HOUR_MS / 2) return
    await run()
  }

  const task = schedule(
    '17 * * * *',
    () =>
      runWhenDue().catch((error: unknown) =>
        log.error('what is past its time could not be removed', { reason: messageOf(error) }),
      ),
    { noOverlap: true },
  )
  return {
    runWhenDue,
    stop: async (): Promise<void> => {
      await task.destroy()
    },
  }
}
