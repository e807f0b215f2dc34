import type { Decision } from './decide.ts'
import { type Incident, peopleToInvite } from './incident.ts'
import { isPerson } from './phrase.ts'

/** Invitations within this time after the opening need no briefing, ms: nothing was missed yet. */
const OPENING_MS = 3 * 60_000
/** Somebody who leaves and rejoins within this time needs no new briefing, ms. */
const BRIEFED_FOR_MS = 30 * 60_000
const MOST_BRIEFED = 50

/**
 * Records that somebody joined late and needs a briefing. Not for those the opening invited, nor for those briefed
 * because of a role.
 */
export const joinedLate: Decision<{ member: string }> = (incident, { member }, act) => {
  const { status, declaredAt, roles, handovers = [], briefed = [] } = incident
  if (!isPerson(member) || !['investigating', 'identified', 'mitigated', 'resolved'].includes(status)) return []
  const opening = incident.steps.people?.state !== 'done' || act.at - declaredAt < OPENING_MS
  if (opening && [...incident.invited, ...peopleToInvite(incident)].includes(member)) return []
  if (Object.values(roles).includes(member) || handovers.some(({ to }) => to === member)) return []
  if (briefed.some((one) => one.member === member && act.at - one.at < BRIEFED_FOR_MS)) return []
  return [{ ...act, type: 'joined_late', member }]
}

/** The state after somebody was briefed. */
export const withBriefed = (incident: Incident, { member, at }: { member: string; at: number }): Incident => ({
  ...incident,
  briefed: [...(incident.briefed ?? []).filter((one) => one.member !== member), { member, at }].slice(-MOST_BRIEFED),
})

/**
 * Records that somebody joined the channel. Only relevant for a private incident; Muster's own invitations are known.
 */
export const memberJoined: Decision<{ member: string }> = (incident, { member }, act) =>
  incident.private && !incident.people.includes(member) ? [{ ...act, type: 'member_joined', member }] : []

/** Records that somebody left the channel, and so may no longer see the private incident. */
export const memberLeft: Decision<{ member: string }> = (incident, { member }, act) =>
  incident.private && incident.people.includes(member) ? [{ ...act, type: 'member_left', member }] : []

/** The state after somebody joined: they are a member, and need no invitation. */
export const withMember = (incident: Incident, member: string): Incident => ({
  ...incident,
  people: [...new Set([...incident.people, member])],
  invited: [...new Set([...incident.invited, member])],
})

/** The state after somebody left: a role invites them again. */
export const withoutMember = (incident: Incident, member: string): Incident => ({
  ...incident,
  people: incident.people.filter((one) => one !== member),
  invited: incident.invited.filter((one) => one !== member),
})
