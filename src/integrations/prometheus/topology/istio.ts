import { oneOf } from '../service-labels.ts'
import type { CallLabels, CallScope, Convention } from './convention.ts'

const BY =
  'reporter, source_workload, source_workload_namespace, destination_workload, destination_service_name, destination_service_namespace'

/** Istio: "unknown" is any peer without a sidecar. */
const known = (name: string | undefined) => (name && name !== 'unknown' ? name : undefined)

const among = (wanted: CallScope['among']): string =>
  wanted ? `,${oneOf('source_workload', wanted)},${oneOf('destination_service_name', wanted)}` : ''

const callOf = (labels: Record<string, string>): CallLabels | undefined => {
  const server = known(labels.destination_service_name) ?? known(labels.destination_workload)
  if (!server) return undefined
  return {
    client: { name: labels.source_workload || 'unknown', namespace: labels.source_workload_namespace },
    server: { name: server, namespace: labels.destination_service_namespace },
    // The mesh knows no workload behind the address: only the client's sidecar reports the calls.
    ...(known(labels.destination_workload) ? {} : { serverKind: 'external' as const }),
    side: labels.reporter === 'destination' ? 'server' : 'client',
  }
}

/**
 * Requests as Istio's sidecars count them, at both ends.
 * Istio: https://istio.io/latest/docs/reference/config/metrics/ ; response code 0 is a connection that was cut.
 */
export const istio: Convention = {
  name: 'Istio',
  callOf,
  queries: ({ names, window, among: wanted }) => {
    if (!names.has('istio_requests_total')) return undefined
    const where = `reporter=~"source|destination"${among(wanted)}`
    const failed = `istio_requests_total{${where},response_code=~"5..|0"}`
    return [
      { measure: 'rate', query: `sum by (${BY}) (rate(istio_requests_total{${where}}[${window}]))` },
      { measure: 'failed', query: `sum by (${BY}) (rate(${failed}[${window}]))` },
      ...(names.has('istio_request_duration_milliseconds_bucket')
        ? [
            {
              measure: 'latency' as const,
              toMs: 1,
              query: `histogram_quantile(0.9, sum by (le, ${BY}) (rate(istio_request_duration_milliseconds_bucket{${where}}[${window}])))`,
            },
          ]
        : []),
    ]
  },
}

/** Connections through the mesh that are not HTTP: databases, caches and brokers. Who calls whom, and no figures. */
export const istioTcp: Convention = {
  name: 'Istio TCP',
  callOf,
  queries: ({ names, window, among: wanted }) => {
    if (!names.has('istio_tcp_sent_bytes_total')) return undefined
    const where = `reporter=~"source|destination"${among(wanted)}`
    return [{ measure: 'presence', query: `sum by (${BY}) (rate(istio_tcp_sent_bytes_total{${where}}[${window}]))` }]
  },
}
