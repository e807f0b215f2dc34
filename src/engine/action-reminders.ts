import { schedule } from 'node-cron'
import {
  type ActionReminderRules,
  isInDigest,
  isReminderTime,
  itemsDue,
  ownersToRemind,
} from '../incident/action-reminder.ts'
import { WEEKDAYS, weekdayOf } from '../incident/action-text.ts'
import type { IncidentEvent } from '../incident/event.ts'
import type { Incident } from '../incident/incident.ts'
import { overduePostmortem, type ReviewRules } from '../incident/review-due.ts'
import { clockIn } from '../incident/zone.ts'
import type { Log } from '../platform/log.ts'
import type { Metrics } from '../platform/metrics.ts'
import type { Store } from '../store/store.ts'
import type { Recorder } from './record.ts'

export type ActionRemindersOptions = {
  store: Pick<Store, 'list'>
  record: Recorder
  rules: ActionReminderRules
  /** Once a week, on that day from that time on; `false` for never. */
  digest: { day: (typeof WEEKDAYS)[number]; at: string } | false
  /** When a postmortem is overdue: those stand in the digest, too. */
  review: ReviewRules
  /** The zone of the digest's day and time. */
  timezone: string
  /** IANA zone of a person; may ask Slack. */
  timezoneOf(person: string): Promise<string>
  /** Where an incident's items are listed every week; empty for nowhere. */
  channelOf(incident: Incident): string
  /** Epoch ms. */
  now: () => number
  log: Log
  metrics: Metrics
}

/** Items of more incidents than this are a backlog that no reminder can help with. */
const MOST_INCIDENTS = 1_000
/** Of those that are over, the latest may have a postmortem that somebody waits for. */
const MOST_OVER = 300

/**
 * Reminds owners of their action items, in one message a day at the most, and lists what is open once a week in the
 * teams' channels. Every replica looks every minute; the log holds each reminder once, under the owner and the day.
 */
export const createActionReminders = (options: ActionRemindersOptions) => {
  const { store, record, rules, digest, review, timezone, timezoneOf, channelOf, now, log, metrics } = options

  const remind = async (owner: string, incidents: readonly Incident[]): Promise<void> => {
    const zone = await timezoneOf(owner)
    const at = now()
    if (!isReminderTime(at, zone, rules)) return
    const due = (incident: Incident): number[] => itemsDue(incident, owner, at, zone, rules).map(({ id }) => id)
    const [lead, ...others] = incidents.flatMap((incident) => {
      const items = due(incident)
      return items.length > 0 ? [{ incident: incident.id, items }] : []
    })
    if (!lead) return
    const day = `action-reminder:${owner}:${clockIn(zone).date(at)}`
    const reminded = { type: 'actions_reminded', by: 'muster', at, owner } as const
    const decide =
      (more: Partial<Extract<IncidentEvent, { type: 'actions_reminded' }>>) =>
      (incident: Incident): IncidentEvent[] => {
        // Somebody may have completed them in the meantime.
        const items = due(incident)
        return items.length > 0 ? [{ ...reminded, items, ...more }] : []
      }
    const { events, repeated } = await record.change(lead.incident, decide({ others }), day)
    // One message a day: what did not fit is due again tomorrow.
    if (repeated || events.length === 0) return
    metrics.reminders.inc({ kind: 'action_items' })
    for (const { incident } of others) await record.change(incident, decide({}), `${day}:${incident}`)
  }

  const postDigests = async (incidents: readonly Incident[]): Promise<void> => {
    if (!digest) return
    const clock = clockIn(timezone)
    const at = now()
    const date = clock.date(at)
    if (WEEKDAYS[weekdayOf(date)] !== digest.day || clock.time(at) < digest.at) return
    const over = await store.list({ statuses: ['resolved'], limit: MOST_OVER })
    const waiting = over.filter((incident) => !incident.private && overduePostmortem(incident, at, review))
    const items = Map.groupBy(incidents.filter(isInDigest), channelOf)
    const postmortems = Map.groupBy(waiting, channelOf)
    for (const channel of new Set([...items.keys(), ...postmortems.keys()])) {
      const listed = items.get(channel) ?? []
      const overdue = postmortems.get(channel) ?? []
      const [newest] = [...listed, ...overdue]
      if (!channel || !newest) continue
      const texts = overdue.map((incident) => ({
        incident: incident.id,
        text: overduePostmortem(incident, at, review)?.text ?? '',
      }))
      const event: IncidentEvent = {
        type: 'actions_digested',
        by: 'muster',
        at,
        channel,
        incidents: listed.map(({ id }) => id),
        ...(texts.length > 0 ? { postmortems: texts } : {}),
      }
      await record.change(newest.id, () => [event], `action-digest:${channel}:${date}`)
    }
  }

  /** Runs one check. */
  const check = async (): Promise<void> => {
    const incidents = await store.list({ withOpenActions: true, limit: MOST_INCIDENTS })
    const owners = new Map<string, Incident[]>()
    for (const incident of incidents)
      for (const owner of ownersToRemind(incident)) owners.set(owner, [...(owners.get(owner) ?? []), incident])
    // A person unknown to Slack must not keep the others from being reminded.
    for (const [owner, theirs] of owners)
      await remind(owner, theirs).catch((error: unknown) =>
        log.warn('an owner could not be reminded', { owner, error }),
      )
    await postDigests(incidents)
  }

  const task = schedule(
    '* * * * *',
    () => check().catch((error: unknown) => log.error('action items could not be looked for', { error })),
    { noOverlap: true },
  )
  return {
    check,
    stop: async (): Promise<void> => {
      await task.destroy()
    },
  }
}
