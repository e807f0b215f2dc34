import { schedule } from 'node-cron'
import { type EscalationRules, pagesDue } from '../incident/page-due.ts'
import type { Log } from '../platform/log.ts'
import type { Store } from '../store/store.ts'
import type { Recorder } from './record.ts'

export type EscalationOptions = {
  store: Pick<Store, 'list'>
  record: Recorder
  rules: EscalationRules
  /** Whether paging is paused: then nobody else is paged. */
  isPaused(): Promise<boolean>
  /** Epoch ms. */
  now: () => number
  log: Log
}

const OPEN = ['investigating', 'identified', 'mitigated']
/** More than anybody works on at once. */
const MOST_OPEN = 500

/**
 * Notices pages that nobody answers, and escalates them. Every replica looks every few seconds; the first to record an
 * escalation has done it.
 */
export const createEscalation = ({ store, record, rules, isPaused, now, log }: EscalationOptions) => {
  const check = async (): Promise<void> => {
    const incidents = (await store.list({ statuses: OPEN, limit: MOST_OPEN })).filter(({ paging }) => paging?.length)
    if (incidents.length === 0) return
    const paused = await isPaused()
    for (const seen of incidents)
      for (const { once, wakes } of pagesDue(seen, now(), rules)) {
        if (wakes && paused) continue
        // Somebody may have answered since: only what is still due under the same name is recorded.
        await record.change(
          seen.id,
          (incident) => pagesDue(incident, now(), rules).find((due) => due.once === once)?.events ?? [],
          once,
        )
      }
  }

  const task = schedule(
    '*/5 * * * * *',
    () => check().catch((error: unknown) => log.error('pages could not be checked for answers', { error })),
    { noOverlap: true },
  )
  return {
    check,
    stop: async (): Promise<void> => {
      await task.destroy()
    },
  }
}
