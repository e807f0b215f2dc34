import { schedule } from 'node-cron'
import { handoversDue } from '../incident/handover.ts'
import type { Incident } from '../incident/incident.ts'
import { lookDue } from '../incident/look.ts'
import { quietEnd } from '../incident/quiet-end.ts'
import { type ReminderRules, remindersDue } from '../incident/reminder.ts'
import type { Log } from '../platform/log.ts'
import type { Metrics } from '../platform/metrics.ts'
import type { Store } from '../store/store.ts'
import type { Pause } from './pause.ts'
import type { Recorder } from './record.ts'

export type RemindersOptions = {
  store: Pick<Store, 'list'>
  record: Recorder
  pause: Pick<Pause, 'announceEnd'>
  rules: ReminderRules
  /** A handover without an answer for this long is reported, ms. */
  handoverUnansweredMs: number
  /** Incidents whose alerts have all been quiet for this long are resolved; disabled when not set. */
  resolveWhenQuietMs?: number | undefined
  /** Epoch ms. */
  now: () => number
  log: Log
  metrics: Metrics
}

const OPEN = ['investigating', 'identified', 'mitigated']
const OVER = ['resolved', 'closed']
/** More than anybody works on at once; of incidents that are over, only the latest are checked. */
const MOST_OPEN = 500
const MOST_OVER = 100

/**
 * Time-based actions: people are reminded, and an incident that is effectively over may be resolved. Every replica
 * checks every minute, and the first to record an action wins.
 */
export const createReminders = (options: RemindersOptions) => {
  const { store, record, pause, rules, handoverUnansweredMs, resolveWhenQuietMs, now, log, metrics } = options
  const endQuiet = async (seen: Incident): Promise<void> => {
    const due = (incident: Incident) =>
      resolveWhenQuietMs === undefined ? undefined : quietEnd(incident, now(), resolveWhenQuietMs)
    const once = due(seen)?.once
    if (once === undefined) return
    // Something may have happened since: resolve only if the incident is still in the same quiet period.
    await record.change(
      seen.id,
      (incident) => {
        const end = due(incident)
        return end?.once === once ? end.events : []
      },
      once,
    )
  }

  /** The graphs of a young incident change by the minute. */
  const lookAgain = async (seen: Incident): Promise<void> => {
    const once = lookDue(seen, now())?.once
    if (once === undefined) return
    await record.change(
      seen.id,
      (incident) => {
        const due = lookDue(incident, now())
        return due?.once === once ? [due.event] : []
      },
      once,
    )
  }

  const reportHandovers = async (seen: Incident): Promise<void> => {
    for (const { once } of handoversDue(seen, now(), handoverUnansweredMs))
      await record.change(
        seen.id,
        (incident) =>
          handoversDue(incident, now(), handoverUnansweredMs).flatMap((due) => (due.once === once ? [due.event] : [])),
        once,
      )
  }

  /** Runs one check. */
  const check = async (): Promise<void> => {
    await pause.announceEnd()
    const incidents = [
      ...(await store.list({ statuses: OPEN, limit: MOST_OPEN })),
      ...(await store.list({ statuses: OVER, limit: MOST_OVER })),
    ]
    for (const seen of incidents) {
      await endQuiet(seen)
      await lookAgain(seen)
      await reportHandovers(seen)
      for (const { event, once } of remindersDue(seen, now(), rules)) {
        const { events, repeated } = await record.change(
          seen.id,
          // Something may have happened since: record only what is still due under the same key.
          (incident) => (remindersDue(incident, now(), rules).some((due) => due.once === once) ? [event] : []),
          once,
        )
        if (events.length > 0 && !repeated) metrics.reminders.inc({ kind: event.kind })
      }
    }
  }

  const task = schedule(
    '* * * * *',
    () => check().catch((error: unknown) => log.error('reminders could not be looked for', { error })),
    { noOverlap: true },
  )
  return {
    check,
    stop: async (): Promise<void> => {
      await task.destroy()
    },
  }
}
