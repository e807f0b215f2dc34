import { oneOf } from '../service-labels.ts'
import type { Convention } from './convention.ts'

const BY = 'deployment, namespace, dst_deployment, dst_namespace'

/** Requests as Linkerd's proxies count them on their way out. https://linkerd.io/2/reference/proxy-metrics/ */
export const linkerd: Convention = {
  name: 'Linkerd',
  callOf: ({ deployment, namespace, dst_deployment, dst_namespace }) =>
    deployment && dst_deployment
      ? {
          client: { name: deployment, namespace },
          server: { name: dst_deployment, namespace: dst_namespace },
          side: 'client',
        }
      : undefined,
  queries: ({ names, window, among }) => {
    if (!names.has('response_total')) return undefined
    const scope = among ? `,${oneOf('deployment', among)},${oneOf('dst_deployment', among)}` : ''
    const where = `direction="outbound",dst_deployment!=""${scope}`
    return [
      { measure: 'rate', query: `sum by (${BY}) (rate(response_total{${where}}[${window}]))` },
      {
        measure: 'failed',
        query: `sum by (${BY}) (rate(response_total{${where},classification="failure"}[${window}]))`,
      },
      ...(names.has('response_latency_ms_bucket')
        ? [
            {
              measure: 'latency' as const,
              toMs: 1,
              query: `histogram_quantile(0.9, sum by (le, ${BY}) (rate(response_latency_ms_bucket{${where}}[${window}])))`,
            },
          ]
        : []),
    ]
  },
}
