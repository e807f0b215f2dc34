import { type ActionItem, isOverdue, openActions } from './action-item.ts'
import { addDays, daysBetween, weekdayOf } from './action-text.ts'
import type { Incident } from './incident.ts'
import { clockIn } from './zone.ts'

export type ActionReminderRules = {
  /** `09:30`, where the owner is. */
  remindAt: string
  remindEveryDays: number
  overdueEveryDays: number
  /** From and to `HH:MM` where the owner is, nobody is reminded. */
  quietHours?: { from: string; to: string } | undefined
}

/** Nobody wants last week's reminder in the middle of the night, after Muster was down. */
const WINDOW_HOURS = 8

/** Of a drill and of what was no incident nobody is reminded. */
const isReal = ({ drill, status }: Incident): boolean => !drill && status !== 'triage' && status !== 'cancelled'

/** Of a private incident only people who belong to it hear. */
const mayHear = ({ private: hidden, people }: Incident, owner: string): boolean => !hidden || people.includes(owner)

/** The owners of open items of an incident who may be reminded of them. */
export const ownersToRemind = (incident: Incident): string[] =>
  isReal(incident)
    ? [...new Set(openActions(incident).flatMap(({ owner }) => owner ?? []))].filter((owner) =>
        mayHear(incident, owner),
      )
    : []

/** The items of an owner that belong in a reminder sent now: open, theirs, and of an incident they may see. */
export const itemsOf = (incident: Incident, owner: string): ActionItem[] =>
  ownersToRemind(incident).includes(owner) ? openActions(incident).filter((item) => item.owner === owner) : []

/**
 * Is now, for somebody in that zone, a time to be reminded? Working days, from the configured time on for some hours,
 * outside quiet hours.
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

/** The items that their owner should hear of today: soon due, overdue, or not mentioned for a while. */
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

/** Does an incident's list belong in the weekly digest? Of private ones nothing leaves their channel. */
export const isInDigest = (incident: Incident): boolean =>
  isReal(incident) && !incident.private && openActions(incident).length > 0
