import { z } from 'zod'
import { instant, List, Part, Text } from '../../incident/outside.ts'
import { type Call, readAnswer } from './call.ts'
import { hasMarker, marked } from './marker.ts'

export type Note = { id: string; content: string; by?: string | undefined; at?: number | undefined }

/** Whom to ask for help on an incident. PagerDuty ids. */
export type ResponderRequest = {
  message: string
  /** Names the cause, the same on every attempt: `INC-42/7/0`. */
  marker: string
  /** PagerDuty's id of who asks. */
  requester: string
  users?: readonly string[]
  escalationPolicies?: readonly string[]
}

const toNote = z.object({ id: z.string(), content: Text, user: Part({ summary: Text }), created_at: Text }).transform(
  (told): Note => ({
    id: told.id,
    content: told.content ?? '',
    by: told.user?.summary,
    at: instant(told.created_at),
  }),
)
/** People who were asked, and the requests themselves, which may still be on their way to people. */
const Said = List(z.object({ message: Text }))
const Requests = z.object({ incident: z.object({ incidents_responders: Said, responder_requests: Said }) })

const pathOf = (id: string) => `/incidents/${encodeURIComponent(id)}`

/** What is said and asked on an incident at PagerDuty. */
export const notes = (call: Call) => {
  const list = async (id: string, signal?: AbortSignal): Promise<Note[]> => {
    const answer = await call.get(`${pathOf(id)}/notes`, undefined, signal)
    return readAnswer(z.object({ notes: List(toNote) }), answer, `the notes of incident ${id}`).notes
  }

  return {
    notes: list,

    /** Writes a note once: on a second attempt the marker finds the first one's note. */
    async addNote(id: string, { text, marker }: { text: string; marker: string }, signal?: AbortSignal): Promise<Note> {
      const earlier = (await list(id, signal)).find((note) => hasMarker(note.content, marker))
      if (earlier) return earlier
      const answer = await call.send('POST', `${pathOf(id)}/notes`, { note: { content: marked(text, marker) } }, signal)
      return readAnswer(z.object({ note: toNote }), answer, `the new note of incident ${id}`).note
    },

    /** Tells the incident's subscribers. PagerDuty lists no earlier updates, so a repeated call repeats the message. */
    async publishUpdate(
      id: string,
      update: { message: string; subject?: string },
      signal?: AbortSignal,
    ): Promise<void> {
      await call.send('POST', `${pathOf(id)}/status_updates`, update, signal)
    },

    /** Pages further people, once: on a second attempt the marker finds the first one's request. */
    async requestResponders(id: string, wanted: ResponderRequest, signal?: AbortSignal): Promise<void> {
      const answer = await call.get(pathOf(id), undefined, signal)
      const { incident } = readAnswer(Requests, answer, `the responders of incident ${id}`)
      const earlier = [...incident.responder_requests, ...incident.incidents_responders]
      if (earlier.some(({ message }) => message && hasMarker(message, wanted.marker))) return
      const target = (type: string) => (target: string) => ({
        responder_request_target: { id: target, type: `${type}_reference` },
      })
      const body = {
        requester_id: wanted.requester,
        message: marked(wanted.message, wanted.marker),
        responder_request_targets: [
          ...(wanted.users ?? []).map(target('user')),
          ...(wanted.escalationPolicies ?? []).map(target('escalation_policy')),
        ],
      }
      await call.send('POST', `${pathOf(id)}/responder_requests`, body, signal)
    },
  }
}
