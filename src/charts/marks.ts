import type { ChartSnapshot } from '../incident/evidence.ts'
import { formatValue } from '../incident/unit.ts'
import { FONT_FAMILY } from './fonts.ts'
import type { Theme } from './theme.ts'

/** The lines that mark the start of the alert and the threshold, as ECharts options. */
export const marks = ({ at, from, to, threshold, unit }: ChartSnapshot, theme: Theme) => {
  const label = { fontSize: 16, fontWeight: 600, formatter: '{b}' }
  const clock = at === undefined ? '' : new Date(at).toISOString().slice(11, 16)
  // Near the right edge the alert's label goes to the left of its line; near the left edge it would overlap the threshold's.
  const early = at !== undefined && at < from + (to - from) * 0.3
  const late = at !== undefined && at > from + (to - from) * 0.8
  const alert = {
    name: `alert ${clock}`,
    xAxis: at,
    label: { ...label, color: theme.alert, position: 'end', align: late ? 'right' : 'center' },
    lineStyle: { color: theme.alert, type: 'solid', width: 2 },
  }
  const limit = {
    name: `threshold ${formatValue(threshold ?? 0, unit)}`,
    yAxis: threshold,
    label: {
      ...label,
      color: theme.threshold,
      position: early ? 'insideEndTop' : 'insideStartTop',
      backgroundColor: theme.background,
    },
    lineStyle: { color: theme.threshold, type: 'dashed', width: 2 },
  }
  const inside = at !== undefined && at >= from && at <= to
  return {
    symbol: 'none',
    silent: true,
    data: [...(inside ? [alert] : []), ...(threshold === undefined ? [] : [limit])],
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
