import type { Config } from './config/config.ts'
import { createActionReminders } from './engine/action-reminders.ts'
import { createEscalation } from './engine/escalation.ts'
import type { Pause } from './engine/pause.ts'
import type { Recorder } from './engine/record.ts'
import { createReminders } from './engine/reminders.ts'
import type { People } from './integrations/slack/people.ts'
import type { Log } from './platform/log.ts'
import type { Metrics } from './platform/metrics.ts'
import type { Store } from './store/store.ts'

export type TimersOptions = Pick<Config, 'file' | 'catalogue'> & {
  store: Store
  record: Recorder
  pause: Pause
  people: People
  canPage: boolean
  now: () => number
  log: Log
  metrics: Metrics
}

const MINUTE_MS = 60_000

/** Starts everything that comes by the passing of time alone. */
export const startTimers = (options: TimersOptions) => {
  const { file, catalogue, store, record, pause, people, canPage, now, log, metrics } = options
  const { timezone, severities, paging } = file
  const { quietHours, ...minutes } = file.reminders
  const noCommanderMs = minutes.noCommanderMinutes * MINUTE_MS
  const serviceName = (id: string): string => catalogue.get(id)?.name ?? id
  const reminders = createReminders({
    ...{ store, record, pause, now, log, metrics },
    rules: {
      ...{ noCommanderMs, canPage, severities },
      updateNoticeMs: minutes.updateNoticeMinutes * MINUTE_MS,
      quietHours: quietHours && { ...quietHours, zone: timezone },
      quietMs: minutes.quietMinutes * MINUTE_MS,
    },
    handoverUnansweredMs: minutes.handoverMinutes * MINUTE_MS,
    resolveWhenQuietMs:
      file.resolveWhenQuietMinutes === undefined ? undefined : file.resolveWhenQuietMinutes * MINUTE_MS,
  })
  const actionReminders = createActionReminders({
    ...{ store, record, timezone, now, log, metrics },
    rules: { ...file.actions, quietHours },
    digest: file.actions.digest,
    timezoneOf: async (person) => (await people.personAtOnce(person))?.timezone ?? timezone,
    channelOf: ({ service }) => catalogue.get(service ?? '')?.slackChannel ?? file.slack.announcements,
  })
  const escalation = createEscalation({
    ...{ store, record, isPaused: pause.isPaused, now, log },
    rules: {
      unansweredMs: paging.unansweredMinutes * MINUTE_MS,
      noticeMs: paging.noticeMinutes * MINUTE_MS,
      escalateTo: paging.escalateTo,
      serviceName,
    },
    command: {
      ...{ noCommanderMs, severities, serviceName, escalateTo: paging.escalateTo },
      canPage: (id) => canPage && catalogue.get(id)?.pagerdutyService !== undefined,
    },
  })
  return {
    /** Does now what is otherwise done every minute. */
    remind: async (): Promise<void> => {
      await reminders.check()
      await actionReminders.check()
    },
    stop: async (): Promise<void> => {
      await escalation.stop()
      await reminders.stop()
      await actionReminders.stop()
    },
  }
}
