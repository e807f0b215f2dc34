import type { Decision } from './decide.ts'
import { Refusal } from './errors.ts'
import type { IncidentEvent } from './event.ts'
import type { Incident } from './incident.ts'
import { formatDuration } from './measure.ts'
import { type Phrase, person, say, time, typed } from './phrase.ts'
import { isActive, type Severity } from './status.ts'

export type UpdatePosted = Extract<IncidentEvent, { type: 'update_posted' }>

/** Each gets a direct message for every update. */
const MOST_SUBSCRIBERS = 500
/** Longer than a day is not a snooze. */
const LONGEST_SNOOZE_MS = 24 * 3_600_000

/** Posts an update to everybody who follows the incident. */
export const postUpdate: Decision<{
  text: string
  doing?: string | undefined
  public?: string | undefined
  nextBy?: number | undefined
}> = (incident, { text, doing, public: outside, nextBy }, act) => {
  if (incident.status === 'cancelled' || incident.status === 'merged')
    throw new Refusal(`${incident.id} is ${incident.status}, so there is nobody left to update.`)
  if (!text.trim()) throw new Refusal('An update needs some text.')
  if (nextBy !== undefined && nextBy <= act.at) throw new Refusal('The next update must be in the future.')
  return [
    {
      ...act,
      type: 'update_posted',
      text,
      ...(doing?.trim() ? { doing: doing.trim() } : {}),
      ...(outside?.trim() ? { public: outside.trim() } : {}),
      ...(nextBy === undefined ? {} : { nextBy }),
    },
  ]
}

/** Snoozes the reminder of the next update; without `minutes` until that update. */
export const snoozeUpdate: Decision<{ minutes?: number | undefined }> = (incident, { minutes }, act) => {
  if (!isActive(incident.status))
    throw new Refusal(`${incident.id} is ${incident.status}, so nobody is reminded of an update.`)
  if (minutes === undefined) return [{ ...act, type: 'update_snoozed' }]
  if (!(minutes > 0) || minutes * 60_000 > LONGEST_SNOOZE_MS)
    throw new Refusal('Snooze for some minutes, a day at most: `update snooze 30`.')
  return [{ ...act, type: 'update_snoozed', until: act.at + minutes * 60_000 }]
}

/** Subscribes the person to updates. */
export const subscribe: Decision<Record<string, never>> = (incident, _input, act) => {
  if (incident.status === 'closed' || incident.status === 'cancelled' || incident.status === 'merged')
    throw new Refusal(`${incident.id} is ${incident.status}: no more updates will come.`)
  const { subscribers = [] } = incident
  if (subscribers.includes(act.by)) return []
  if (subscribers.length >= MOST_SUBSCRIBERS)
    throw new Refusal(
      `${incident.id} has ${MOST_SUBSCRIBERS} subscribers, which is the limit. Follow its announcement instead.`,
    )
  return [{ ...act, type: 'subscribed' }]
}

/** Unsubscribes the person. */
export const unsubscribe: Decision<Record<string, never>> = (incident, _input, act) =>
  incident.subscribers?.includes(act.by) ? [{ ...act, type: 'unsubscribed' }] : []

/** Folds an event into the latest update, and into its subscribers. */
export const withUpdates = (incident: Incident, event: IncidentEvent): Incident => {
  switch (event.type) {
    case 'update_posted': {
      const { publicUpdate: _public, nextUpdateBy: _next, updateSnoozed: _snoozed, ...others } = incident
      return {
        ...others,
        updatedAt: event.at,
        latestUpdate: insideText(event),
        ...(event.public ? { publicUpdate: event.public } : {}),
        ...(event.nextBy === undefined ? {} : { nextUpdateBy: event.nextBy }),
      }
    }
    case 'mitigation_snoozed':
      return { ...incident, mitigationSnoozedUntil: event.until }
    case 'update_snoozed':
      return { ...incident, updateSnoozed: event.until === undefined ? {} : { until: event.until } }
    case 'subscribed':
      return { ...incident, subscribers: [...(incident.subscribers ?? []).filter((one) => one !== event.by), event.by] }
    case 'unsubscribed':
      return { ...incident, subscribers: (incident.subscribers ?? []).filter((one) => one !== event.by) }
    default:
      return incident
  }
}

/** The text for the channel. */
const insideText = ({ text, doing }: UpdatePosted): string => (doing ? `${text}\nNow: ${doing}` : text)

/** The text for everybody else. */
export const outsideText = (event: UpdatePosted): string => event.public ?? insideText(event)

/** An update as shown in the channel and on the timeline. */
export const updateSentence = (event: UpdatePosted): Phrase[] => [
  ...say`Update by ${person(event.by)}: ${typed(insideText(event))}`,
  ...(event.nextBy === undefined ? [] : say`\nNext update by ${time(event.nextBy)}`),
  ...(event.public ? say`\nSaid outside this channel: ${typed(event.public)}` : []),
]

/** When the next update is due, epoch ms: as promised, or by the severity's cadence; undefined without either. */
export const nextUpdateAt = (
  { updatedAt, declaredAt, severity, nextUpdateBy }: Incident,
  severities: readonly Severity[],
): number | undefined => {
  if (nextUpdateBy !== undefined) return nextUpdateBy
  const minutes = severities.find(({ id }) => id === severity)?.updateEveryMinutes
  return minutes === undefined ? undefined : (updatedAt ?? declaredAt) + minutes * 60_000
}

/** Since when an update has been due, epoch ms; undefined while none is, and when it was put off. */
export const updateOverdueSince = (
  incident: Incident,
  now: number,
  severities: readonly Severity[],
): number | undefined => {
  const { status, updateSnoozed } = incident
  if (status !== 'investigating' && status !== 'identified' && status !== 'mitigated') return undefined
  const promised = nextUpdateAt(incident, severities)
  if (promised === undefined || (updateSnoozed && updateSnoozed.until === undefined)) return undefined
  const due = Math.max(promised, updateSnoozed?.until ?? 0)
  return due < now ? due : undefined
}

/**
 * A reminder of an update: what it counts from, when the first, second and third one is due (epoch ms), and its text.
 */
export type UpdateDue = { since: number; dueAt: number[]; text: string }

/**
 * The reminder of the next update: `noticeMs` before it is due, when it is due, and once more after the same time. It
 * mentions the communications lead, or else the commander. Undefined when there is none, or it was snoozed.
 */
export const updateReminder = (
  incident: Incident,
  now: number,
  severities: readonly Severity[],
  noticeMs: number,
): UpdateDue | undefined => {
  const { updatedAt, declaredAt, roles, updateSnoozed } = incident
  const promised = nextUpdateAt(incident, severities)
  if (promised === undefined || (updateSnoozed && updateSnoozed.until === undefined)) return undefined
  const last = updatedAt ?? declaredAt
  const until = updateSnoozed?.until
  const due = Math.max(promised, until ?? 0)
  const every = promised - last
  // An update promised within minutes needs no advance reminder.
  const notice = until === undefined && due - last > 2 * noticeMs ? noticeMs : 0
  const who = roles.communications ?? roles.commander
  const sentence =
    updatedAt === undefined ? 'there has been none yet' : `the last one was ${formatDuration(now - updatedAt)} ago`
  const when = now < due ? `due in ${formatDuration(due - now)}` : 'due'
  return {
    since: until ?? last,
    dueAt: [...(notice > 0 ? [due - notice] : []), due, due + every, due + 2 * every],
    text: `${who ? `<@${who}>, an` : 'An'} update is ${when}: ${sentence}.`,
  }
}
