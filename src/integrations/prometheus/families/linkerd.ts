import { type Family, p90Of, percentFailed, rateOf } from './family.ts'

const responses = 'response_total'
const latency = 'response_latency_ms_bucket'

/** Linkerd's proxy metrics, inbound: https://linkerd.io/2/reference/proxy-metrics/ */
export const linkerd: Family = {
  name: 'Linkerd',
  kind: 'requests',
  sign: responses,
  only: 'direction="inbound"',
  labels: ['deployment', 'statefulset', 'daemonset', 'app'],
  signals: [
    {
      title: 'Requests',
      kind: 'traffic',
      worse: 'either',
      unit: 'req/s',
      needs: [responses],
      query: rateOf(responses),
    },
    {
      title: 'Failed requests',
      kind: 'errors',
      unit: '%',
      needs: [responses],
      query: percentFailed(rateOf(responses, 'classification="failure"'), rateOf(responses)),
    },
    { title: 'P90 latency', kind: 'latency', unit: 's', needs: [latency], query: p90Of(latency, { inMs: true }) },
  ],
}
