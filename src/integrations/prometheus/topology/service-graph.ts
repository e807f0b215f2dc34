import type { PeerKind } from '../../../topology/call.ts'
import { oneOf } from '../service-labels.ts'
import { type CallQuery, type Convention, firstOf } from './convention.ts'

const BY = 'client, server, connection_type'

const KINDS: Record<string, PeerKind> = {
  database: 'database',
  messaging_system: 'messaging',
  virtual_node: 'external',
}

/**
 * The service graph that Tempo's metrics generator and the OpenTelemetry Collector's connector derive from traces. An
 * exporter's namespace may precede every name: `prefix`.
 */
export const serviceGraph = (prefix = ''): Convention => {
  const metric = (name: string) => `${prefix}traces_service_graph_request_${name}`
  return {
    name: 'service graph',
    callOf: ({ client, server, connection_type = '' }) => {
      // Both are the connector's own words for "outside".
      if (!client || !server || client === 'user') return undefined
      return { client: { name: client }, server: { name: server }, side: 'client', serverKind: KINDS[connection_type] }
    },
    queries: ({ names, window, among }) => {
      const total = metric('total')
      if (!names.has(total)) return undefined
      const where = among ? `${oneOf('client', among)},${oneOf('server', among)}` : ''
      const failed = metric('failed_total')
      // Newer connectors leave the unit to the exporter, which may or may not add it.
      const client = firstOf(names, [metric('client_seconds_bucket'), metric('client_bucket')])
      const server = firstOf(names, [metric('server_seconds_bucket'), metric('server_bucket')])
      const p90 = (bucket: string, side: 'client' | 'server'): CallQuery => ({
        measure: 'latency',
        side,
        toMs: 1000,
        query: `histogram_quantile(0.9, sum by (le, ${BY}) (rate(${bucket}{${where}}[${window}])))`,
      })
      return [
        { measure: 'rate', query: `sum by (${BY}) (rate(${total}{${where}}[${window}]))` },
        ...(names.has(failed)
          ? [{ measure: 'failed' as const, query: `sum by (${BY}) (rate(${failed}{${where}}[${window}]))` }]
          : []),
        ...(client ? [p90(client, 'client')] : []),
        ...(server ? [p90(server, 'server')] : []),
      ]
    },
  }
}
