import { commandFreeSince, pagesForCommander } from './commander.ts'
import type { IncidentEvent, ReminderKind } from './event.ts'
import { type Incident, timesReminded } from './incident.ts'
import { formatDuration } from './measure.ts'
import type { Severity } from './status.ts'

/** When people are reminded, ms. */
export type ReminderRules = {
  /** Nobody in command. */
  noCommanderMs: number
  /** People can be paged. */
  canPage?: boolean
  /** Nothing happened. */
  quietMs: number
  /** How often people should hear from us, by severity. */
  severities: readonly Severity[]
}

/** A reminder that is due: the event, and its name among all replicas. */
export type DueReminder = { event: Extract<IncidentEvent, { type: 'reminded' }>; once: string }

/** More reminders of the same thing are noise. */
const MOST_TIMES = 3
const DAY_MS = 24 * 3_600_000

/** Something left undone: what it counts from, how often it is worth a word, and the word. */
type Undone = { kind: ReminderKind; since: number; everyMs: number; text: string }

/**
 * What people should be reminded of now. A drill is reminded of nothing, nothing more than three times for the same
 * neglect, and after a pause of ours only once, not for all that was missed.
 */
export const remindersDue = (incident: Incident, now: number, rules: ReminderRules): DueReminder[] =>
  incident.drill
    ? []
    : undone(incident, now, rules).flatMap(({ kind, since, everyMs, text }) => {
        const times = timesReminded(incident, kind, since)
        const last = times > 0 ? (incident.reminders?.[kind]?.at ?? since) : since
        if (times >= MOST_TIMES || now < last + everyMs) return []
        return [
          {
            event: { type: 'reminded', kind, text, since, by: 'muster', at: now },
            // The same for every replica, whatever its clock says.
            once: `reminder:${incident.id}:${kind}:${since}:${times + 1}`,
          },
        ]
      })

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
      const cadence = severities.find((one) => one.id === incident.severity)?.updateEveryMinutes
      const update = cadence && updateDue(incident, now, cadence * 60_000)
      if (update) found.push(update)
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
    case 'closed': {
      const open = incident.actions.filter(({ done }) => !done)
      const since = incident.milestones.resolved?.at
      if (open.length === 0 || since === undefined) return []
      const list = open.map(({ id, text, owner }) => `${id}. ${text}${owner ? ` (<@${owner}>)` : ''}`).join('; ')
      const text = `${open.length === 1 ? 'One action item is' : `${open.length} action items are`} still open: ${list}`
      return [{ kind: 'actions', since, everyMs: DAY_MS, text }]
    }
    case 'triage':
    case 'cancelled':
    case 'merged':
      return []
    default:
      return incident.status satisfies never
  }
}

/** What follows when nobody takes command, as long as it has not begun. */
const pageNext = (incident: Incident, now: number, { canPage, noCommanderMs, severities }: ReminderRules): string =>
  canPage &&
  !incident.private &&
  now < commandFreeSince(incident) + 2 * noCommanderMs &&
  pagesForCommander(incident.severity, severities)
    ? ` If nobody does, Muster starts paging people in ${formatDuration(noCommanderMs)}.`
    : ''

/** When people should next hear from us, epoch ms; undefined where the severity has no cadence. */
export const nextUpdateAt = (
  { updatedAt, declaredAt, severity }: Incident,
  severities: readonly Severity[],
): number | undefined => {
  const minutes = severities.find(({ id }) => id === severity)?.updateEveryMinutes
  return minutes === undefined ? undefined : (updatedAt ?? declaredAt) + minutes * 60_000
}

/** Mentions communications, or else the commander. */
const updateDue = ({ updatedAt, declaredAt, roles }: Incident, now: number, everyMs: number): Undone => {
  const who = roles.communications ?? roles.commander
  const said =
    updatedAt === undefined ? 'there has been none yet' : `the last one was ${formatDuration(now - updatedAt)} ago`
  return {
    kind: 'update',
    since: updatedAt ?? declaredAt,
    everyMs,
    text: `${who ? `<@${who}>, an` : 'An'} update is due: ${said}.`,
  }
}
