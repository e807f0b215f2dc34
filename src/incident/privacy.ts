import type { Decision } from './decide.ts'
import { Refusal } from './errors.ts'
import type { IncidentEvent } from './event.ts'
import type { Incident, StepState } from './incident.ts'
import { isPerson } from './phrase.ts'
import { isActive, isOver } from './status.ts'

/** How often one person's request for access is shown in the channel, ms. */
const ASK_EVERY_MS = 15 * 60_000
const LATEST_REQUESTS = 20

/** Makes a public incident private. There is no way back: what was private must not become public by a slip. */
export const makePrivate: Decision<{ text?: string | undefined }> = (incident, { text }, act) => {
  if (isOver(incident)) throw new Refusal(`${incident.id} is ${incident.status}, so there is nothing to make private.`)
  return incident.private ? [] : [{ ...act, type: 'made_private', ...(text ? { text } : {}) }]
}

/** Asks to be let into a private incident. Asked again within a quarter of an hour, nothing happens. */
export const requestAccess: Decision<Record<string, never>> = (incident, _input, act) => {
  const last = incident.accessRequests?.findLast(({ by }) => by === act.by)
  const isPending = last !== undefined && act.at - last.at < ASK_EVERY_MS
  if (!incident.private || isOver(incident) || incident.people.includes(act.by) || isPending) return []
  return [{ ...act, type: 'access_requested' }]
}

/** Lets somebody into the incident's channel. */
export const grantAccess: Decision<{ responder: string }> = (incident, { responder }, act) => {
  if (isOver(incident)) throw new Refusal(`${incident.id} is ${incident.status}, so there is nothing to be let into.`)
  const isIn = incident.people.includes(responder) && incident.invited.includes(responder)
  return isIn ? [] : [{ ...act, type: 'access_granted', responder }]
}

type PrivacyEvent = Extract<
  IncidentEvent,
  { type: 'made_private' | 'channel_left' | 'access_requested' | 'access_granted' }
>

/** Folds what happened to an incident's privacy. */
export const withPrivacy = (incident: Incident, event: PrivacyEvent): Incident => {
  switch (event.type) {
    case 'made_private':
      return hidden(incident, event.by, event.at)
    case 'channel_left':
      return incident
    case 'access_requested': {
      const request = { by: event.by, at: event.at }
      return { ...incident, accessRequests: [...(incident.accessRequests ?? []), request].slice(-LATEST_REQUESTS) }
    }
    case 'access_granted':
      return {
        ...incident,
        people: [...new Set([...incident.people, event.responder])],
        invited: incident.invited.filter((one) => one !== event.responder),
      }
    default:
      return event satisfies never
  }
}

/**
 * From this event on nothing is written to the channel it had, and only those stay who hold a role, declared it or made
 * it private.
 */
const hidden = (incident: Incident, by: string, at: number): Incident => {
  const { channel, ...others } = incident
  const { people, summary, pin, topic, bookmarks, announcement, ...steps } = incident.steps
  const next: StepState = { state: 'pending' }
  return {
    ...others,
    private: true,
    privateSince: at,
    ...(channel ? { formerChannel: channel } : {}),
    people: [...new Set([by, incident.declaredBy, ...Object.values(incident.roles)])].filter(isPerson),
    invited: [],
    messages: {},
    steps: { ...steps, ...(channel || isActive(incident.status) ? { channel: next } : {}) },
  }
}
