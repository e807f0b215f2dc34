import type { IncidentEvent } from './event.ts'
import type { Incident } from './incident.ts'
import type { Labels } from './labels.ts'
import { code, type Phrase, person, say, strong } from './phrase.ts'

/** Somebody the response relies on who cannot be brought into the channel: the roles they hold, or why they are on call. */
export type Missed = { who: string; roles: string[]; onCall?: string }

/** Those of the people who could not be invited that hold a role or are on call. */
export const missedOf = (
  { absent }: Extract<IncidentEvent, { type: 'people_invited' }>,
  { roles, found }: Incident,
): Missed[] =>
  absent.flatMap((who): Missed[] => {
    const held = Object.keys(roles).filter((role) => roles[role] === who)
    const onCall = found.find(({ responder }) => responder === who)?.why
    return held.length > 0 || onCall ? [{ who, roles: held, ...(onCall ? { onCall } : {}) }] : []
  })

/** One line for each, and what to do instead. */
export const missedSentence = (missed: readonly Missed[], labels: Labels): Phrase[] | undefined =>
  missed.length === 0
    ? undefined
    : missed.flatMap(({ who, roles: [role], onCall }, i) => [
        ...(i === 0 ? [] : say`\n`),
        ...(role
          ? say`${person(who)} is ${strong(labels.role(role))}, but Slack does not let me invite them; the account may be deactivated. ${code(`/incident assign ${role} @somebody`)} gives the role to somebody else.`
          : say`${person(who)} is ${onCall ?? 'on call'}, but Slack does not let me invite them; the account may be deactivated. Call them by phone, or page somebody else: ${code('/incident page')}.`),
      ])
