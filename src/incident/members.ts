import type { Decision } from './decide.ts'
import type { Incident } from './incident.ts'

/** Records that somebody joined the channel. Only a private incident needs to know; Muster's own invitations are known. */
export const memberJoined: Decision<{ member: string }> = (incident, { member }, act) =>
  incident.private && !incident.people.includes(member) ? [{ ...act, type: 'member_joined', member }] : []

/** Records that somebody left the channel, and so may no longer see the private incident. */
export const memberLeft: Decision<{ member: string }> = (incident, { member }, act) =>
  incident.private && incident.people.includes(member) ? [{ ...act, type: 'member_left', member }] : []

/** The state after somebody joined: they are in, and need no invitation. */
export const withMember = (incident: Incident, member: string): Incident => ({
  ...incident,
  people: [...new Set([...incident.people, member])],
  invited: [...new Set([...incident.invited, member])],
})

/** The state after somebody left: a role would invite them again. */
export const withoutMember = (incident: Incident, member: string): Incident => ({
  ...incident,
  people: incident.people.filter((one) => one !== member),
  invited: incident.invited.filter((one) => one !== member),
})
