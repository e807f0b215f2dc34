import { z } from 'zod'
import { List, Text } from '../../incident/outside.ts'
import { hasMarker, marked } from './marker.ts'
import { parseResponse, type Rest } from './rest.ts'

export type Note = { id: string; content: string }

const NoteBody = z
  .object({ id: z.string(), content: Text })
  .transform(({ id, content }): Note => ({ id, content: content ?? '' }))

const pathOf = (id: string) => `/incidents/${encodeURIComponent(id)}`

/** Notes and status updates of an incident at PagerDuty. */
export const notes = (rest: Rest) => {
  const list = async (id: string, signal?: AbortSignal): Promise<Note[]> => {
    const body = await rest.get(`${pathOf(id)}/notes`, undefined, signal)
    return parseResponse(z.object({ notes: List(NoteBody) }), body, `the notes of incident ${id}`).notes
  }

  return {
    notes: list,

    /** Writes a note once: a second attempt finds the first one's note by the marker. */
    async addNote(id: string, { text, marker }: { text: string; marker: string }, signal?: AbortSignal): Promise<Note> {
      const earlier = (await list(id, signal)).find((note) => hasMarker(note.content, marker))
      if (earlier) return earlier
      const body = await rest.send('POST', `${pathOf(id)}/notes`, { note: { content: marked(text, marker) } }, signal)
      return parseResponse(z.object({ note: NoteBody }), body, `the new note of incident ${id}`).note
    },

    /** Notifies the incident's subscribers. PagerDuty lists no earlier updates: a repeated call repeats the message. */
    async publishUpdate(
      id: string,
      update: { message: string; subject?: string },
      signal?: AbortSignal,
    ): Promise<void> {
      await rest.send('POST', `${pathOf(id)}/status_updates`, update, signal)
    },
  }
}
