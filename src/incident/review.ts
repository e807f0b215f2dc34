import type { Act, Decision } from './decide.ts'
import { Refusal } from './errors.ts'
import type { IncidentEvent } from './event.ts'
import type { Incident } from './incident.ts'
import type { ExportPlace } from './postmortem-event.ts'
import { isActive } from './status.ts'

/** Folds an event into the review. */
export const withReview = (incident: Incident, event: IncidentEvent): Incident => {
  if (event.type === 'postmortem_exported') {
    const { to, reference, url } = event
    return { ...incident, exports: { ...incident.exports, [to]: { reference, ...(url ? { url } : {}) } } }
  }
  if (event.type !== 'postmortem_reviewed') return incident
  const { review: before, ...others } = incident
  const kept = before?.publishedAt === undefined ? {} : { publishedAt: before.publishedAt }
  switch (event.step) {
    case 'requested': {
      const reviewers = event.reviewers ?? []
      const approved = before?.state === 'in review' ? before.approved.filter((one) => reviewers.includes(one)) : []
      return { ...incident, review: { state: 'in review', since: event.at, reviewers, approved, ...kept } }
    }
    case 'approved':
      return before ? { ...incident, review: { ...before, approved: [...before.approved, event.by] } } : incident
    case 'published': {
      const { reviewers = [], approved = [] } = before ?? {}
      const publishedAt = before?.publishedAt ?? event.at
      return { ...incident, review: { state: 'published', since: event.at, reviewers, approved, publishedAt } }
    }
    default:
      return others
  }
}

/** The requested reviewers who have not approved it yet. */
export const pendingReviewers = ({ review }: Incident): string[] =>
  review?.state === 'in review' ? review.reviewers.filter((one) => !review.approved.includes(one)) : []

/** @throws Refusal while the incident is open, and where there is nothing to write up. */
export const refuseUnlessOver = ({ id, status, imported }: Incident): void => {
  if (isActive(status))
    throw new Refusal(`${id} is ${status}. The postmortem is drafted when it is resolved: \`/incident resolve\`.`)
  if (status === 'cancelled' || status === 'merged')
    throw new Refusal(`${id} was ${status}, so there is nothing to write up.`)
  if (imported) throw new Refusal(`${id} was imported; its postmortem, if it has one, is where it came from.`)
}

/** Requests a new draft of the postmortem. */
export const requestPostmortem: Decision<Record<string, never>> = (incident, _input, act) => {
  refuseUnlessOver(incident)
  return [{ ...act, type: 'postmortem_requested' }]
}

/** Requests an export of the document. */
export const requestExport: Decision<{ to: ExportPlace }> = (incident, { to }, act) => {
  refuseUnlessOver(incident)
  if (to === 'canvas' && !incident.channel)
    throw new Refusal(`${incident.id} has no channel in Slack that a canvas could be in.`)
  return [{ ...act, type: 'postmortem_export_requested', to }]
}

/** Requests reviews from these people, replacing earlier reviewers. */
export const requestReview: Decision<{ reviewers: string[]; text?: string | undefined }> = (
  incident,
  { reviewers, text },
  act,
) => {
  refuseUnlessOver(incident)
  const { id, review, people, private: hidden } = incident
  if (reviewers.length === 0)
    throw new Refusal('Mention who is to review the postmortem: `postmortem review @dana @lee`.')
  const outside = hidden ? reviewers.find((one) => !people.includes(one)) : undefined
  if (outside) throw new Refusal(`${id} is private, and <@${outside}> is not in it. Invite them to the channel first.`)
  const same = review?.state === 'in review' && sameSet(review.reviewers, reviewers)
  return same ? [] : [reviewed(act, 'requested', { reviewers, ...(text ? { text } : {}) })]
}

/** A reviewer approves it. */
export const approvePostmortem: Decision<{ text?: string | undefined }> = (incident, { text }, act) => {
  refuseUnlessOver(incident)
  const { id, review } = incident
  if (review?.state === 'published') throw new Refusal(`The postmortem of ${id} is published already.`)
  if (!review)
    throw new Refusal(
      `The postmortem of ${id} is still a draft. \`/incident postmortem review @dana\` requests a review.`,
    )
  if (review.approved.includes(act.by)) return []
  if (!review.reviewers.includes(act.by))
    throw new Refusal(
      `Nobody asked you to review the postmortem of ${id}. \`/incident postmortem review @you\` adds a reviewer; everybody can edit it with \`/incident postmortem\`.`,
    )
  return [reviewed(act, 'approved', text ? { text } : {})]
}

/** Publishes it. Reviews are not enforced: missing approvals are named instead. */
export const publishPostmortem: Decision<{ text?: string | undefined }> = (incident, { text }, act) => {
  refuseUnlessOver(incident)
  return incident.review?.state === 'published' ? [] : [reviewed(act, 'published', text ? { text } : {})]
}

/** Returns it to draft. */
export const reopenPostmortem: Decision<{ text?: string | undefined }> = (incident, { text }, act) => {
  refuseUnlessOver(incident)
  return incident.review ? [reviewed(act, 'reopened', text ? { text } : {})] : []
}

type Reviewed = Extract<IncidentEvent, { type: 'postmortem_reviewed' }>

const reviewed = (act: Act, step: Reviewed['step'], more: Pick<Reviewed, 'reviewers' | 'text'>): Reviewed => ({
  ...act,
  type: 'postmortem_reviewed',
  step,
  ...more,
})

const sameSet = (one: readonly string[], other: readonly string[]): boolean =>
  one.length === other.length && one.every((member) => other.includes(member))
