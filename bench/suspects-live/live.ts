import { createPrometheusClient } from '../../src/integrations/prometheus/client.ts'
import { createMetricNames } from '../../src/integrations/prometheus/metric-names.ts'
import { prometheusSuspects } from '../../src/integrations/prometheus/suspects.ts'
import { MOST_SERIES } from '../../src/integrations/prometheus/suspects-ask.ts'
import { conventionsOf } from '../../src/integrations/prometheus/topology/conventions.ts'
import type { CaseFile } from '../../src/suspects/case-file.ts'
import { rankSuspects } from '../../src/suspects/rank.ts'
import type { Ranking } from '../../src/suspects/result.ts'
import { startPrometheus } from '../../test/real/prometheus.ts'
import { type Convention, metricsOf, SCRAPES } from './case-metrics.ts'
import { openMetricsOf } from './samples.ts'

/** When every case begins, epoch ms; any day in the past will do. */
const START = Date.UTC(2026, 0, 10)

export type LiveRanking = { ranking: Ranking; seconds: number; queried: number; answered: number; problems: string[] }

/** Ranks a case from a real Prometheus that has its figures under a convention's names. */
export const rankLive = async (file: CaseFile, convention: Convention): Promise<LiveRanking> => {
  const grid = { start: START, stepSeconds: file.stepSeconds / SCRAPES }
  const prometheus = await startPrometheus({ openmetrics: openMetricsOf(metricsOf(file, convention), grid) })
  try {
    const length = Math.max(...file.series.map(({ values }) => values.length))
    const at = (index: number) => START + index * file.stepSeconds * 1000
    const now = at(length) - grid.stepSeconds * 1000
    const client = createPrometheusClient({ url: prometheus.url, timeoutMs: 30_000, maxSeries: MOST_SERIES })
    const reader = prometheusSuspects({
      client,
      names: createMetricNames({ client, now: () => now }),
      catalogue: new Map(),
      conventions: conventionsOf(),
      lookbackMs: now - START,
    })
    const begun = performance.now()
    const reading = await reader.read(
      {
        service: file.alert.service || undefined,
        signal: file.alert.signal,
        firedAt: at(file.onsetIndex),
        since: at(file.onsetIndex),
        now,
        changes: [],
      },
      AbortSignal.timeout(120_000),
    )
    const seconds = (performance.now() - begun) / 1000
    const { queried, answered, problems } = reading
    return { ranking: rankSuspects(reading.input), seconds, queried, answered, problems }
  } finally {
    await prometheus.stop()
  }
}
