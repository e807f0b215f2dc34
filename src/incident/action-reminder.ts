import { type ActionItem, isOverdue, openActions } from './action-item.ts'
import { addDays, daysBetween, weekdayOf } from './action-text.ts'
import type { Incident } from './incident.ts'
import { clockIn } from './zone.ts'

export type ActionReminderRules = {
  /** `09:30`, where the owner is. */
  remindAt: string
  remindEveryDays: number
  overdueEveryDays: number
  /** Quiet hours in the owner's zone, from and to `HH:MM`. */
  quietHours?: { from: string; to: string } | undefined
}

/** No late reminder is sent in the middle of the night after downtime of Muster. */
const WINDOW_HOURS = 8

/** Nobody is reminded about a drill or a false alarm. */
const isReal = ({ drill, status }: Incident): boolean => !drill && status !== 'triage' && status !== 'cancelled'

/** For a private incident only members are reminded. */
const mayHear = ({ private: hidden, people }: Incident, owner: string): boolean => !hidden || people.includes(owner)

/** The owners of an incident's open items who may be reminded. */
export const ownersToRemind = (incident: Incident): string[] =>
  isReal(incident)
    ? [...new Set(openActions(incident).flatMap(({ owner }) => owner ?? []))].filter(
        (owner) => mayHear(incident, owner) && !incident.unreachable?.includes(owner),
      )
    : []

/** The items of an owner that belong in a reminder sent now: open, theirs, and of an incident they may see. */
export const itemsOf = (incident: Incident, owner: string): ActionItem[] =>
  ownersToRemind(incident).includes(owner) ? openActions(incident).filter((item) => item.owner === owner) : []

/**
 * Whether reminders may be sent now in that zone: on working days, for some hours from the configured time on, outside
 * quiet hours.
 */
export const isReminderTime = (now: number, zone: string, { remindAt, quietHours }: ActionReminderRules): boolean => {
  const clock = clockIn(zone)
  const [time, weekday] = [clock.time(now), weekdayOf(clock.date(now))]
  if (weekday === 0 || weekday === 6) return false
  if (time < remindAt || time >= hoursLater(remindAt, WINDOW_HOURS)) return false
  if (!quietHours) return true
  const { from, to } = quietHours
  return !(from <= to ? time >= from && time < to : time >= from || time < to)
}

/** `24:00` at the latest. */
const hoursLater = (time: string, hours: number): string => {
  const [hour = 0, minute = '00'] = [Number(time.slice(0, 2)), time.slice(3)]
  return hour + hours >= 24 ? '24:00' : `${String(hour + hours).padStart(2, '0')}:${minute}`
}

/** Items to remind their owner of today: soon due, overdue, or not mentioned for a while. */
export const itemsDue = (
  incident: Incident,
  owner: string,
  now: number,
  zone: string,
  { remindEveryDays, overdueEveryDays }: ActionReminderRules,
): ActionItem[] => {
  const { date } = clockIn(zone)
  const today = date(now)
  return itemsOf(incident, owner).filter((item) => {
    const { due, remindedAt, snoozedUntil = 0, addedAt = incident.declaredAt } = item
    if (now < snoozedUntil) return false
    const days = daysBetween(date(remindedAt ?? addedAt), today)
    if (isOverdue(item, today)) return remindedAt === undefined ? days >= 1 : days >= overdueEveryDays
    const isSoon = due !== undefined && due <= addDays(today, 1)
    return days >= (isSoon ? 1 : remindEveryDays)
  })
}

/** Whether an incident's items belong in the weekly digest. Private incidents are left out. */
export const isInDigest = (incident: Incident): boolean =>
  isReal(incident) && !incident.private && openActions(incident).length > 0
