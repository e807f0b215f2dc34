import type { Series } from '../incident/evidence.ts'
import { finite, shortNames } from '../incident/series.ts'
import { formatValue } from '../incident/unit.ts'
import { FONT_FAMILY } from './fonts.ts'
import type { Theme } from './theme.ts'

/** Margin around a chart, in CSS pixels. */
export const MARGIN = 24

/** Longest series name, in characters; longer ones are truncated in the middle. */
export const LONGEST_NAME = 26

const ROW = 26
const KEY = 22
/** Average width of a character of an entry, in CSS pixels. */
const CHARACTER = 8

/** Lines past the fourth are dashed: not everybody can distinguish eight colours. */
export const dashOf = (index: number): number[] | undefined => (index < 4 ? undefined : [7, 4])

type Place = { unit: string; theme: Theme; width: number; height: number }

/**
 * Each line's colour, name and latest value, in columns at the foot of the chart. Drawn by us: without a browser
 * ECharts only estimates text widths, and the entries of its own legend overlap.
 */
export const drawLegend = (shown: Series[], { unit, theme, width, height }: Place) => {
  const names = shortNames(
    shown.map(({ name }) => name || 'value'),
    LONGEST_NAME,
  )
  const entries = shown.map((series, i) => {
    const now = finite(series.points).at(-1)
    return now === undefined ? `${names[i]}` : `${names[i]}  ${formatValue(now, unit)}`
  })
  const longest = Math.max(...entries.map((entry) => entry.length))
  const columns = Math.max(1, Math.min(4, Math.floor((width - 2 * MARGIN) / (KEY + 16 + longest * CHARACTER))))
  const rows = Math.ceil(entries.length / columns)
  const elements = entries.flatMap((text, i) => {
    const x = MARGIN + ((i % columns) * (width - 2 * MARGIN)) / columns
    const y = height - 14 - (rows - Math.floor(i / columns) - 0.5) * ROW
    const key = {
      type: 'line',
      shape: { x1: x, y1: y, x2: x + KEY, y2: y },
      style: { stroke: theme.lines[i], lineWidth: 3, lineDash: dashOf(i) },
    }
    const style = { text, fill: theme.muted, fontSize: 15, fontFamily: FONT_FAMILY, verticalAlign: 'middle' }
    return [key, { type: 'text', x: x + KEY + 8, y, style }]
  })
  return { elements, height: rows * ROW + 4 }
}
