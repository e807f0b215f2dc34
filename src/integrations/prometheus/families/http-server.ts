import { type Family, type FamilySignal, meanOf, p90Of, percentFailed, rateOf, SCRAPED, type Scope } from './family.ts'

type Names = {
  name: string
  /** A counter of requests. */
  requests: string
  /** A histogram of durations, without `_bucket`. */
  durations: string
  inMs?: boolean
  /** Matchers of a failed request: one a label that may hold the status. */
  failed: readonly string[]
  labels?: readonly string[]
}

/** What an instrumented HTTP or gRPC server counts about itself. */
const server = ({ name, requests, durations, inMs = false, failed, labels = SCRAPED }: Names): Family => {
  const latency: Omit<FamilySignal, 'title' | 'needs' | 'query'> = { kind: 'latency', unit: 's' }
  return {
    name,
    kind: 'requests',
    sign: requests,
    labels,
    signals: [
      {
        title: 'Requests',
        kind: 'traffic',
        worse: 'either',
        unit: 'req/s',
        needs: [requests],
        query: rateOf(requests),
      },
      {
        title: 'Failed requests',
        kind: 'errors',
        unit: '%',
        needs: [requests],
        query: percentFailed(anyOf(requests, failed), rateOf(requests)),
      },
      {
        ...latency,
        title: 'P90 latency',
        needs: [`${durations}_bucket`],
        query: p90Of(`${durations}_bucket`, { inMs }),
      },
      // Micrometer's timers have no buckets unless configured; the mean is then still informative.
      {
        ...latency,
        title: 'Mean latency',
        needs: [`${durations}_sum`, `${durations}_count`],
        query: meanOf(durations, { inMs }),
      },
    ],
  }
}

/** Series that any of the matchers selects: which label holds the status differs from library to library. */
const anyOf =
  (metric: string, matchers: readonly string[]) =>
  ({ by, in: selector, range }: Scope): string =>
    `sum by (${by}) (${matchers.map((one) => `rate(${metric}${selector(one)}[${range}])`).join(' or ')})`

/** OpenTelemetry's semantic conventions for HTTP servers, stable and before that. */
const SEMCONV = ['service_name', 'exported_job', ...SCRAPED]

export const httpServerFamilies: readonly Family[] = [
  server({
    name: 'HTTP requests',
    requests: 'http_requests_total',
    durations: 'http_request_duration_seconds',
    // prom-client and Go call it code, Python's instrumentators status ("5xx" where grouped), others status_code.
    failed: ['code=~"5.."', 'status=~"5.."', 'status_code=~"5.."'],
  }),
  server({
    name: 'Micrometer',
    requests: 'http_server_requests_seconds_count',
    durations: 'http_server_requests_seconds',
    failed: ['status=~"5.."'],
    labels: ['application', ...SCRAPED],
  }),
  server({
    name: 'OpenTelemetry HTTP servers',
    requests: 'http_server_request_duration_seconds_count',
    durations: 'http_server_request_duration_seconds',
    failed: ['http_response_status_code=~"5.."'],
    labels: SEMCONV,
  }),
  server({
    name: 'OpenTelemetry HTTP servers (before 1.23)',
    requests: 'http_server_duration_milliseconds_count',
    durations: 'http_server_duration_milliseconds',
    inMs: true,
    failed: ['http_status_code=~"5.."'],
    labels: SEMCONV,
  }),
  server({
    name: 'HTTP durations',
    requests: 'http_request_duration_seconds_count',
    durations: 'http_request_duration_seconds',
    failed: ['code=~"5.."', 'status=~"5.."', 'status_code=~"5.."'],
  }),
  server({
    name: 'Flask',
    requests: 'flask_http_request_total',
    durations: 'flask_http_request_duration_seconds',
    failed: ['status=~"5.."'],
  }),
  server({
    name: 'gRPC servers',
    requests: 'grpc_server_handled_total',
    durations: 'grpc_server_handling_seconds',
    failed: ['grpc_code=~"Unknown|Internal|Unavailable|DeadlineExceeded|DataLoss|ResourceExhausted"'],
  }),
]
