import { type Family, p90Of, percentFailed, rateOf } from './family.ts'

const requests = 'istio_requests_total'
const duration = 'istio_request_duration_milliseconds_bucket'

/** Istio's standard metrics, as the server's side reports them: https://istio.io/latest/docs/reference/config/metrics/ */
export const istio: Family = {
  name: 'Istio',
  kind: 'requests',
  sign: requests,
  only: 'reporter="destination"',
  labels: ['destination_canonical_service', 'destination_service_name', 'destination_workload', 'destination_app'],
  signals: [
    { title: 'Requests', kind: 'traffic', worse: 'either', unit: 'req/s', needs: [requests], query: rateOf(requests) },
    {
      title: 'Failed requests',
      kind: 'errors',
      unit: '%',
      needs: [requests],
      // 0 is a connection that ended before there was a response.
      query: percentFailed(rateOf(requests, 'response_code=~"5..|0"'), rateOf(requests)),
    },
    { title: 'P90 latency', kind: 'latency', unit: 's', needs: [duration], query: p90Of(duration, { inMs: true }) },
  ],
}
