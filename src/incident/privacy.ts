import type { Decision } from './decide.ts'
import { Refusal } from './errors.ts'
import type { IncidentEvent } from './event.ts'
import type { Incident, StepState } from './incident.ts'
import { isPerson } from './phrase.ts'
import { isActive, isOver } from './status.ts'

/** Minimum time between two access requests of one person that are posted in the channel, ms. */
const ASK_EVERY_MS = 15 * 60_000
const LATEST_REQUESTS = 20

/** Makes a public incident private. This cannot be undone: private content must not become public by accident. */
export const makePrivate: Decision<{ text?: string | undefined }> = (incident, { text }, act) => {
  if (isOver(incident)) throw new Refusal(`${incident.id} is ${incident.status}, so there is nothing to make private.`)
  return incident.private ? [] : [{ ...act, type: 'made_private', ...(text ? { text } : {}) }]
}

/** Requests access to a private incident. A repeat within a quarter of an hour does nothing. */
export const requestAccess: Decision<Record<string, never>> = (incident, _input, act) => {
  const last = incident.accessRequests?.findLast(({ by }) => by === act.by)
  const isPending = last !== undefined && act.at - last.at < ASK_EVERY_MS
  if (!incident.private || isOver(incident) || incident.people.includes(act.by) || isPending) return []
  return [{ ...act, type: 'access_requested' }]
}

/** Adds somebody to the incident's channel. */
export const grantAccess: Decision<{ responder: string }> = (incident, { responder }, act) => {
  if (isOver(incident)) throw new Refusal(`${incident.id} is ${incident.status}, so there is nothing to be let into.`)
  const isIn = incident.people.includes(responder) && incident.invited.includes(responder)
  return isIn ? [] : [{ ...act, type: 'access_granted', responder }]
}

type PrivacyEvent = Extract<
  IncidentEvent,
  { type: 'made_private' | 'channel_left' | 'access_requested' | 'access_granted' }
>

/** Folds events about an incident's privacy. */
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
 * From this event on nothing is posted to its previous channel, and only those stay who hold a role, declared it or
 * made it private.
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
