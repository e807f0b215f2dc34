import type { Series } from '../../incident/evidence.ts'
import { type Instant, readMatrix, readNames, readVector } from './answer.ts'
import { PrometheusError } from './errors.ts'
import { gridFor, onGrid } from './grid.ts'

export type PrometheusOptions = {
  /** Where the API is, with the path prefix if there is one: `http://prometheus:9090`. */
  url: string
  /** Sent as a bearer token. A user and password in `url` are sent as basic authentication instead. */
  token?: string | undefined
  /** How long one query may take, in ms. */
  timeoutMs?: number
  /** The most bytes of one answer that are read. */
  maxBytes?: number
  /** The most series of one answer that are looked at. */
  maxSeries?: number
  fetch?: typeof globalThis.fetch
}

/** What to ask for: PromQL over a range, epoch ms, in about so many points. */
export type RangeQuery = { query: string; from: number; to: number; points?: number }

/** The lines of a range query on an even grid of `step` ms, gaps as nulls, and what their reader must know. */
export type RangeAnswer = {
  series: { labels: Record<string, string>; points: Series['points'] }[]
  notes: string[]
  step: number
}

/** What Muster asks of Prometheus. Every method throws `PrometheusError` and nothing else, also when `signal` ends it. */
export type PrometheusClient = {
  queryRange(query: RangeQuery, signal?: AbortSignal): Promise<RangeAnswer>
  /** The values of a query at one instant, epoch ms. */
  queryInstant(query: string, at: number, signal?: AbortSignal): Promise<Instant[]>
  /** The values of a label (`__name__` for the metrics there are) of series seen between two instants, epoch ms. */
  labelValues(label: string, range: { from: number; to: number }, signal?: AbortSignal): Promise<string[]>
  /** Prometheus's own page for the same query and range. */
  graphUrl(query: RangeQuery): string
}

/** A client for the part of Prometheus's HTTP API that Muster needs. It never retries: that is for its callers to decide. */
export const createPrometheusClient = ({
  url,
  token,
  timeoutMs = 5_000,
  maxBytes = 8 * 1024 * 1024,
  maxSeries = 1000,
  fetch = globalThis.fetch,
}: PrometheusOptions): PrometheusClient => {
  const { base, authorization } = addressOf(url, token)

  /** One request. A form goes as POST, because a long query does not fit into a URL. */
  const request = async <Read>(
    path: string,
    { form, query = {} }: { form?: Record<string, string>; query?: Record<string, string> },
    read: (status: number, body: string) => Read,
    signal?: AbortSignal,
  ): Promise<Read> => {
    const limit = AbortSignal.timeout(timeoutMs)
    const search = new URLSearchParams(query).toString()
    try {
      const response = await fetch(`${base}${path}${search && `?${search}`}`, {
        method: form ? 'POST' : 'GET',
        headers: { accept: 'application/json', ...(authorization && { authorization }) },
        // Prometheus, too, stops working once we have gone.
        ...(form && { body: new URLSearchParams({ ...form, timeout: `${timeoutMs}ms` }) }),
        // fetch turns a redirected POST into a GET without its query; the answer to that would say nothing.
        redirect: 'manual',
        signal: signal ? AbortSignal.any([signal, limit]) : limit,
      })
      return read(response.status, await textOf(response, maxBytes))
    } catch (error) {
      if (error instanceof PrometheusError) throw error
      if (limit.aborted || signal?.aborted) throw late(limit.aborted ? timeoutMs : undefined, error)
      throw new PrometheusError('unreachable', `Prometheus could not be reached (${causeOf(error)}).`, { cause: error })
    }
  }
  const seconds = (ms: number) => String(ms / 1000)

  return {
    async queryRange({ query, from, to, points }, signal) {
      const grid = gridFor(from, to, points)
      const { start, end, step } = grid
      // Kept by Prometheus 3; older ones ignore it.
      const form = { query, start: seconds(start), end: seconds(end), step: seconds(step), limit: String(maxSeries) }
      const { lines, notes } = await request('/api/v1/query_range', { form }, readMatrix, signal)
      // On the grid even a line of one sample has every point: without a limit, a small answer could fill the memory.
      const kept = lines.slice(0, maxSeries)
      const series = kept.map(({ labels, samples }) => ({ labels, points: onGrid(samples, grid) }))
      const cut =
        kept.length < lines.length ? [`${lines.length} series; only the first ${maxSeries} were looked at.`] : []
      return { series, notes: [...cut, ...notes], step: grid.step }
    },
    async queryInstant(query, at, signal) {
      const form = { query, time: seconds(at), limit: String(maxSeries) }
      return (await request('/api/v1/query', { form }, readVector, signal)).slice(0, maxSeries)
    },
    labelValues: (label, { from, to }, signal) =>
      request(
        `/api/v1/label/${encodeURIComponent(label)}/values`,
        { query: { start: seconds(from), end: seconds(to) } },
        readNames,
        signal,
      ),
    graphUrl: (query) => graphUrl(base, query),
  }
}

/** `/graph` is known to every version; Prometheus 3 forwards it to its new page. */
export const graphUrl = (base: string, { query, from, to }: RangeQuery): string => {
  const end = new Date(to).toISOString().slice(0, 19).replace('T', ' ')
  const range = `${Math.max(1, Math.round((to - from) / 1000))}s`
  const asked = new URLSearchParams({ 'g0.expr': query, 'g0.tab': '0', 'g0.range_input': range, 'g0.end_input': end })
  return `${base}/graph?${asked}`
}

/** fetch refuses a URL with a password in it, and a link must not carry one. */
const addressOf = (url: string, token: string | undefined) => {
  const address = new URL(url)
  const login = `${decodeURIComponent(address.username)}:${decodeURIComponent(address.password)}`
  const basic = address.username && `Basic ${Buffer.from(login).toString('base64')}`
  const base = `${address.origin}${address.pathname.replace(/\/+$/, '')}`
  return { base, authorization: token ? `Bearer ${token}` : basic || undefined }
}

/** Reads no further than the limit: an answer can be larger than our memory. */
const textOf = async (response: Response, maxBytes: number): Promise<string> => {
  const chunks: Uint8Array[] = []
  let bytes = 0
  for await (const chunk of response.body ?? []) {
    bytes += chunk.byteLength
    // Throwing ends the loop, and with it the download.
    if (bytes > maxBytes) throw new PrometheusError('too_large', tooLarge(maxBytes))
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}

const tooLarge = (maxBytes: number) =>
  `The answer is larger than ${Math.round(maxBytes / 1024 / 1024)} MiB; ask for fewer series, with \`sum by\` or \`topk\`.`

const late = (timeoutMs: number | undefined, cause: unknown) => {
  const within = timeoutMs === undefined ? 'in time' : `within ${timeoutMs / 1000} s`
  return new PrometheusError('timeout', `Prometheus did not answer ${within}.`, { cause })
}

/** fetch says only "fetch failed"; the reason is in the cause's code. */
const causeOf = (error: unknown): string => {
  const cause = error instanceof Error ? (error.cause ?? error) : error
  if (cause instanceof Error && 'code' in cause && typeof cause.code === 'string') return cause.code
  return cause instanceof Error ? cause.message : String(cause)
}
