import { openActions } from './action-item.ts'
import { ownersToRemind } from './action-reminder.ts'
import { commandFreeSince, isUrgent, pagesForCommander } from './commander.ts'
import type { IncidentEvent, ReminderKind } from './event.ts'
import { type Incident, timesReminded } from './incident.ts'
import { formatDuration } from './measure.ts'
import { mitigationPrompt } from './mitigation.ts'
import { postmortemWaits } from './review-due.ts'
import { isActive, type Severity } from './status.ts'
import { updateReminder } from './update.ts'
import { clockIn } from './zone.ts'

/** Intervals of reminders, ms. */
export type ReminderRules = {
  /** Nobody in command. */
  noCommanderMs: number
  /** An update is mentioned this long before it is due, ms. */
  updateNoticeMs?: number
  /**
   * Quiet hours from and to `HH:MM` in that zone: nobody is reminded, except in an open incident of the two worst
   * severities.
   */
  quietHours?: { from: string; to: string; zone: string } | undefined
  /** People can be paged. */
  canPage?: boolean
  /** No activity. */
  quietMs: number
  /**
   * A postmortem that is still a draft this long after the end, and a review without a response; disabled when not set.
   */
  postmortemMs?: { draft: number; review: number } | undefined
  /** The cadence of updates, by severity. */
  severities: readonly Severity[]
}

/** A due reminder: the event, and the key that deduplicates it across replicas. */
export type DueReminder = { event: Extract<IncidentEvent, { type: 'reminded' }>; once: string }

/** More reminders of the same thing are noise. */
const MOST_TIMES = 3
const DAY_MS = 24 * 3_600_000

/**
 * Something left undone: what it counts from, how many reminders it warrants, and their text; or when each is due,
 * epoch ms.
 */
type Undone = { kind: ReminderKind; since: number; everyMs: number; text: string; dueAt?: number[] | undefined }

/**
 * The reminders that are due now. A drill has none, nothing is reminded more than three times, and after downtime only
 * once, not for all that was missed.
 */
export const remindersDue = (incident: Incident, now: number, rules: ReminderRules): DueReminder[] =>
  incident.drill || isHushed(incident, now, rules)
    ? []
    : undone(incident, now, rules).flatMap(({ kind, since, everyMs, text, dueAt }) => {
        const times = timesReminded(incident, kind, since)
        const last = times > 0 ? (incident.reminders?.[kind]?.at ?? since) : since
        if (times >= MOST_TIMES || now < nextAt({ everyMs, dueAt }, times, last)) return []
        return [
          {
            event: { type: 'reminded', kind, text, since, by: 'muster', at: now },
            // The same on every replica, whatever its clock.
            once: `reminder:${incident.id}:${kind}:${since}:${times + 1}`,
          },
        ]
      })

/** When the next reminder is due. After downtime they keep their distance: one reminder for all that was missed. */
const nextAt = ({ everyMs, dueAt }: Pick<Undone, 'everyMs' | 'dueAt'>, times: number, last: number): number => {
  if (!dueAt) return last + everyMs
  const [previous, next = Number.POSITIVE_INFINITY] = [dueAt[times - 1], dueAt[times]]
  return previous === undefined ? next : Math.max(next, last + next - previous)
}

const undone = (incident: Incident, now: number, rules: ReminderRules): Undone[] => {
  const { noCommanderMs, quietMs, severities } = rules
  switch (incident.status) {
    case 'investigating':
    case 'identified':
    case 'mitigated': {
      if (!incident.channel) return []
      const { activeAt, roles, id } = incident
      const found: Undone[] = []
      if (!roles.commander)
        found.push({
          kind: 'commander',
          since: commandFreeSince(incident),
          everyMs: noCommanderMs,
          text: `This incident has no commander. Anybody here can take command, and hand it over later.${pageNext(incident, now, rules)}`,
        })
      const update = updateReminder(incident, now, severities, rules.updateNoticeMs ?? 0)
      if (update) found.push({ kind: 'update', everyMs: 0, ...update })
      const prompt = mitigationPrompt(incident, now, severities)
      if (prompt) found.push({ kind: 'mitigation', everyMs: 0, ...prompt })
      if (now - activeAt >= quietMs)
        found.push({
          kind: 'quiet',
          since: activeAt,
          everyMs: quietMs,
          text: `Nothing has happened here for ${formatDuration(now - activeAt)}. Is ${id} still ongoing?`,
        })
      return found
    }
    case 'resolved':
    case 'closed':
      return [...actionsLeft(incident), ...postmortemLeft(incident, now, rules)]
    case 'triage':
    case 'cancelled':
    case 'merged':
      return []
    default:
      return incident.status satisfies never
  }
}

/** Owners are reminded by direct message; the channel only of items that nobody is reminded of. */
const actionsLeft = (incident: Incident): Undone[] => {
  const reminded = ownersToRemind(incident)
  const open = openActions(incident).filter(({ owner }) => owner === undefined || !reminded.includes(owner))
  const since = incident.milestones.resolved?.at
  const [first] = open
  if (!first || since === undefined) return []
  const list = open.map(({ id, text, owner }) => `${id}. ${text}${owner ? ` (<@${owner}>)` : ''}`).join('; ')
  const count = open.length === 1 ? 'One open action item has' : `${open.length} open action items have`
  const text = `${count} nobody who is reminded of ${open.length === 1 ? 'it' : 'them'}: ${list}. \`/incident action take ${first.id}\` makes ${open.length === 1 ? 'it' : 'the first one'} yours.`
  return [{ kind: 'actions', since, everyMs: DAY_MS, text }]
}

const postmortemLeft = (incident: Incident, now: number, { postmortemMs, severities }: ReminderRules): Undone[] => {
  const waits = postmortemWaits(incident, now, {
    draftMs: postmortemMs?.draft,
    reviewMs: postmortemMs?.review,
    severities,
  })
  if (!waits) return []
  const { kind, since, afterMs, text } = waits
  return [{ kind, since, everyMs: afterMs, text }]
}

/** Whether it is within quiet hours, and the incident is not urgent. */
const isHushed = ({ severity, status }: Incident, now: number, { quietHours, severities }: ReminderRules): boolean => {
  if (!quietHours || (isActive(status) && isUrgent(severity, severities))) return false
  const { from, to, zone } = quietHours
  const time = clockIn(zone).time(now)
  return from <= to ? time >= from && time < to : time >= from || time < to
}

/** What follows when nobody takes command, until it has begun. */
const pageNext = (incident: Incident, now: number, { canPage, noCommanderMs, severities }: ReminderRules): string =>
  canPage &&
  !incident.private &&
  now < commandFreeSince(incident) + 2 * noCommanderMs &&
  pagesForCommander(incident.severity, severities)
    ? ` If nobody does, Muster starts paging people in ${formatDuration(noCommanderMs)}.`
    : ''
