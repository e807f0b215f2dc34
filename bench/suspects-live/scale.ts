import { createPrometheusClient, type PrometheusClient } from '../../src/integrations/prometheus/client.ts'
import { createMetricNames } from '../../src/integrations/prometheus/metric-names.ts'
import { prometheusSuspects } from '../../src/integrations/prometheus/suspects.ts'
import { MOST_SERIES } from '../../src/integrations/prometheus/suspects-ask.ts'
import { conventionsOf } from '../../src/integrations/prometheus/topology/conventions.ts'
import { rankSuspects } from '../../src/suspects/rank.ts'
import { startPrometheus } from '../../test/real/prometheus.ts'
import { counted, type LoadedSeries, openMetricsOf } from './samples.ts'

const START = Date.UTC(2026, 0, 10)
const STEP_SECONDS = 30
/** An hour and ten minutes. */
const POINTS = 140
const BOUNDS = [0.05, 0.1, 0.25, 0.5, 1, 2.5]

/** A shop of this many services, each calling three others, one of which is slow at the end. */
const shop = (services: number): LoadedSeries[] => {
  const steady = (value: number) => counted(new Array<number>(POINTS).fill(value), STEP_SECONDS)
  const name = (i: number) => `service-${String(i % services).padStart(4, '0')}`
  return Array.from({ length: services }, (_, i): LoadedSeries[] => {
    const labels = { service: name(i), job: name(i) }
    const slow = i === services - 1
    const share = (bound: number, point: number) =>
      slow && point > POINTS - 12 ? Math.min(1, bound / 3) : Math.min(1, bound / 0.2)
    const calls = [1, 2, 3].map((step) => i * 3 + step).filter((j) => j < services)
    return [
      { name: 'up', labels: { job: name(i) }, values: new Array<number>(POINTS).fill(1) },
      { name: 'http_requests_total', labels: { ...labels, code: '200' }, values: steady(20) },
      ...[...BOUNDS.map(String), '+Inf'].map((le, b) => ({
        name: 'http_request_duration_seconds_bucket',
        labels: { ...labels, le },
        values: counted(
          Array.from(
            { length: POINTS },
            (_, point) => 20 * (BOUNDS[b] === undefined ? 1 : share(BOUNDS[b] as number, point)),
          ),
          STEP_SECONDS,
        ),
      })),
      ...calls.map((j) => ({
        name: 'istio_requests_total',
        labels: {
          reporter: 'source',
          source_workload: name(i),
          source_workload_namespace: 'shop',
          response_code: '200',
          destination_workload: name(j),
          destination_service_name: name(j),
          destination_service_namespace: 'shop',
        },
        values: steady(6),
      })),
    ]
  }).flat()
}

export type Scaled = { services: number; seconds: number; prometheusSeconds: number; queried: number; lookedAt: number }

/** Seconds to an answer with 10, 100 and 1,000 services, and the longest that Prometheus alone was busy with the same queries. */
export const scale = async (sizes: readonly number[] = [10, 100, 1_000]): Promise<Scaled[]> => {
  const results: Scaled[] = []
  for (const services of sizes) {
    const prometheus = await startPrometheus({
      openmetrics: openMetricsOf(shop(services), { start: START, stepSeconds: STEP_SECONDS }),
    })
    try {
      const now = START + (POINTS - 1) * STEP_SECONDS * 1000
      const plain = createPrometheusClient({ url: prometheus.url, timeoutMs: 30_000, maxSeries: MOST_SERIES })
      const spent: (() => Promise<unknown>)[] = []
      // The same queries again afterwards, one after the other: Prometheus's own time, and nothing of ours.
      const client: PrometheusClient = {
        ...plain,
        queryRange: (query, signal) => {
          spent.push(() => plain.queryRange(query))
          return plain.queryRange(query, signal)
        },
        queryInstant: (query, at, signal) => {
          spent.push(() => plain.queryInstant(query, at))
          return plain.queryInstant(query, at, signal)
        },
      }
      const reader = prometheusSuspects({
        client,
        names: createMetricNames({ client, now: () => now }),
        catalogue: new Map(),
        conventions: conventionsOf(),
      })
      const begun = performance.now()
      const reading = await reader.read(
        { service: 'service-0000', signal: 'latency', firedAt: now - 300_000, now, changes: [] },
        AbortSignal.timeout(120_000),
      )
      rankSuspects(reading.input)
      const seconds = (performance.now() - begun) / 1000
      const alone = performance.now()
      for (const again of spent) await again()
      const prometheusSeconds = (performance.now() - alone) / 1000
      results.push({ services, seconds, prometheusSeconds, queried: reading.queried, lookedAt: reading.services })
    } finally {
      await prometheus.stop()
    }
  }
  return results
}
