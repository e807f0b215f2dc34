import type { ChartSnapshot, Series } from '../incident/evidence.ts'
import { beforeAndNow, byMovement } from '../incident/series.ts'
import type { SignalSeries } from '../suspects/input.ts'
import { windowsOf } from '../suspects/onset.ts'
import { scoreSeries } from '../suspects/series-score.ts'
import { defaultTuning } from '../suspects/tuning.ts'
import { type Windows, windowsAt } from '../suspects/windows.ts'
import { numbersOf } from './numbers.ts'

/** The time a look is about, epoch ms. */
export type Span = {
  /** When it began, as far as is known. */
  at: number
  /** The beginning of what is drawn. */
  from: number
  /** The present, or the end of the incident. */
  to: number
}

/** A line that appeared with the trouble and speaks of harm, or one that ended with it: both are worth a look. */
const APPEARED = 2
const ENDED = 1.5

/**
 * Scores every chart against its own past with the robust score of the suspects, and reads before, peak and now off the
 * line that strayed furthest. What comes back is cut to what is drawn; charts keep their order.
 * @param alerting the services whose alerts fire: the beginning is walked back along their lines
 */
export const judge = (
  charts: readonly ChartSnapshot[],
  span: Span,
  alerting: readonly string[] = [],
): ChartSnapshot[] => {
  const series = new Map(charts.map((chart) => [chart, chart.series.map((line) => signalSeries(chart, line))]))
  const onset = onsetOf([...series.values()].flat(), span, alerting)
  return charts.map((chart) => judged(chart, series.get(chart) ?? [], onset, span))
}

const judged = (chart: ChartSnapshot, series: SignalSeries[], onset: number, span: Span): ChartSnapshot => {
  const lines = byMovement(chart.series, onset)
    .map((line) => ({ line, ...scored(series[chart.series.indexOf(line)] as SignalSeries, onset, span) }))
    .sort((a, b) => b.score - a.score)
  const worst = lines[0]
  if (!worst) return { ...chart, from: span.from, score: 0 }
  const numbers = numbersOf(worst.line, { onset, to: span.to, direction: worst.direction })
  const { before, now } = numbers.calm ? numbers : { ...beforeAndNow(worst.line, onset), before: numbers.before }
  // A calm hour that lies further back belongs on the picture: without it, nothing on it is usual.
  const from = numbers.calm ? Math.min(span.from, Math.max(numbers.calm.from, span.from - MOST_EARLIER)) : span.from
  return {
    ...chart,
    from,
    to: span.to,
    at: span.at,
    before,
    now,
    ...(numbers.peak ? { peak: numbers.peak } : {}),
    calm: numbers.calm,
    score: Number(worst.score.toPrecision(3)),
    series: lines.map(({ line }) => ({ ...line, points: line.points.flatMap((point) => drawn(point, from, span.to)) })),
  }
}

/** A chart that begins further back has no room left for the incident. */
const MOST_EARLIER = 2 * 3_600_000

const drawn = ([time, value]: Series['points'][number], from: number, to: number): Series['points'] =>
  // Six digits are more than anybody can see, and half of the bytes.
  time < from || time > to ? [] : [[time, value === null ? null : Number(value.toPrecision(6))]]

const scored = (series: SignalSeries, onset: number, { to }: Span): { score: number; direction: 'up' | 'down' } => {
  const outcomes = windowsFor(series, onset, to).map((windows) => scoreSeries(series, windows, defaultTuning))
  const best = outcomes.filter((one) => 'score' in one).toSorted((a, b) => b.score - a.score)[0]
  const hurts = series.worse === 'down' ? 'down' : 'up'
  if (outcomes.some((one) => 'unscored' in one && one.unscored === 'silent'))
    return { score: Math.max(ENDED, best?.score ?? 0), direction: best?.direction ?? hurts }
  if (best) return { score: best.score, direction: best.direction }
  const isNew = outcomes.some((one) => 'unscored' in one && one.unscored === 'new')
  const says = series.signal === 'errors' && series.values.some((value) => value !== null && value > 0)
  return { score: isNew && says ? APPEARED : 0, direction: hurts }
}

const TEN_MINUTES = 600_000

/** The first minutes show the cause; the whole and the last minutes show what came later. */
const windowsFor = ({ start, stepSeconds }: SignalSeries, onset: number, to: number): Windows[] => {
  const first = windowsAt(onset, { from: start, now: to, stepMs: stepSeconds * 1000 }, defaultTuning)
  if (to - onset <= TEN_MINUTES) return [first]
  const { baseline } = first
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

const signalSeries = (
  { title, service = '', signal, worse, unit }: ChartSnapshot,
  { points }: Series,
): SignalSeries => ({
  service,
  metric: title,
  signal: signal ?? 'other',
  worse: worse ?? 'either',
  unit: UNITS[unit] ?? unit,
  start: points[0]?.[0] ?? 0,
  stepSeconds: Math.max(1, ((points[1]?.[0] ?? 0) - (points[0]?.[0] ?? 0)) / 1000),
  values: points.map(([, value]) => value),
})

/** Units as the score knows them. */
const UNITS: Record<string, string> = { '%': 'percent', 'req/s': 'requests_per_second' }
