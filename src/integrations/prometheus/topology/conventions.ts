import { SERVICE_LABELS } from '../service-labels.ts'
import { CLIENT_METRICS, clientMetrics } from './client-metrics.ts'
import type { Convention } from './convention.ts'
import { databaseUsers } from './database-users.ts'
import { istio, istioTcp } from './istio.ts'
import { linkerd } from './linkerd.ts'
import { serviceGraph } from './service-graph.ts'

export type ConventionSettings = {
  /** Labels that name a service, before the usual ones. */
  serviceLabels?: readonly string[]
  /** The prefix of the service graph's metrics. */
  serviceGraphPrefix?: string
  /** An installation's own metrics of calls: a histogram without its endings, or a counter. */
  clientMetrics?: readonly {
    metric: string
    server: string
    failed?: string | undefined
    kind: 'service' | 'database' | 'messaging'
  }[]
}

/** Every convention, in the order in which their figures are trusted: a mesh counts every request, traces a sample of them. */
export const conventionsOf = ({
  serviceLabels = [],
  serviceGraphPrefix = '',
  clientMetrics: own = [],
}: ConventionSettings = {}): Convention[] => {
  const labels = [...new Set([...serviceLabels, ...SERVICE_LABELS])]
  return [
    istio,
    linkerd,
    ...own.map(({ metric, server, failed, kind }) =>
      clientMetrics(
        {
          name: metric,
          histograms: [metric],
          counters: [metric],
          failed: failed ? [failed] : [],
          server: [server],
          kind,
        },
        labels,
      ),
    ),
    ...CLIENT_METRICS.map((metric) => clientMetrics(metric, labels)),
    serviceGraph(serviceGraphPrefix),
    istioTcp,
    ...databaseUsers(labels),
  ]
}
