import type { ChartSnapshot, Series } from '../incident/evidence.ts'
import { beforeAndNow, byMovement } from '../incident/series.ts'
import type { SignalSeries } from '../suspects/input.ts'
import { windowsOf } from '../suspects/onset.ts'
import { scoreSeries } from '../suspects/series-score.ts'
import { defaultTuning } from '../suspects/tuning.ts'
import { type Windows, windowsAt } from '../suspects/windows.ts'
import { calmHour, type Stretch } from './calm.ts'
import { numbersOf } from './numbers.ts'

/** The reference time of the collection, epoch ms. */
export type Span = {
  /** When the trouble began, as far as is known. */
  at: number
  /** The start of the drawn range. */
  from: number
  /** The present, or the end of the incident. */
  to: number
}

/** A failure series that appeared with the trouble, or a series that ended with it: both are worth showing. */
const APPEARED = 2
const ENDED = 1.5

/**
 * Scores every chart against its own history with the suspects' robust score, and takes before, peak and now from the
 * series that deviated furthest. The result is cut to the drawn range; charts keep their order.
 * @param alerting the services whose alerts fire: the start is traced back along their series
 */
export const judge = (
  charts: readonly ChartSnapshot[],
  span: Span,
  alerting: readonly string[] = [],
): ChartSnapshot[] => {
  const series = new Map(charts.map((chart) => [chart, chart.series.map((line) => signalSeries(chart, line))]))
  const onset = onsetOf([...series.values()].flat(), span, alerting)
  return charts.map((chart) => (chart.chosen ? chart : judged(chart, series.get(chart) ?? [], onset, span)))
}

const judged = (chart: ChartSnapshot, series: SignalSeries[], onset: number, span: Span): ChartSnapshot => {
  const hurts = chart.worse === 'up' || chart.worse === 'down' ? chart.worse : undefined
  const lines = byMovement(chart.series, onset)
    .map((line) => {
      // Traffic rises and falls with the day: any level that lasted is usual.
      const calm = calmHour(line, { onset, hurts: chart.signal === 'cpu' ? undefined : hurts })
      return { line, calm, ...scored(series[chart.series.indexOf(line)] as SignalSeries, onset, span, calm) }
    })
    .sort((a, b) => b.score - a.score)
  const worst = lines[0]
  if (!worst) return { ...chart, from: span.from, score: 0 }
  const { line, calm, score } = worst
  const direction = isInverted(chart) ? 'down' : worst.direction
  const before = calm?.level ?? beforeAndNow(line, onset).before
  // A value that crept up for hours may have peaked before anybody noticed.
  const since = Math.min(onset, calm?.to ?? onset)
  const numbers = numbersOf(line, { since, to: span.to, direction, usual: before })
  // A calm hour that lies further back belongs on the picture: without it, nothing on it is usual.
  const from = calm ? Math.min(span.from, Math.max(calm.from, span.from - MOST_EARLIER)) : span.from
  return {
    ...chart,
    from,
    to: span.to,
    at: span.at,
    before,
    ...numbers,
    calm: calm && { from: calm.from, to: calm.to },
    score: Number(score.toPrecision(3)),
    series: lines.map(({ line }) => ({ ...line, points: line.points.flatMap((point) => drawn(point, from, span.to)) })),
  }
}

/** A chart that begins further back has no room left for the incident. */
const MOST_EARLIER = 5 * 3_600_000

const drawn = ([time, value]: Series['points'][number], from: number, to: number): Series['points'] =>
  // Six digits are more than anybody can see, and half of the bytes.
  time < from || time > to ? [] : [[time, value === null ? null : Number(value.toPrecision(6))]]

const scored = (
  series: SignalSeries,
  onset: number,
  { to }: Span,
  calm: Stretch | null,
): { score: number; direction: 'up' | 'down' } => {
  const outcomes = windowsFor(series, onset, to, calm).map((windows) => scoreSeries(series, windows, defaultTuning))
  const best = outcomes.filter((one) => 'score' in one).toSorted((a, b) => b.score - a.score)[0]
  const hurts = series.worse === 'down' ? 'down' : 'up'
  const isSilent = to - onset >= SILENCE && outcomes.some((one) => 'unscored' in one && one.unscored === 'silent')
  if (isSilent) return { score: Math.max(ENDED, best?.score ?? 0), direction: best?.direction ?? hurts }
  if (best) return { score: best.score, direction: best.direction }
  const isNew = outcomes.some((one) => 'unscored' in one && one.unscored === 'new')
  const says = series.signal === 'errors' && series.values.some((value) => value !== null && value > 0)
  return { score: isNew && says ? APPEARED : 0, direction: hurts }
}

/** A scrape or two that is missing is no silence. */
const SILENCE = 3 * 60_000
const TEN_MINUTES = 600_000
const HOUR = 3_600_000

/** The first minutes show the cause; the whole and the last minutes show what came later. */
const windowsFor = (
  { start, stepSeconds }: SignalSeries,
  onset: number,
  to: number,
  calm: Stretch | null,
): Windows[] => {
  const plain = windowsAt(onset, { from: start, now: to, stepMs: stepSeconds * 1000 }, defaultTuning)
  // Data after the last calm hour belongs to the trouble and is excluded from the baseline.
  const isLong = calm !== null && calm.to < plain.baseline.to - HOUR / 2
  const baseline = isLong ? { from: plain.baseline.from, to: calm.to } : plain.baseline
  const first = { ...plain, baseline }
  if (to - onset <= TEN_MINUTES) return [first]
  return [first, { baseline, test: { from: onset, to } }, { baseline, test: { from: to - TEN_MINUTES, to } }]
}

/** Alerts are late: walked back along the alerting services' own lines, at most twenty minutes. */
const onsetOf = (series: SignalSeries[], { at, to }: Span, alerting: readonly string[]): number => {
  const starts = alerting.map(
    (service) =>
      windowsOf(
        { alert: { service, signal: null, since: at }, now: to, edges: [], series, edgeGaps: [], virtual: [] },
        defaultTuning,
      ).test.from,
  )
  return Math.min(at, ...starts)
}

const signalSeries = (chart: ChartSnapshot, { points }: Series): SignalSeries => {
  const { title, service = '', signal = 'other', worse = 'either', unit } = chart
  // A hit ratio falling from 97 % to 41 % is a twentyfold increase of misses: misses are what is scored.
  const inverted = isInverted(chart)
  return {
    service,
    metric: title,
    signal,
    worse: inverted ? 'up' : worse,
    unit: UNITS[unit] ?? unit,
    start: points[0]?.[0] ?? 0,
    stepSeconds: Math.max(1, ((points[1]?.[0] ?? 0) - (points[0]?.[0] ?? 0)) / 1000),
    values: points.map(([, value]) => (inverted && value !== null ? 100 - value : value)),
  }
}

const isInverted = ({ worse, unit }: ChartSnapshot): boolean => worse === 'down' && unit === '%'

/** Units as the score knows them. */
const UNITS: Record<string, string> = { '%': 'percent', 'req/s': 'requests_per_second' }
