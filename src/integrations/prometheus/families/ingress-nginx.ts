import { type Family, p90Of, percentFailed, rateOf } from './family.ts'

const requests = 'nginx_ingress_controller_requests'
const duration = 'nginx_ingress_controller_request_duration_seconds_bucket'

/** https://kubernetes.github.io/ingress-nginx/user-guide/monitoring/: the scrape may rename the backend's labels. */
export const ingressNginx: Family = {
  name: 'ingress-nginx',
  kind: 'requests',
  sign: requests,
  labels: ['exported_service', 'service', 'ingress'],
  signals: [
    { title: 'Requests', kind: 'traffic', worse: 'either', unit: 'req/s', needs: [requests], query: rateOf(requests) },
    {
      title: 'Failed requests',
      kind: 'errors',
      unit: '%',
      needs: [requests],
      query: percentFailed(rateOf(requests, 'status=~"5.."'), rateOf(requests)),
    },
    { title: 'P90 latency', kind: 'latency', unit: 's', needs: [duration], query: p90Of(duration) },
  ],
}
