import { schedule } from 'node-cron'
import { type CommandRules, commandDue } from '../incident/commander.ts'
import type { IncidentEvent } from '../incident/event.ts'
import type { Incident } from '../incident/incident.ts'
import { type EscalationRules, pagesDue } from '../incident/page-due.ts'
import type { Log } from '../platform/log.ts'
import type { Store } from '../store/store.ts'
import type { Recorder } from './record.ts'

export type EscalationOptions = {
  store: Pick<Store, 'list'>
  record: Recorder
  rules: EscalationRules
  command: CommandRules
  /** Whether paging is paused: then nobody else is paged. */
  isPaused(): Promise<boolean>
  /** Epoch ms. */
  now: () => number
  log: Log
}

const OPEN = ['investigating', 'identified', 'mitigated']
/** More incidents than anybody works on at once. */
const MOST_OPEN = 500

/**
 * Escalates pages that nobody answers and incidents without a commander. Every replica checks every few seconds; the
 * first to record an escalation wins.
 */
export const createEscalation = ({ store, record, rules, command, isPaused, now, log }: EscalationOptions) => {
  const dueOf = (incident: Incident): { events: IncidentEvent[]; once: string; pages: boolean }[] => [
    ...pagesDue(incident, now(), rules),
    ...commandDue(incident, now(), command).map((due) => ({ ...due, pages: true })),
  ]

  const check = async (): Promise<void> => {
    const due = (await store.list({ statuses: OPEN, limit: MOST_OPEN })).flatMap(({ id, ...seen }) =>
      dueOf({ id, ...seen }).map((one) => ({ id, ...one })),
    )
    if (due.length === 0) return
    const paused = await isPaused()
    for (const { id, once, pages } of due) {
      if (pages && paused) continue
      // Somebody may have answered or taken command since: record only what is still due under the same key.
      await record.change(id, (incident) => dueOf(incident).find((one) => one.once === once)?.events ?? [], once)
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
