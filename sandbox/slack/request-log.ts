/** One call the app made, for the inspector and for tests that count calls. */
export type RequestRecord = {
  number: number
  /** Epoch ms, real time. */
  at: number
  /** A Web API method, `upload` or `response_url`. */
  method: string
  /** HTTP status; 0 when the connection was cut. */
  status: number
  /** `ok`, or the error in the answer. */
  outcome: string
  ms: number
  request: string
  response: string
}

const kept = 1_000
const longestBody = 4_000

export type Requests = ReturnType<typeof createRequestLog>

/** The latest calls, newest first, and how often each method was called since the start. */
export const createRequestLog = () => {
  let latest: RequestRecord[] = []
  let number = 0
  const counts = new Map<string, number>()

  return {
    add(record: Omit<RequestRecord, 'number'>): void {
      number += 1
      counts.set(record.method, (counts.get(record.method) ?? 0) + 1)
      latest.push({ ...record, number, request: trimmed(record.request), response: trimmed(record.response) })
      // Dropped in bulk: shifting one by one would copy the list for every call.
      if (latest.length >= 2 * kept) latest = latest.slice(-kept)
    },
    latest: (method?: string): RequestRecord[] =>
      latest
        .slice(-kept)
        .reverse()
        .filter((record) => method === undefined || record.method === method),
    counts: (): Record<string, number> => Object.fromEntries(counts),
  }
}

const trimmed = (body: string): string => (body.length > longestBody ? `${body.slice(0, longestBody)}…` : body)
