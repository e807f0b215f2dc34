import { expect, test } from 'vitest'
import { storyOpenMetrics } from '../../../bench/suspects-live/story-metrics.ts'
import { connectionCollapse } from '../../../sandbox/stories/connection-collapse/story.ts'
import { minutes } from '../../../sandbox/stories/signals.ts'
import { createPrometheusClient } from '../../../src/integrations/prometheus/client.ts'
import { createMetricNames } from '../../../src/integrations/prometheus/metric-names.ts'
import { prometheusSuspects } from '../../../src/integrations/prometheus/suspects.ts'
import { MOST_SERIES } from '../../../src/integrations/prometheus/suspects-ask.ts'
import { conventionsOf } from '../../../src/integrations/prometheus/topology/conventions.ts'
import { inputOf } from '../../../src/suspects/case-file.ts'
import { caseOf } from '../../../src/suspects/freeze.ts'
import { rankSuspects } from '../../../src/suspects/rank.ts'
import { prometheusInstalled, startPrometheus } from '../../real/prometheus.ts'
import { requireOrSkip } from '../../real/require.ts'

/** A quiet hour of the story: whatever happens then, the test did. */
const DIED = Date.UTC(2026, 0, 10, 2, 20)
const ANCHOR = Date.UTC(2026, 0, 10, 3)

/** A sample as it is from the moment on; undefined where it is missing. */
type Change = (line: string, dead: boolean) => string | undefined

/** Ranks an alert about failures of `alerting` some minutes after the moment, from a real Prometheus. */
const rankAfter = async (alerting: string, after: number, change: Change) => {
  const now = DIED + minutes(after)
  const whole = storyOpenMetrics(connectionCollapse.world, { anchor: ANCHOR, from: now - minutes(75), to: now })
  const changed = whole.split('\n').flatMap((line) => {
    if (!line.includes('{')) return [line]
    return change(line, Number(line.slice(line.lastIndexOf(' ') + 1)) * 1000 > DIED) ?? []
  })
  const prometheus = await startPrometheus({ openmetrics: changed.join('\n') })
  try {
    const client = createPrometheusClient({ url: prometheus.url, timeoutMs: 60_000, maxSeries: MOST_SERIES })
    const reading = await prometheusSuspects({
      client,
      names: createMetricNames({ client, now: () => now }),
      catalogue: new Map(connectionCollapse.services.map((service) => [service.id, service])),
      conventions: conventionsOf(),
    }).read(
      { service: alerting, signal: 'errors', firedAt: now - 30_000, now, changes: [] },
      AbortSignal.timeout(120_000),
    )
    expect(reading.problems).toEqual([])
    // The frozen case is what the engine ranks.
    const ranking = rankSuspects(inputOf(caseOf(reading.input, { id: 'down', source: 'test' })))
    return { down: reading.input.down, ranking }
  } finally {
    await prometheus.stop()
  }
}

const isUp = (line: string, service: string) => line.startsWith('up{') && line.includes(`"${service}"`)
const isOf = (line: string, service: string) =>
  line.includes(`service="${service}"`) || line.includes(`container="${service}"`)

requireOrSkip('Prometheus', prometheusInstalled())('what is down', () => {
  test.each([1, 2, 4])(
    'a process that cannot be scraped is named after %d min',
    { timeout: 120_000 },
    async (after) => {
      const { down, ranking } = await rankAfter('web', after, (line, dead) => {
        if (!dead) return line
        return isUp(line, 'ratings') ? line.replace('} 1 ', '} 0 ') : isOf(line, 'ratings') ? undefined : line
      })
      expect(down).toEqual(['ratings'])
      expect(ranking.label).toBe('likely')
      expect(ranking.suspects[0]).toMatchObject({ service: 'ratings' })
      expect(ranking.suspects[0]?.signals[0]?.kind).toBe('silence')
    },
  )

  test('a pod that is gone is named although its target has disappeared', { timeout: 120_000 }, async () => {
    const { down, ranking } = await rankAfter('web', 6, (line, dead) =>
      dead && isOf(line, 'ratings') ? undefined : line,
    )
    expect(down).toEqual(['ratings'])
    expect(ranking.suspects[0]).toMatchObject({ service: 'ratings', label: 'likely' })
  })

  test('one of two targets of a service that cannot be scraped proves nothing', { timeout: 120_000 }, async () => {
    const { down } = await rankAfter('web', 2, (line) =>
      isUp(line, 'ratings')
        ? `${line.replace(/job="[^"]*"/, 'job="ratings-sidecar"').replace('} 1 ', '} 0 ')}\n${line}`
        : line,
    )
    expect(down).toEqual([])
  })

  test('a database is down when its exporter says so', { timeout: 120_000 }, async () => {
    const { down, ranking } = await rankAfter('shipping', 2, (line, dead) => {
      // In this story nothing is known of the exporter's connection to the database: one gauge becomes it.
      if (line.startsWith('mysql_global_status_threads_running{'))
        return line.replace(/^\w+/, 'mysql_up').replace(/\} \S+ /, dead ? '} 0 ' : '} 1 ')
      return dead && line.startsWith('mysql_') ? undefined : line
    })
    expect(down).toEqual(['mysql'])
    expect(ranking.suspects[0]).toMatchObject({
      service: 'mysql',
      label: 'likely',
      signals: [{ kind: 'silence', metric: 'up', baseline: 1, now: 0 }],
    })
  })

  test('an exporter that stopped proves nothing about its database', { timeout: 120_000 }, async () => {
    const { down, ranking } = await rankAfter('shipping', 6, (line, dead) => {
      if (!dead) return line
      return isUp(line, 'mysql') ? line.replace('} 1 ', '} 0 ') : line.startsWith('mysql_') ? undefined : line
    })
    expect(down).toEqual([])
    expect(ranking.label).not.toBe('likely')
  })
})
