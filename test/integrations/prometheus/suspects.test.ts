import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { storyOpenMetrics } from '../../../bench/suspects-live/story-metrics.ts'
import { freePort } from '../../../sandbox/free-port.ts'
import { createFakePrometheus } from '../../../sandbox/prometheus.ts'
import { cacheDegradation } from '../../../sandbox/stories/cache-degradation/story.ts'
import { connectionCollapse } from '../../../sandbox/stories/connection-collapse/story.ts'
import { indexMigration } from '../../../sandbox/stories/index-migration/story.ts'
import { quiveringQueue } from '../../../sandbox/stories/quivering-queue/story.ts'
import { minutes } from '../../../sandbox/stories/signals.ts'
import { stampede } from '../../../sandbox/stories/stampede/story.ts'
import type { Story } from '../../../sandbox/stories/story.ts'
import { createPrometheusClient } from '../../../src/integrations/prometheus/client.ts'
import { createMetricNames } from '../../../src/integrations/prometheus/metric-names.ts'
import { prometheusSuspects } from '../../../src/integrations/prometheus/suspects.ts'
import { MOST_SERIES } from '../../../src/integrations/prometheus/suspects-ask.ts'
import { conventionsOf } from '../../../src/integrations/prometheus/topology/conventions.ts'
import type { RankingInput } from '../../../src/suspects/input.ts'
import { rankSuspects } from '../../../src/suspects/rank.ts'
import { prometheusInstalled, type RealPrometheus, startPrometheus } from '../../real/prometheus.ts'
import { requireOrSkip } from '../../real/require.ts'
import { serve } from '../server.ts'

const ANCHOR = Date.UTC(2026, 0, 10, 3)

const readerAt = (
  url: string,
  now: number,
  { story, timeoutMs = 60_000 }: { story?: Story; timeoutMs?: number } = {},
) => {
  const client = createPrometheusClient({ url, timeoutMs, maxSeries: MOST_SERIES })
  return prometheusSuspects({
    client,
    names: createMetricNames({ client, now: () => now }),
    catalogue: new Map((story?.services ?? []).map((service) => [service.id, service])),
    conventions: conventionsOf(),
  })
}

type Alert = { service: string; signal: RankingInput['alert']['signal'] }
type Night = { story: Story; alert: Alert; firedAt: number; first: string; quiet: number }

/** Stories with the alert that opens each, the first suspect there must be, and a minute long before anything happened. */
const nights: Night[] = [
  {
    story: connectionCollapse,
    alert: { service: 'shipping', signal: 'latency' },
    firedAt: 0,
    first: 'mysql',
    quiet: -30,
  },
  {
    story: cacheDegradation,
    alert: { service: 'storefront', signal: 'errors' },
    firedAt: 0,
    first: 'cache',
    quiet: -30,
  },
  {
    story: indexMigration,
    alert: { service: 'order-events', signal: 'saturation' },
    firedAt: 4.5,
    first: 'orders-db',
    quiet: -20,
  },
]
/** Trouble that burned long before it was noticed: the last hour is not the usual. */
const slow: Night[] = [
  {
    story: quiveringQueue,
    alert: { service: 'rabbitmq', signal: 'saturation' },
    firedAt: 9.5,
    first: 'pending-orders-recreation',
    quiet: -45,
  },
  { story: stampede, alert: { service: 'public-site', signal: 'latency' }, firedAt: 0, first: 'search', quiet: -270 },
]

const signal = () => AbortSignal.timeout(120_000)

/** One look as the engine takes it; two where the first is not sure. */
const look = async (url: string, { story, alert }: Night, minute: number) => {
  const now = ANCHOR + minutes(minute) + 10_000
  const request = { ...alert, firedAt: now - 10_000, now, changes: [] }
  const reader = readerAt(url, now, { story })
  const first = await reader.read(request, signal())
  const since = await reader.slowOnset(request, signal())
  const second =
    since &&
    (await reader.read(
      { ...request, since, lookbackMs: Math.min(6 * 3_600_000, now - since + 3 * 3_600_000) },
      signal(),
    ))
  return {
    reading: first,
    ranking: rankSuspects(first.input),
    since,
    second: second ? rankSuspects(second.input) : undefined,
  }
}

describe.each([...nights, ...slow])('the data of the story $story.id', (night) => {
  let prometheus: Awaited<ReturnType<typeof createFakePrometheus>>
  let at = ANCHOR
  beforeAll(async () => {
    prometheus = await createFakePrometheus({ now: () => at })
    prometheus.show(night.story.world, ANCHOR)
  })
  afterAll(() => prometheus.stop())

  test('yields the first suspect as the alert fires, and nobody in a quiet hour', { timeout: 180_000 }, async () => {
    at = ANCHOR + minutes(night.firedAt) + 10_000
    const { reading, ranking, second } = await look(prometheus.url, night, night.firedAt)
    expect(reading.problems).toEqual([])
    const best = slow.includes(night) ? second : ranking
    expect(best?.suspects[0]).toMatchObject({ service: night.first })
    expect(best?.label).not.toBe('no clear suspect')
    at = ANCHOR + minutes(night.quiet)
    const calm = await look(prometheus.url, night, night.quiet)
    expect([calm.ranking.label, calm.second?.label]).not.toContain('likely')
  })
})

