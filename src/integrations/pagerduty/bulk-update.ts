import { isEnded, PagerDutyRejection } from './rejection.ts'
import type { Rest } from './rest.ts'

/** PagerDuty: "Manage incidents" takes at most 250 at once. */
const MOST_AT_ONCE = 250

type Status = 'acknowledged' | 'resolved'
type UpdateOne = (id: string, status: Status, signal?: AbortSignal) => Promise<unknown>

/**
 * Acknowledges or resolves incidents, many with one request. PagerDuty rejects the whole request when one of them has
 * ended in the meantime; then each is updated by itself. `onDone` receives the ids as they are finished, so that
 * another attempt can skip them. An incident that already ended, or was deleted, counts as finished.
 */
export const bulkUpdate = (rest: Rest, updateOne: UpdateOne) => {
  const setStatus =
    (status: Status) =>
    async (
      ids: readonly string[],
      { signal, onDone = async () => {} }: { signal?: AbortSignal; onDone?: (ids: string[]) => Promise<void> } = {},
    ): Promise<void> => {
      const oneByOne = async (chunk: readonly string[]) => {
        for (const id of chunk) {
          await updateOne(id, status, signal).catch((error: unknown) => {
            if (!isEnded(error)) throw error
          })
          await onDone([id])
        }
      }
      for (let start = 0; start < ids.length; start += MOST_AT_ONCE) {
        const chunk = ids.slice(start, start + MOST_AT_ONCE)
        if (chunk.length === 1) {
          await oneByOne(chunk)
          continue
        }
        const incidents = chunk.map((id) => ({ id, type: 'incident_reference', status }))
        try {
          await rest.send('PUT', '/incidents', { incidents }, signal)
          await onDone(chunk)
        } catch (error) {
          if (!(error instanceof PagerDutyRejection) || (error.status !== 400 && error.status !== 404)) throw error
          await oneByOne(chunk)
        }
      }
    }

  return { acknowledge: setStatus('acknowledged'), resolve: setStatus('resolved') }
}
