import { z } from 'zod'
import { messageOf, Permanent, TryLater } from '../../incident/errors.ts'

export type LokiOptions = {
  /** Where the API is, with the path prefix if there is one: `http://loki:3100`. A user and password in it are sent along. */
  url: string
  /** How long one query may take, ms. */
  timeoutMs?: number
  /** The most bytes of one answer that are read. */
  maxBytes?: number
  fetch?: typeof globalThis.fetch
}

export type LogLine = { at: number; text: string; labels: Record<string, string> }

/** LogQL over a range, epoch ms, the newest so many lines. */
export type LogQuery = { query: string; from: number; to: number; limit: number }

export type LokiClient = {
  /** The newest lines of a log query, oldest first. @throws Permanent for a query that is wrong or forbidden. */
  lines(query: LogQuery, signal?: AbortSignal): Promise<LogLine[]>
  /** @throws when Loki is not ready to answer. */
  ready(signal?: AbortSignal): Promise<void>
}

/** Loki's answer to a log query: per stream the labels, and pairs of nanoseconds and line. */
const Answer = z.object({
  data: z.object({
    resultType: z.literal('streams'),
    result: z.array(
      z.object({
        stream: z.record(z.string(), z.string()).catch({}),
        // A third member holds structured metadata, where Loki keeps some.
        values: z.array(z.tuple([z.string().regex(/^\d+$/), z.string()]).rest(z.unknown())),
      }),
    ),
  }),
})

/** A client for the part of Loki's HTTP API that Muster needs. It never retries. */
export const createLokiClient = ({
  url,
  timeoutMs = 5_000,
  maxBytes = 4 * 1024 * 1024,
  fetch = globalThis.fetch,
}: LokiOptions): LokiClient => {
  const address = new URL(url)
  const login = `${decodeURIComponent(address.username)}:${decodeURIComponent(address.password)}`
  const base = `${address.origin}${address.pathname.replace(/\/+$/, '')}`

  const get = async (path: string, signal?: AbortSignal): Promise<string> => {
    const limit = AbortSignal.timeout(timeoutMs)
    try {
      const response = await fetch(base + path, {
        headers: address.username ? { authorization: `Basic ${Buffer.from(login).toString('base64')}` } : {},
        redirect: 'error',
        signal: signal ? AbortSignal.any([signal, limit]) : limit,
      })
      const text = await textOf(response, maxBytes)
      if (response.ok) return text
      throw failureOf(response, text)
    } catch (error) {
      if (error instanceof Permanent || error instanceof TryLater || error instanceof LokiFailed) throw error
      if (limit.aborted) throw new LokiFailed(`Loki did not answer within ${timeoutMs / 1000} s.`, { cause: error })
      if (signal?.aborted) throw new LokiFailed('Loki did not answer in time.', { cause: error })
      throw new LokiFailed(`Loki could not be reached (${causeOf(error)}).`, { cause: error })
    }
  }

  return {
    async lines({ query, from, to, limit }, signal) {
      const asked = new URLSearchParams({
        query,
        // Nanoseconds: everything Loki takes for a time is unambiguous only so.
        start: `${from}000000`,
        end: `${to}000000`,
        limit: String(limit),
        direction: 'backward',
      })
      const text = await get(`/loki/api/v1/query_range?${asked}`, signal)
      const answer = Answer.safeParse(parsed(text))
      if (!answer.success) throw new Permanent('Loki answered with something that is not a list of log lines.')
      return answer.data.data.result
        .flatMap(({ stream, values }) =>
          values.map(([nanoseconds, line]) => ({
            at: Number(BigInt(nanoseconds) / 1_000_000n),
            text: line,
            labels: stream,
          })),
        )
        .sort((one, other) => one.at - other.at)
    },
    ready: async (signal) => {
      await get('/ready', signal)
    },
  }
}

/** Not refused, just not answered: worth another attempt. */
class LokiFailed extends Error {
  override name = 'LokiFailed'
}

const failureOf = ({ status, headers }: Response, text: string): Error => {
  if (status === 401 || status === 403) return new Permanent(`Loki refuses (${status}); check LOKI_URL.`)
  if (status === 429)
    return new TryLater('Loki is asked too much (429).', (Number(headers.get('retry-after')) || 10) * 1000)
  // Loki says what is wrong with a query as plain text.
  if (status >= 400 && status < 500) return new Permanent(`Loki refused the query: ${text.trim().slice(0, 200)}`)
  return new LokiFailed(`Loki answered ${status}.`)
}

/** Reads no further than the limit: an answer can be larger than our memory. */
const textOf = async (response: Response, maxBytes: number): Promise<string> => {
  const chunks: Uint8Array[] = []
  let bytes = 0
  for await (const chunk of response.body ?? []) {
    bytes += chunk.byteLength
    if (bytes > maxBytes) throw new Permanent(`Loki's answer is larger than ${Math.round(maxBytes / 1024 / 1024)} MiB.`)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** fetch says only "fetch failed"; the reason is in the cause. */
const causeOf = (error: unknown): string => {
  const { cause } = error as { cause?: { code?: string } }
  return cause?.code ?? messageOf(cause ?? error)
}
