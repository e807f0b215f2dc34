import { isUrgent } from './commander.ts'
import type { Incident } from './incident.ts'
import { formatDuration } from './measure.ts'
import { plain } from './phrase.ts'
import { pendingReviewers } from './review.ts'
import { peopleList } from './review-words.ts'
import type { Severity } from './status.ts'

/** When a postmortem is overdue; never when not set. */
export type ReviewRules = {
  /** A draft for an urgent incident, this long after it was resolved, ms. */
  draftMs?: number | undefined
  /** A review without a response, ms. */
  reviewMs?: number | undefined
  severities: readonly Severity[]
}

/** What a postmortem is waiting for: `since` (epoch ms), and overdue after `afterMs`. */
export type Waiting = { kind: 'postmortem' | 'review'; since: number; afterMs: number; text: string }

/**
 * What the postmortem of an incident is waiting for, overdue or not: reviewers, or people who write it. Nothing once it
 * is published or the incident is closed, and never in a drill. The text mentions people.
 */
export const postmortemWaits = (incident: Incident, now: number, rules: ReviewRules): Waiting | undefined => {
  const { id, drill, status, review, milestones, severity } = incident
  if (drill || (status !== 'resolved' && status !== 'closed')) return undefined
  const pending = pendingReviewers(incident)
  if (review?.state === 'in review' && rules.reviewMs !== undefined && pending.length > 0)
    return {
      kind: 'review',
      since: review.since,
      afterMs: rules.reviewMs,
      text: `The postmortem of ${id} has been in review for ${daysIn(now - review.since)}; ${plain(peopleList(pending), (one) => `<@${one}>`)} ${pending.length === 1 ? 'has' : 'have'} not approved it yet.`,
    }
  const since = milestones.resolved?.at
  if (review || status === 'closed' || since === undefined || rules.draftMs === undefined) return undefined
  if (!isUrgent(severity, rules.severities)) return undefined
  return {
    kind: 'postmortem',
    since,
    afterMs: rules.draftMs,
    text: `The postmortem of ${id} is still a draft, ${daysIn(now - since)} after it was resolved. Write what only people know, and request a review.`,
  }
}

/** The same, only when it is overdue: for the weekly digest. */
export const overduePostmortem = (incident: Incident, now: number, rules: ReviewRules): Waiting | undefined => {
  const waits = postmortemWaits(incident, now, rules)
  return waits && now >= waits.since + waits.afterMs ? waits : undefined
}

const DAY_MS = 24 * 3_600_000

/** `5 days`: hours say nothing beside them. */
const daysIn = (ms: number): string => {
  const days = Math.floor(ms / DAY_MS)
  return days === 0 ? formatDuration(ms) : days === 1 ? '1 day' : `${days} days`
}
