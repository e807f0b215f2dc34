import type { PeerKind } from '../../../topology/call.ts'
import { groupingOf, isAddress, peersOf } from '../service-labels.ts'
import type { CallQuery, CallScope, Convention } from './convention.ts'

/** One kind of metric that a client keeps of its own calls. */
export type ClientMetric = {
  /** As people call it. */
  name: string
  /** The histogram without `_bucket` and `_count`. The first that exists is used. */
  histograms: readonly string[]
  /** Counters of calls, for clients that keep no histogram. */
  counters?: readonly string[]
  /** Matcher for failed calls, without braces; those of labels that a series does not have match nothing. */
  failed: readonly string[]
  /** Labels that name the service called, the most telling first. */
  server: readonly string[]
  kind?: PeerKind
}

const FAILED_HTTP = [
  'http_response_status_code=~"5.."',
  'error_type!=""',
  'http_status_code=~"5.."',
  'status_code=~"5.."',
  'status=~"5.."',
  'code=~"5.."',
]

/**
 * What OpenTelemetry's semantic conventions name them in Prometheus, and what teams that write their own usually do.
 * https://opentelemetry.io/docs/specs/semconv/http/http-metrics/ , /database/database-metrics/ , /messaging/messaging-metrics/
 */
export const CLIENT_METRICS: readonly ClientMetric[] = [
  {
    name: 'HTTP client metrics',
    histograms: [
      'http_client_request_duration_seconds',
      'http_client_duration_milliseconds',
      'http_client_requests_seconds',
      'http_outgoing_request_duration_seconds',
    ],
    counters: ['http_client_requests_total', 'http_outgoing_requests_total'],
    failed: FAILED_HTTP,
    server: [
      'peer_service',
      'server_address',
      'upstream',
      'target',
      'destination',
      'remote',
      'peer',
      'host',
      'net_peer_name',
      'client_name',
    ],
  },
  {
    name: 'database client metrics',
    histograms: [
      'db_client_operation_duration_seconds',
      'db_client_duration_seconds',
      'db_query_duration_seconds',
      'db_request_duration_seconds',
    ],
    counters: ['db_queries_total'],
    failed: ['error_type!=""', 'error="true"', 'status="error"', 'outcome="error"', 'result="error"'],
    server: [
      'peer_service',
      'server_address',
      'target',
      'upstream',
      'db_host',
      'database',
      'db_namespace',
      'db',
      'db_name',
      'db_system_name',
      'db_system',
    ],
    kind: 'database',
  },
  {
    name: 'messaging client metrics',
    histograms: ['messaging_client_operation_duration_seconds', 'messaging_publish_duration_seconds'],
    counters: ['messaging_client_sent_messages_total', 'messaging_publish_messages_total'],
    failed: ['error_type!=""'],
    server: ['peer_service', 'server_address', 'messaging_system'],
    kind: 'messaging',
  },
]

/** Calls as their clients measure them; the service that exposes the series is the caller. */
export const clientMetrics = (metric: ClientMetric, clientLabels: readonly string[]): Convention => {
  const by = `${groupingOf(clientLabels)}, ${metric.server.join(', ')}`
  return {
    name: metric.name,
    callOf: (labels) => {
      const client = peersOf(labels, clientLabels)[0]
      const named = metric.server.flatMap((label) => labels[label] || [])
      const server = named.find((name) => !isAddress(name)) ?? named[0]
      if (!client || !server) return undefined
      return { client, server: { name: server }, side: 'client', serverKind: metric.kind }
    },
    queries: (scope) => queriesOf(metric, by, scope),
  }
}

const queriesOf = (metric: ClientMetric, by: string, { names, window }: CallScope): CallQuery[] | undefined => {
  const histogram = metric.histograms.find((name) => names.has(`${name}_count`) || names.has(`${name}_bucket`))
  const counter = histogram ? `${histogram}_count` : metric.counters?.find((name) => names.has(name))
  if (!counter) return undefined
  const rate = (where: string) => `sum by (${by}) (rate(${counter}{${where}}[${window}]))`
  return [
    { measure: 'rate', query: rate('') },
    // A label may be missing where the client is another library: each finds its own, none counts twice.
    ...(metric.failed.length > 0 ? [{ measure: 'failed' as const, query: metric.failed.map(rate).join(' or ') }] : []),
    ...(histogram && names.has(`${histogram}_bucket`)
      ? [
          {
            measure: 'latency' as const,
            toMs: histogram.includes('milliseconds') ? 1 : 1000,
            query: `histogram_quantile(0.9, sum by (le, ${by}) (rate(${histogram}_bucket[${window}])))`,
          },
        ]
      : []),
  ]
}
