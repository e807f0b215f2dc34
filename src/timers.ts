import type { MusterFile } from './config/muster-file.ts'
import { createActionReminders } from './engine/action-reminders.ts'
import { createChannelArchive } from './engine/channel-archive.ts'
import { createEscalation } from './engine/escalation.ts'
import { createOutageNotices, type OutageNoticesOptions } from './engine/outage-notices.ts'
import type { Pause } from './engine/pause.ts'
import type { Recorder } from './engine/record.ts'
import { createReminders } from './engine/reminders.ts'
import { createRetentionJob } from './engine/retention.ts'
import type { Catalogue } from './incident/service.ts'
import type { People } from './integrations/slack/people.ts'
import type { Log } from './platform/log.ts'
import type { Metrics } from './platform/metrics.ts'
import type { Store } from './store/store.ts'

export type TimersOptions = Pick<OutageNoticesOptions, 'notify' | 'isHeldBack' | 'owner'> & {
  file: MusterFile
  catalogue: Catalogue
  store: Store
  record: Recorder
  pause: Pause
  people: People
  /** Whether a pager is configured. */
  canPage: boolean
  /** Epoch ms. */
  now: () => number
  log: Log
  metrics: Metrics
}

const MINUTE_MS = 60_000
const DAY_MS = 24 * 60 * MINUTE_MS

/** Time-based actions with the rules of `muster.yaml`: reminders, unanswered pages, and outages that last. */
export const startTimers = (options: TimersOptions) => {
  const { file, catalogue, store, record, pause, people, canPage, now, log, metrics } = options
  const serviceName = (id: string) => catalogue.get(id)?.name ?? id
  const noCommanderMs = file.reminders.noCommanderMinutes * MINUTE_MS
  const reminders = createReminders({
    store,
    record,
    pause,
    now,
    log,
    metrics,
    rules: {
      noCommanderMs,
      canPage,
      updateNoticeMs: file.reminders.updateNoticeMinutes * MINUTE_MS,
      quietHours: file.reminders.quietHours && { ...file.reminders.quietHours, zone: file.timezone },
      quietMs: file.reminders.quietMinutes * MINUTE_MS,
      postmortemMs: { draft: file.reminders.postmortemDays * DAY_MS, review: file.reminders.reviewDays * DAY_MS },
      severities: file.severities,
    },
    handoverUnansweredMs: file.reminders.handoverMinutes * MINUTE_MS,
    resolveWhenQuietMs: file.resolveWhenQuietMinutes && file.resolveWhenQuietMinutes * MINUTE_MS,
  })
  const actionReminders = createActionReminders({
    store,
    record,
    timezone: file.timezone,
    now,
    log,
    metrics,
    rules: { ...file.actions, quietHours: file.reminders.quietHours },
    digest: file.actions.digest,
    review: {
      draftMs: file.reminders.postmortemDays * DAY_MS,
      reviewMs: file.reminders.reviewDays * DAY_MS,
      severities: file.severities,
    },
    timezoneOf: async (person) => (await people.personAtOnce(person))?.timezone ?? file.timezone,
    channelOf: ({ service }) => catalogue.get(service ?? '')?.slackChannel ?? file.slack.announcements,
  })
  const escalation = createEscalation({
    store,
    record,
    now,
    log,
    isPaused: pause.isPaused,
    rules: {
      unansweredMs: file.paging.unansweredMinutes * MINUTE_MS,
      noticeMs: file.paging.noticeMinutes * MINUTE_MS,
      escalateTo: file.paging.escalateTo,
      serviceName,
    },
    command: {
      noCommanderMs,
      severities: file.severities,
      canPage: (id) => canPage && catalogue.get(id)?.pagerdutyService !== undefined,
      serviceName,
      escalateTo: file.paging.escalateTo,
    },
  })
  const { notify, isHeldBack, owner } = options
  const outages = createOutageNotices({ store, notify, isHeldBack, owner, log, scheduleNow: Date.now })
  const archiveDays = file.slack.archiveAfterDays
  const channelArchive = createChannelArchive({
    store,
    record,
    now,
    log,
    afterMs: archiveDays === undefined ? undefined : archiveDays * DAY_MS,
  })
  const retention = createRetentionJob({
    store,
    rules: file.retention,
    keepPrivateMessages: file.slack.keepMessages === 'all',
    now,
    log,
    metrics,
  })
  return {
    /** Runs at once what normally runs every minute. */
    remind: async (): Promise<void> => {
      await reminders.check()
      await actionReminders.check()
      await outages.check()
      await channelArchive.check()
    },
    stop: async (): Promise<void> => {
      await escalation.stop()
      await reminders.stop()
      await actionReminders.stop()
      await outages.stop()
      await channelArchive.stop()
      await retention.stop()
    },
  }
}
