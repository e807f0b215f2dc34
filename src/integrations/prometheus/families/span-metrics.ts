import { type Family, p90Of, percentFailed, rateOf } from './family.ts'

type Names = { name: string; calls: string; durations: string; inMs: boolean }

/** Metrics made of spans; each maker names them in its own way. */
const spanMetrics = ({ name, calls, durations, inMs }: Names): Family => ({
  name,
  kind: 'requests',
  sign: calls,
  only: 'span_kind=~"SPAN_KIND_SERVER|SPAN_KIND_CONSUMER"',
  labels: ['service_name', 'service', 'job'],
  signals: [
    { title: 'Requests', kind: 'traffic', worse: 'either', unit: 'req/s', needs: [calls], query: rateOf(calls) },
    {
      title: 'Failed requests',
      kind: 'errors',
      unit: '%',
      needs: [calls],
      query: percentFailed(rateOf(calls, 'status_code="STATUS_CODE_ERROR"'), rateOf(calls)),
    },
    { title: 'P90 latency', kind: 'latency', unit: 's', needs: [durations], query: p90Of(durations, { inMs }) },
  ],
})

/** Tempo's metrics generator, and the collector's span metrics connector under its new and its old names. */
export const spanMetricsFamilies: readonly Family[] = [
  spanMetrics({
    name: 'Tempo span metrics',
    calls: 'traces_spanmetrics_calls_total',
    durations: 'traces_spanmetrics_latency_bucket',
    inMs: false,
  }),
  spanMetrics({
    name: 'OpenTelemetry span metrics',
    calls: 'traces_span_metrics_calls_total',
    durations: 'traces_span_metrics_duration_milliseconds_bucket',
    inMs: true,
  }),
  spanMetrics({
    name: 'OpenTelemetry span metrics',
    calls: 'calls_total',
    durations: 'duration_milliseconds_bucket',
    inMs: true,
  }),
]
