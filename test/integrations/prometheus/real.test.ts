import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Alert } from '../../../src/incident/alert.ts'
import type { ChartSnapshot, EvidenceRequest } from '../../../src/incident/evidence.ts'
import { Service } from '../../../src/incident/service.ts'
import { createPrometheusClient } from '../../../src/integrations/prometheus/client.ts'
import { prometheusEvidence } from '../../../src/integrations/prometheus/evidence.ts'
import { prometheusInstalled, type RealPrometheus, startPrometheus } from '../../real/prometheus.ts'
import { requireOrSkip } from '../../real/require.ts'

const at = Date.UTC(2026, 10, 21, 3, 0)
const MINUTE = 60_000

/** A latency that jumps when the alert begins, a metric with a hole of ten minutes, and a counter by status code. */
const openmetrics = () => {
  const times = Array.from({ length: 181 }, (_, i) => at - 30 * MINUTE + i * 15_000)
  const seconds = (time: number) => (time / 1000).toFixed(3)
  return [
    '# TYPE shipping_latency_seconds gauge',
    ...times.map((time) => `shipping_latency_seconds{pod="a"} ${time < at ? 1 : 9.28} ${seconds(time)}`),
    ...times.map((time) => `shipping_latency_seconds{pod="b"} 1 ${seconds(time)}`),
    '# TYPE broken gauge',
    ...times
      .filter((time) => time < at - 20 * MINUTE || time >= at - 10 * MINUTE)
      .map((time) => `broken 1 ${seconds(time)}`),
    '# TYPE orders counter',
    ...times.map((time, i) => `orders_total{code="500"} ${i * 30} ${seconds(time)}`),
    '# EOF\n',
  ].join('\n')
}

requireOrSkip('Prometheus', prometheusInstalled())('a real Prometheus', () => {
  let prometheus: RealPrometheus
  beforeAll(async () => {
    prometheus = await startPrometheus({ openmetrics: openmetrics() })
  })
  afterAll(() => prometheus?.stop())

  const span = { at, from: at - 30 * MINUTE, to: at + 15 * MINUTE }
  const looking = ({ alert, service }: { alert?: Alert; service?: Service } = {}): EvidenceRequest => ({
    incident: 'INC-1',
    ...span,
    past: span.from,
    earlier: [],
    alerts: alert ? [alert] : [],
    targets: service ? [{ id: service.id, service, alerting: true }] : [],
  })
  const signal = AbortSignal.timeout(20_000)
  const source = () => prometheusEvidence({ client: createPrometheusClient({ url: prometheus.url }) })
  const service = (...queries: object[]) => Service.parse({ id: 'shipping', name: 'Shipping', queries })
  const chart = async (query: string) => {
    const [snapshot] = await source().collect(looking({ service: service({ title: 'T', query }) }), signal)
    return snapshot as ChartSnapshot
  }

  test('shows what the alert measures, its threshold, and the values before and now', async () => {
    const alert = {
      key: 'k',
      source: 'alertmanager',
      state: 'firing' as const,
      title: 'Shipping is slow',
      labels: {},
      startsAt: at,
      query: 'max by (pod) (shipping_latency_seconds) > 1.5',
    }
    const [snapshot] = await source().collect(looking({ alert }), signal)
    expect(snapshot).toMatchObject({ kind: 'chart', title: 'Shipping is slow', threshold: 1.5 })
    const { series } = snapshot as ChartSnapshot
    expect(series.map(({ name }) => name)).toEqual(['a', 'b'])
    expect(series[0]?.points.at(-1)).toEqual([span.to, 9.28])
  })

  test('a period without samples is a gap', async () => {
    const { series } = await chart('broken')
    const { points } = series[0]!
    const known = points.filter(([, value]) => value !== null).length
    expect(known).toBeGreaterThan(0)
    expect(known).toBeLessThan(points.length)
    // Prometheus repeats a sample for five minutes; five minutes later nothing is known.
    expect(points.find(([time]) => time === at - 12 * MINUTE)).toEqual([at - 12 * MINUTE, null])
  })

  test('rates and division by zero match Prometheus, with NaN as a gap', async () => {
    expect((await chart('rate(orders_total[5m])')).series[0]?.points.at(-1)?.[1]).toBeCloseTo(2)
    expect(await chart('0 / (orders_total * 0)')).toMatchObject({ kind: 'missing' })
  })

  test('an invalid query, a label clash and an unknown metric are each explained', async () => {
    const queries = ['sum(', 'shipping_latency_seconds * on() shipping_latency_seconds', 'unheard_of'].map((query) => ({
      title: query,
      query,
    }))
    const snapshots = await source().collect(looking({ service: service(...queries) }), signal)
    expect(snapshots.map((snapshot) => snapshot.kind)).toEqual(['missing', 'missing', 'missing'])
    const reasons = snapshots.map((snapshot) => ('reason' in snapshot ? snapshot.reason : ''))
    expect(reasons[0]).toMatch(/^Prometheus refused the query: .*parse error/)
    expect(reasons[1]).toMatch(/^Prometheus could not run the query: /)
    expect(reasons[2]).toBe('No data for this query between 2026-11-21 02:30 and 03:15 UTC.')
  })

  test('a week of one-second scrapes stays under the point limit', async () => {
    const client = createPrometheusClient({ url: prometheus.url })
    const { step } = await client.queryRange({ query: 'broken', from: at - 7 * 86_400_000, to: at, points: 50_000 })
    expect(step).toBe(60_000)
  })
})
