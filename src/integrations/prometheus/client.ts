import type { Series } from '../../incident/evidence.ts'
import { createHttpClient, HttpError } from '../../platform/http-client.ts'
import { type Instant, readMatrix, readNames, readVector } from './answer.ts'
import { PrometheusError } from './errors.ts'
import { gridFor, onGrid } from './grid.ts'

export type PrometheusOptions = {
  /** The API's address, with a path prefix if there is one: `http://prometheus:9090`. */
  url: string
  /** Sent as a bearer token. A user and password in `url` are sent as basic authentication instead. */
  token?: string | undefined
  /** Mimir, Cortex, Thanos: whose metrics, sent as `X-Scope-OrgID`. */
  tenant?: string | undefined
  /** Time limit of one query, ms. */
  timeoutMs?: number
  /** Size limit of one response, bytes. */
  maxBytes?: number
  /** Series of one response that are used. */
  maxSeries?: number
  fetch?: typeof globalThis.fetch
}

/** PromQL over a range, epoch ms, with about this many points. */
export type RangeQuery = { query: string; from: number; to: number; points?: number }

/** The series of a range query on an even grid of `step` ms, gaps as nulls, with notes for the reader. */
export type RangeAnswer = {
  series: { labels: Record<string, string>; points: Series['points'] }[]
  notes: string[]
  step: number
}

/** Every method throws `PrometheusError` and nothing else, also when `signal` aborts. */
export type PrometheusClient = {
  queryRange(query: RangeQuery, signal?: AbortSignal): Promise<RangeAnswer>
  /** The values of a query at one instant, epoch ms. */
  queryInstant(query: string, at: number, signal?: AbortSignal): Promise<Instant[]>
  /** The values of a label (`__name__` for the metrics there are) of series seen between two instants, epoch ms. */
  labelValues(label: string, range: { from: number; to: number }, signal?: AbortSignal): Promise<string[]>
  /** Prometheus's own page for the same query and range. */
  graphUrl(query: RangeQuery): string
}

/** A client for the part of Prometheus's HTTP API that Muster needs. It never retries; its callers decide that. */
export const createPrometheusClient = ({
  url,
  token,
  tenant,
  timeoutMs = 5_000,
  maxBytes = 8 * 1024 * 1024,
  maxSeries = 1000,
  fetch = globalThis.fetch,
}: PrometheusOptions): PrometheusClient => {
  const http = createHttpClient({
    name: 'Prometheus',
    url,
    token,
    timeoutMs,
    maxBytes,
    fetch,
    headers: tenant === undefined ? {} : { 'x-scope-orgid': tenant },
  })

  /** One request. A form is sent as POST, because a long query does not fit into a URL. */
  const request = async <Result>(
    path: string,
    { form, query }: { form?: Record<string, string>; query?: Record<string, string> },
    parse: (status: number, body: string) => Result,
    signal?: AbortSignal,
  ): Promise<Result> => {
    // Prometheus aborts the query at our own time limit.
    const body = form && new URLSearchParams({ ...form, timeout: `${timeoutMs}ms` })
    const { status, text } = await http
      .request(path, { method: form ? 'POST' : 'GET', ...(query && { query }), ...(body && { body }), signal })
      .catch((error: unknown) => {
        throw error instanceof HttpError ? prometheusErrorOf(error) : error
      })
    return parse(status, text)
  }
  const seconds = (ms: number) => String(ms / 1000)

  return {
    async queryRange({ query, from, to, points }, signal) {
      const grid = gridFor(from, to, points)
      const { start, end, step } = grid
      // Prometheus 3 applies it; older versions ignore it.
      const form = { query, start: seconds(start), end: seconds(end), step: seconds(step), limit: String(maxSeries) }
      const { lines, notes } = await request('/api/v1/query_range', { form }, readMatrix, signal)
      // On the grid a series of one sample has every point: without a limit, a small response could fill the memory.
      const kept = lines.slice(0, maxSeries)
      const series = kept.map(({ labels, samples }) => ({ labels, points: onGrid(samples, grid) }))
      const cut = kept.length < lines.length ? [`${lines.length} series; only the first ${maxSeries} were used.`] : []
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
    graphUrl: (query) => graphUrl(http.base, query),
  }
}

/** `/graph` is known to every version; Prometheus 3 forwards it to its new page. */
export const graphUrl = (base: string, { query, from, to }: RangeQuery): string => {
  const end = new Date(to).toISOString().slice(0, 19).replace('T', ' ')
  const range = `${Math.max(1, Math.round((to - from) / 1000))}s`
  const params = new URLSearchParams({ 'g0.expr': query, 'g0.tab': '0', 'g0.range_input': range, 'g0.end_input': end })
  return `${base}/graph?${params}`
}

/** Maps the HTTP client's error to ours, with what to do about it. */
const prometheusErrorOf = (error: HttpError): PrometheusError => {
  const { message } = error
  switch (error.kind) {
    case 'aborted':
      return new PrometheusError('cancelled', 'Prometheus did not answer in time.', { cause: error })
    case 'timeout':
      return new PrometheusError('timeout', message, { cause: error })
    case 'too_large':
      return new PrometheusError('too_large', `${message} Narrow the query with \`sum by\` or \`topk\`.`, {
        cause: error,
      })
    case 'redirect':
    case 'not_json':
      return new PrometheusError('unreadable', `${message} PROMETHEUS_URL is the setting.`, { cause: error })
    case 'unreachable':
    case 'cut_off':
      return new PrometheusError('unreachable', message, { cause: error })
    default:
      return error.kind satisfies never
  }
}
