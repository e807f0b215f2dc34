import { z } from 'zod'
import { List, Part, Text } from '../../incident/outside.ts'
import { hasMarker, marked } from './marker.ts'
import { parseResponse, type Rest } from './rest.ts'

/** Whom to call for help on an incident. PagerDuty ids. */
export type ResponderRequest = {
  message: string
  /** Names the cause, the same on every attempt: `INC-42/7`. */
  marker: string
  /** PagerDuty's id of the user who requests. */
  requester: string
  users: readonly string[]
}

/** A requested responder: `pending`, `accepted` (the webhook says `joined` or `accepted`) or `declined`. */
export type Responder = { user: string; name?: string | undefined; state: string; message?: string | undefined }

/** Requested responders, and the requests themselves, which may not have reached anybody yet. */
const Requests = z.object({
  incident: z.object({
    incidents_responders: List(z.object({ state: Text, message: Text, user: Part({ id: Text, summary: Text }) })),
    responder_requests: List(z.object({ message: Text })),
  }),
})

const pathOf = (id: string) => `/incidents/${encodeURIComponent(id)}`

/** Responder requests: further people paged on an incident that exists at PagerDuty. */
export const responders = (rest: Rest) => {
  const read = async (id: string, signal?: AbortSignal) => {
    const body = await rest.get(pathOf(id), undefined, signal)
    return parseResponse(Requests, body, `the responders of incident ${id}`).incident
  }

  return {
    /** Everybody requested for an incident, with their responses so far. */
    async responders(id: string, signal?: AbortSignal): Promise<Responder[]> {
      return (await read(id, signal)).incidents_responders.flatMap(({ state, message, user }) =>
        user?.id ? [{ user: user.id, name: user.summary, state: state ?? 'pending', message }] : [],
      )
    },

    /** Pages further people, once: a second attempt finds the first one's request by the marker. */
    async requestResponders(id: string, wanted: ResponderRequest, signal?: AbortSignal): Promise<void> {
      const incident = await read(id, signal)
      const earlier = [...incident.responder_requests, ...incident.incidents_responders]
      if (earlier.some(({ message }) => message && hasMarker(message, wanted.marker))) return
      const body = {
        requester_id: wanted.requester,
        message: marked(wanted.message, wanted.marker),
        responder_request_targets: wanted.users.map((user) => ({
          responder_request_target: { id: user, type: 'user_reference' },
        })),
      }
      await rest.send('POST', `${pathOf(id)}/responder_requests`, body, signal)
    },
  }
}
