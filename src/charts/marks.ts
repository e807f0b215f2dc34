import type { ChartSnapshot, Mark } from '../incident/evidence.ts'
import { formatLimit } from '../incident/unit.ts'
import type { ZoneClock } from '../incident/zone.ts'
import { FONT_FAMILY } from './fonts.ts'
import type { Theme } from './theme.ts'

const FONT_SIZE = 16
/** Height of one row of labels above the chart, in CSS pixels. */
const ROW = 20
/** Average width of a character of a label; without a browser text can only be estimated. */
const CHARACTER = 9

const KINDS = { alert: 'alert', declared: 'status', 'impact began': 'impact' } as const satisfies Record<
  string,
  Mark['kind']
>

type Label = { at: number; text: string; kind: Mark['kind']; row: number; align: 'left' | 'center' | 'right' }

/**
 * Labels of the moments marked on a chart, in rows so that none overlaps another: over a whole incident there are many,
 * at the opening there is the alert, or the declaration.
 */
export const markLabels = (
  { at, from, to, marks, moment }: ChartSnapshot,
  { width, clock }: { width: number; clock: ZoneClock },
): Label[] => {
  const moments: Mark[] =
    marks ?? (at === undefined ? [] : [{ at, text: moment ?? 'alert', kind: KINDS[moment ?? 'alert'] }])
  const inside = moments.filter((mark) => mark.at >= from && mark.at <= to)
  const ends: number[] = []
  return inside.map((mark) => {
    const text = `${mark.text} ${clock.time(mark.at)}`
    const share = (mark.at - from) / Math.max(1, to - from)
    const x = share * width
    const wide = text.length * CHARACTER
    const align = share < 0.1 ? 'left' : share > 0.8 ? 'right' : 'center'
    const left = align === 'left' ? x : align === 'right' ? x - wide : x - wide / 2
    const free = ends.findIndex((end) => end < left)
    const row = free === -1 ? ends.length : free
    ends[row] = left + wide + CHARACTER
    return { at: mark.at, text, kind: mark.kind, row, align }
  })
}

/** How much room the labels need above the chart, in CSS pixels; the first row has its place already. */
export const markRows = (labels: readonly Label[]): number => Math.max(0, ...labels.map(({ row }) => row)) * ROW

/** The lines that mark moments, the threshold and the limit, as ECharts options. */
export const marks = (snapshot: ChartSnapshot, labels: readonly Label[], theme: Theme) => {
  const { at, from, to, threshold, limit, unit } = snapshot
  const label = { fontSize: FONT_SIZE, fontWeight: 600, formatter: '{b}' }
  // Near the left edge the label of a level would overlap that of the alert.
  const early = at !== undefined && at < from + (to - from) * 0.3
  const colours: Record<Mark['kind'], string> = {
    impact: theme.alert,
    alert: theme.alert,
    change: theme.change,
    status: theme.status,
  }
  const moments = labels.map(({ at, text, kind, row, align }) => ({
    name: text,
    xAxis: at,
    label: { ...label, color: colours[kind], position: 'end', align, padding: [0, 0, row * ROW, 0] },
    lineStyle: {
      color: colours[kind],
      type: kind === 'change' ? 'dashed' : 'solid',
      width: kind === 'alert' ? 2 : 1.5,
    },
  }))
  const level = (name: string, value: number, color: string, type: string) => ({
    name: `${name} ${formatLimit(value, unit)}`,
    yAxis: value,
    label: {
      ...label,
      color,
      position: early ? 'insideEndTop' : 'insideStartTop',
      backgroundColor: theme.background,
    },
    lineStyle: { color, type, width: 2 },
  })
  return {
    symbol: 'none',
    silent: true,
    data: [
      ...moments,
      ...(threshold === undefined ? [] : [level('threshold', threshold, theme.threshold, 'dashed')]),
      // A limit at the threshold is drawn once.
      ...(limit === undefined || limit === threshold ? [] : [level('limit', limit, theme.limit, 'solid')]),
    ],
  }
}

/** Across the empty chart: no data is a result, not a drawing error. */
export const noData = (theme: Theme, width: number, height: number) => ({
  type: 'text',
  x: width / 2,
  y: height / 2,
  style: {
    text: 'No data in this range',
    fill: theme.muted,
    fontSize: 28,
    fontWeight: 600,
    fontFamily: FONT_FAMILY,
    align: 'center',
  },
})
