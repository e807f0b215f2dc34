import { z } from 'zod'
import { Permanent } from '../../incident/errors.ts'
import { createHttpClient } from '../../platform/http-client.ts'
import { expectOk } from '../../platform/http-status.ts'

export type LokiOptions = {
  /** The API's address, with a path prefix if there is one: `http://loki:3100`. A user and password in it are sent as basic authentication. */
  url: string
  /** Sent as a bearer token; takes precedence over a user and password in `url`. */
  token?: string | undefined
  /** Whose lines, sent as `X-Scope-OrgID`: Loki with `auth_enabled` refuses queries without it. */
  tenant?: string | undefined
  /** Time limit of one query, ms. */
  timeoutMs?: number
  /** Size limit of one response, bytes. */
  maxBytes?: number
  fetch?: typeof globalThis.fetch
}

export type LogLine = { at: number; text: string; labels: Record<string, string> }

/** LogQL over a range, epoch ms, the newest so many lines. */
export type LogQuery = {
  query: string
  from: number
  to: number
  limit: number /** The oldest instead. */
  forward?: boolean
}

export type LokiClient = {
  /** The newest lines of a log query, oldest first. @throws Permanent for a query that is wrong or forbidden. */
  lines(query: LogQuery, signal?: AbortSignal): Promise<LogLine[]>
  /** The names of the labels of the last hours. @throws as `lines` does. */
  labels(signal?: AbortSignal): Promise<string[]>
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

/** Without any lines Loki leaves the list out. */
const LabelNames = z.object({ status: z.literal('success'), data: z.array(z.string()).default([]) })

/** A client for the part of Loki's HTTP API that Muster needs. It never retries. */
export const createLokiClient = ({
  url,
  token,
  tenant,
  timeoutMs = 5_000,
  maxBytes = 4 * 1024 * 1024,
  fetch = globalThis.fetch,
}: LokiOptions): LokiClient => {
  const http = createHttpClient({
    name: 'Loki',
    url,
    token,
    timeoutMs,
    maxBytes,
    fetch,
    headers: tenant === undefined ? {} : { 'x-scope-orgid': tenant },
  })
  const get = async (path: string, query: Record<string, string>, signal?: AbortSignal) => {
    const response = await http.request(path, { query, signal })
    // Loki: 400 with what is wrong with the query as plain text.
    if (response.status === 400) throw new Permanent(`Loki refused the query: ${response.text.trim().slice(0, 200)}`)
    // Loki: 401 "no org id" when it holds the lines of several tenants.
    const hint = /no org id/i.test(response.text) ? 'Set LOKI_TENANT.' : 'Check LOKI_TOKEN and LOKI_TENANT.'
    return expectOk(response, { name: 'Loki', hint })
  }

  return {
    async lines({ query, from, to, limit, forward = false }, signal) {
      const response = await get(
        '/loki/api/v1/query_range',
        {
          query,
          // Nanoseconds: Loki guesses the unit of shorter numbers.
          start: `${from}000000`,
          end: `${to}000000`,
          limit: String(limit),
          direction: forward ? 'forward' : 'backward',
        },
        signal,
      )
      const answer = Answer.safeParse(response.json())
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
    async labels(signal) {
      const answer = LabelNames.safeParse((await get('/loki/api/v1/labels', {}, signal)).json())
      if (!answer.success) throw new Permanent('Loki answered with something that is not a list of labels.')
      return answer.data.data
    },
  }
}
