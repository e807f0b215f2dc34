/** One call by the app, for the inspector and for tests. */
export type RequestRecord = {
  number: number
  /** Epoch ms, real time. */
  at: number
  /** A Web API method, `upload` or `response_url`. */
  method: string
  /** HTTP status; 0 when the connection was closed. */
  status: number
  /** `ok`, or the error code of the response. */
  outcome: string
  ms: number
  request: string
  response: string
}

const maxRecords = 1_000
const maxBody = 4_000

export type Requests = ReturnType<typeof createRequestLog>

/** Keeps the latest calls, newest first, and counts calls per method since the start. */
export const createRequestLog = () => {
  let latest: RequestRecord[] = []
  let number = 0
  const counts = new Map<string, number>()

  return {
    add(record: Omit<RequestRecord, 'number'>): void {
      number += 1
      counts.set(record.method, (counts.get(record.method) ?? 0) + 1)
      latest.push({ ...record, number, request: trimmed(record.request), response: trimmed(record.response) })
      // Trimmed in bulk: trimming on every call would copy the list each time.
      if (latest.length >= 2 * maxRecords) latest = latest.slice(-maxRecords)
    },
    latest: (method?: string): RequestRecord[] =>
      latest
        .slice(-maxRecords)
        .reverse()
        .filter((record) => method === undefined || record.method === method),
    counts: (): Record<string, number> => Object.fromEntries(counts),
  }
}

const trimmed = (body: string): string => (body.length > maxBody ? `${body.slice(0, maxBody)}…` : body)
