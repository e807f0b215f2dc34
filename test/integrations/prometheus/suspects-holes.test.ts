import { expect, test } from 'vitest'
import { storyOpenMetrics } from '../../../bench/suspects-live/story-metrics.ts'
import { connectionCollapse } from '../../../sandbox/stories/connection-collapse/story.ts'
import { minutes } from '../../../sandbox/stories/signals.ts'
import { labelGiven } from '../../../src/engine/suspects-found.ts'
import { createPrometheusClient } from '../../../src/integrations/prometheus/client.ts'
import { createMetricNames } from '../../../src/integrations/prometheus/metric-names.ts'
import { prometheusSuspects } from '../../../src/integrations/prometheus/suspects.ts'
import { MOST_SERIES } from '../../../src/integrations/prometheus/suspects-ask.ts'
import { conventionsOf } from '../../../src/integrations/prometheus/topology/conventions.ts'
import { rankSuspects } from '../../../src/suspects/rank.ts'
import { prometheusInstalled, startPrometheus } from '../../real/prometheus.ts'
import { requireOrSkip } from '../../real/require.ts'

/** When the alert fires; half an hour of the story's data precede it. */
const ANCHOR = Date.UTC(2026, 0, 10, 3)
const NOW = ANCHOR + 10_000

/** Minutes from the alert of one line of OpenMetrics. */
const minuteOf = (line: string): number => (Number(line.slice(line.lastIndexOf(' ') + 1)) * 1000 - ANCHOR) / minutes(1)

/** Ranks the connection collapse from a real Prometheus that lost some samples and refuses some queries. */
const rankWithout = async (
  isLost: (line: string, minute: number) => boolean,
  isRefused: (query: string) => boolean = () => false,
) => {
  const whole = storyOpenMetrics(connectionCollapse.world, { anchor: ANCHOR, from: ANCHOR - minutes(75), to: NOW })
  const kept = whole.split('\n').filter((line) => line === '' || line.startsWith('#') || !isLost(line, minuteOf(line)))
  await using prometheus = await disposable(kept.join('\n'))
  const client = createPrometheusClient({
    url: prometheus.url,
    timeoutMs: 60_000,
    maxSeries: MOST_SERIES,
    fetch: (url, init) =>
      isRefused(new URLSearchParams(String(init?.body ?? '')).get('query') ?? '')
        ? Promise.resolve(
            new Response(JSON.stringify({ status: 'error', errorType: 'unavailable', error: 'compacting' }), {
              status: 503,
              headers: { 'content-type': 'application/json' },
            }),
          )
        : fetch(url, init),
  })
  const reading = await prometheusSuspects({
    client,
    names: createMetricNames({ client, now: () => NOW }),
    catalogue: new Map(connectionCollapse.services.map((service) => [service.id, service])),
    conventions: conventionsOf(),
  }).read(
    { service: 'shipping', signal: 'latency', firedAt: ANCHOR, now: NOW, changes: [] },
    AbortSignal.timeout(120_000),
  )
  const ranking = rankSuspects(reading.input)
  return { reading, ranking, label: labelGiven(ranking.label, reading) }
}

const disposable = async (openmetrics: string) => {
  const prometheus = await startPrometheus({ openmetrics })
  return { url: prometheus.url, [Symbol.asyncDispose]: prometheus.stop }
}

const isOf = (line: string, text: string) => line.includes(text)

requireOrSkip('Prometheus', prometheusInstalled())('a call graph with holes', () => {
  test.each([
    [
      'whose calls to the database are missing since the trouble began',
      (line: string, minute: number) => isOf(line, 'source_workload="shipping"') && minute > -5,
    ],
    ['whose alerting service is never seen to call', (line: string) => isOf(line, 'source_workload="shipping"')],
    ['with no scrapes for 20 minutes', (_line: string, minute: number) => minute > -40 && minute < -20],
    [
      'whose alerting service was not scraped for 20 minutes',
      (line: string, minute: number) => isOf(line, '"shipping"') && minute > -30 && minute < -10,
    ],
    ['with no calls at all', (line: string) => isOf(line, 'istio_')],
  ])('%s still leads to the database', { timeout: 120_000 }, async (_what, isLost) => {
    const { reading, label, ranking } = await rankWithout(isLost)
    expect(reading.problems).toEqual([])
    expect(label).toBe('likely')
    expect(ranking.suspects[0]).toMatchObject({ service: 'mysql' })
  })

  test('a database whose exporter stopped is counted as unread, not as healthy', { timeout: 120_000 }, async () => {
    const { ranking, label } = await rankWithout((line, minute) => isOf(line, 'mysql_global_') && minute > -8)
    expect(ranking.read.series).toBeLessThan(ranking.read.of)
    // The calls through the mesh still show it, as an address that nobody declared.
    expect(label).not.toBe('no clear suspect')
    expect(ranking.suspects.slice(0, 2).map(({ service }) => service)).not.toContain('web')
  })

  test('calls that Prometheus refuses to count cost one sentence, and certainty', { timeout: 120_000 }, async () => {
    const { reading, ranking, label } = await rankWithout(
      () => false,
      (query) => /istio_request(s|_duration)/.test(query) && !query.endsWith('> 0'),
    )
    expect(reading.problems).toEqual([expect.stringContaining('compacting')])
    expect(reading.answered).toBeLessThan(reading.queried)
    expect(ranking.suspects[0]).toMatchObject({ service: 'mysql' })
    expect([ranking.label, label]).toEqual(['likely', 'possible'])
  })
})
