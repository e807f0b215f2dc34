import { z } from 'zod'
import { PrometheusError } from './errors.ts'

/** A sample's value is text, so that `NaN` and `+Inf` survive JSON. */
const Sample = z.tuple([z.number(), z.string()])

const Matrix = z.object({
  resultType: z.literal('matrix'),
  result: z.array(
    z.object({
      metric: z.record(z.string(), z.string()),
      values: z.array(Sample).optional(),
      histograms: z.array(z.unknown()).optional(),
    }),
  ),
})

const Remarks = { warnings: z.array(z.string()).optional(), infos: z.array(z.string()).optional() }

const Failed = z.object({ status: z.literal('error'), errorType: z.string().optional(), error: z.string().optional() })

/** The envelope of every response, as Prometheus, Thanos, Mimir and VictoriaMetrics send it, around `data`. */
const envelope = <Data extends z.ZodType>(data: Data) =>
  z.discriminatedUnion('status', [z.object({ status: z.literal('success'), data, ...Remarks }), Failed])

const MatrixAnswer = envelope(Matrix)
const VectorAnswer = envelope(
  z.object({
    resultType: z.literal('vector'),
    result: z.array(z.object({ metric: z.record(z.string(), z.string()), value: Sample.optional() })),
  }),
)
const NamesAnswer = envelope(z.array(z.string()))

/** One series of a response: its labels and its samples, [epoch ms, value], as received. */
export type Line = { labels: Record<string, string>; samples: [number, number | null][] }

/** A successful response: the series, and caveats for the reader. */
export type Lines = { lines: Line[]; notes: string[] }

/** One value of an instant query. */
export type Instant = { labels: Record<string, string>; value: number | null }

type Good<Data> = { data: Data; warnings: string[]; infos: string[] }

const read = <Data extends z.ZodType>(
  schema: ReturnType<typeof envelope<Data>>,
  status: number,
  body: string,
): Good<z.infer<Data>> => {
  const answer = schema.safeParse(parsed(body))
  if (!answer.success) throw strange(status)
  const read = answer.data as ({ status: 'success' } & Partial<Good<z.infer<Data>>>) | z.infer<typeof Failed>
  if (read.status === 'error') throw refusal(status, read.errorType, read.error)
  if (status >= 300) throw strange(status)
  return { data: read.data as z.infer<Data>, warnings: read.warnings ?? [], infos: read.infos ?? [] }
}

/** The values of `/api/v1/query`. @throws PrometheusError */
export const readVector = (status: number, body: string): Instant[] =>
  read(VectorAnswer, status, body).data.result.map(({ metric, value }) => ({
    labels: metric,
    value: value ? numberOf(value[1]) : null,
  }))

/** The names of `/api/v1/label/<name>/values`. @throws PrometheusError */
export const readNames = (status: number, body: string): string[] => read(NamesAnswer, status, body).data

/** The series of `/api/v1/query_range`. @throws PrometheusError that says in one sentence why there is none. */
export const readMatrix = (status: number, body: string): Lines => {
  const { data, warnings, infos } = read(MatrixAnswer, status, body)
  const histograms = data.result.filter((line) => line.histograms?.length && !line.values?.length).length
  return {
    lines: data.result
      .filter((line) => line.values?.length)
      .map(({ metric, values = [] }) => ({
        labels: metric,
        samples: values.map(([seconds, text]) => [Math.round(seconds * 1000), numberOf(text)]),
      })),
    notes: [
      ...warnings.map((text) => `Prometheus warns: ${oneLine(text)}.`),
      ...infos.map((text) => `Prometheus remarks: ${oneLine(text)}.`),
      ...(histograms > 0 ? [`${histograms} native histogram series cannot be drawn; ask for a quantile of them.`] : []),
    ],
  }
}

const parsed = (body: string): unknown => {
  try {
    return JSON.parse(body)
  } catch {
    return undefined
  }
}

/** NaN and infinity are values (zero divided by zero), but not points on a chart. */
const numberOf = (text: string): number | null => {
  const value = text.trim() === '' ? Number.NaN : Number(text)
  return Number.isFinite(value) ? value : null
}

/** Statuses per error type: https://prometheus.io/docs/prometheus/latest/querying/api/ and web/api/v1/api.go */
const refusal = (status: number, type = '', error = ''): PrometheusError => {
  const why = oneLine(error || type || `status ${status}`)
  if (status === 401 || status === 403) return credentials(status)
  if (type === 'timeout' || type === 'canceled') return new PrometheusError('timeout', `Prometheus gave up: ${why}.`)
  if (type === 'bad_data') return new PrometheusError('query', `Prometheus refused the query: ${why}.`)
  if (type === 'execution') return new PrometheusError('query', `Prometheus could not run the query: ${why}.`)
  return new PrometheusError('server', `Prometheus failed: ${why}.`)
}

const strange = (status: number): PrometheusError => {
  if (status === 401 || status === 403) return credentials(status)
  if (status >= 300 && status < 400)
    return new PrometheusError(
      'unreadable',
      `Prometheus's address redirects elsewhere (${status}); check PROMETHEUS_URL.`,
    )
  if (status >= 500 || status === 429)
    return new PrometheusError('server', `Prometheus, or a proxy before it, answered ${status}.`)
  return new PrometheusError(
    'unreadable',
    `What answered (${status}) does not speak like Prometheus; check PROMETHEUS_URL.`,
  )
}

const credentials = (status: number) =>
  new PrometheusError(
    'credentials',
    `Prometheus refused our credentials (${status}); check PROMETHEUS_TOKEN and PROMETHEUS_TENANT.`,
  )

/** External text in our sentence: one line, bounded, without a full stop of its own. */
const oneLine = (text: string): string => {
  const line = text.replace(/\s+/g, ' ').trim().replace(/\.$/, '')
  return line.length > 200 ? `${line.slice(0, 199)}…` : line
}
