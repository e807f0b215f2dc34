import type { ChartSnapshot } from '../incident/evidence.ts'
import type { RankingInput, SignalSeries } from '../suspects/input.ts'
import type { Ranking } from '../suspects/result.ts'

/** Maps the ranking's units to chart units. */
const UNITS: Record<string, string> = {
  percent: '%',
  requests_per_second: 'req/s',
}

/**
 * The chart of the first suspect's strongest signal; undefined for evidence that is not a single series, such as a
 * call.
 */
export const suspectChart = (
  { suspects, onset }: Ranking,
  { series, now }: RankingInput,
  source: string,
): ChartSnapshot | undefined => {
  const [lead] = suspects
  for (const { metric, kind, edge, baseline, now: present } of lead?.signals ?? []) {
    if (edge) continue
    const line = series.find((one) => one.service === lead?.service && one.metric === metric && one.signal === kind)
    if (line) return chartOf(line, { at: onset, now, source, baseline, present })
  }
  return undefined
}

type Seen = { at: number; now: number; source: string; baseline: number | null; present: number | null }

const chartOf = (
  { service, metric, unit, limit, start, stepSeconds, values, signal, worse }: SignalSeries,
  { at, now, source, baseline, present }: Seen,
): ChartSnapshot => ({
  kind: 'chart',
  source,
  title: `${metric} of ${service}`,
  query: metric,
  unit: UNITS[unit] ?? unit,
  from: start,
  to: now,
  at,
  ...(limit === undefined ? {} : { limit, threshold: limit }),
  series: [
    {
      name: service,
      labels: { service },
      points: values.map((value, i): [number, number | null] => [start + i * stepSeconds * 1000, value]),
    },
  ],
  before: baseline,
  now: present,
  service,
  signal,
  worse,
  notes: [],
})