/** Enough of the past to see where slow trouble began, and what was usual before. */
const SLOW_MINUTES: Record<string, number> = { [quiveringQueue.id]: 3 * 60, [stampede.id]: 6 * 60 }

requireOrSkip('Prometheus', prometheusInstalled())('the same data in a real Prometheus', () => {
  test.each([...nights, ...slow])(
    'yields the same first suspect for $story.id',
    { timeout: 180_000 },
    async (night) => {
      const isSlow = slow.includes(night)
      const to = ANCHOR + minutes(night.firedAt) + 60_000
      let prometheus: RealPrometheus | undefined
      try {
        prometheus = await startPrometheus({
          openmetrics: storyOpenMetrics(night.story.world, {
            anchor: ANCHOR,
            from: to - minutes(SLOW_MINUTES[night.story.id] ?? 75),
            to,
          }),
        })
        const { reading, ranking, second } = await look(prometheus.url, night, night.firedAt)
        expect(reading.problems).toEqual([])
        expect((isSlow ? second : ranking)?.suspects[0]).toMatchObject({ service: night.first })
      } finally {
        await prometheus?.stop()
      }
    },
  )
})

describe('on failure', () => {
  const request = { service: 'web', signal: null, firedAt: ANCHOR, now: ANCHOR, changes: [] }
  const success = (data: unknown) => JSON.stringify({ status: 'success', data })

  test('an unreachable Prometheus costs one request and one sentence', async () => {
    const reading = await readerAt(`http://127.0.0.1:${await freePort()}`, ANCHOR).read(request, signal())
    expect(reading.problems).toEqual(['Prometheus could not be reached (ECONNREFUSED).'])
    expect(reading.input.series).toEqual([])
  })

  test('metrics of unknown services are reported as such', async () => {
    await using server = await serve(({ path }) => ({
      text: path.includes('/label/') ? success(['my_own_metric']) : success({ resultType: 'matrix', result: [] }),
    }))
    const reading = await readerAt(server.url, ANCHOR).read(request, signal())
    expect(reading.problems).toEqual([
      'Prometheus has no metrics that Muster recognizes: `muster doctor` says what it looks for.',
    ])
  })

  test('a ranking that exceeds its time limit is abandoned, with a sentence', async () => {
    await using server = await serve(() => 'hang')
    const reading = await readerAt(server.url, ANCHOR, { timeoutMs: 100 }).read(request, signal())
    expect(reading.problems).toEqual(['Prometheus did not answer within 0.1 s.'])
  })

  test('of more calls than one response may have, it says that the rest was not read', async () => {
    const calls = Array.from({ length: MOST_SERIES + 1 }, (_, i) => ({
      metric: {
        reporter: 'source',
        source_workload: `a-${i}`,
        destination_service_name: 'b',
        destination_workload: 'b',
      },
      value: [ANCHOR / 1000, '5'],
    }))
    await using server = await serve(({ path, body }) => {
      const query = new URLSearchParams(body).get('query') ?? ''
      if (path.includes('/label/')) return { text: success(['istio_requests_total']) }
      const isAsked = !path.includes('/query_range') && query.includes('istio_requests_total') && query.endsWith('> 0')
      return {
        text: success({
          resultType: path.includes('/query_range') ? 'matrix' : 'vector',
          result: isAsked ? calls : [],
        }),
      }
    })
    const reading = await readerAt(server.url, ANCHOR).read({ ...request, service: 'b' }, signal())
    expect(reading.problems).toEqual(['More than 10,000 series in one response; the rest was not read.'])
  })

  test('of 2,000 services the nearest 60 are examined, and the rest counted', async () => {
    const name = (i: number) => `service-${i}`
    const calls = Array.from({ length: 1_999 }, (_, i) => ({
      metric: {
        reporter: 'source',
        source_workload: name(Math.floor(i / 3)),
        destination_service_name: name(i + 1),
        destination_workload: name(i + 1),
      },
      value: [ANCHOR / 1000, '5'],
    }))
    const queries: string[] = []
    await using server = await serve(({ path, body }) => {
      const query = new URLSearchParams(body).get('query') ?? ''
      if (path.includes('/label/')) return { text: success(['istio_requests_total']) }
      if (path.includes('/query_range')) {
        queries.push(query)
        return { text: success({ resultType: 'matrix', result: [] }) }
      }
      return {
        text: success({
          resultType: 'vector',
          result: query.includes('istio_requests_total') && !query.startsWith('count') ? calls : [],
        }),
      }
    })
    const reading = await readerAt(server.url, ANCHOR).read({ ...request, service: name(0) }, signal())
    expect(reading).toMatchObject({ services: 60 })
    // What lies more than six calls away is not in reach at all.
    expect(reading.leftOut).toBeGreaterThan(900)
    const ranged = queries.filter((query) => query.includes('istio_requests_total'))
    expect(ranged.length).toBeGreaterThan(0)
    for (const query of ranged) expect(query).toMatch(/source_workload=~"service-0\|/)
  })
})
