import { type EChartsCoreOption, format } from 'echarts/core'
import { changeInWords } from '../incident/chart-words.ts'
import type { ChartSnapshot, Series } from '../incident/evidence.ts'
import { byMovement, finite, shorten } from '../incident/series.ts'
import { axisUnit } from '../incident/unit.ts'
import { clockIn } from '../incident/zone.ts'
import { timeAxis, type ValueAxis, valueAxis } from './axis.ts'
import { FONT_FAMILY } from './fonts.ts'
import { dashOf, drawLegend, LONGEST_NAME, MARGIN } from './legend.ts'
import { markLabels, markRows, marks, noData } from './marks.ts'
import { THEMES, type ThemeName } from './theme.ts'

/** More lines than this cannot be distinguished on a phone. */
export const MOST_SERIES = 8

/** The ECharts option for a snapshot: contents, layout and texts. */
export const chartOption = (
  snapshot: ChartSnapshot,
  { theme: themeName, width, height, zone = 'UTC' }: { theme: ThemeName; width: number; height: number; zone?: string },
): EChartsCoreOption => {
  const theme = THEMES[themeName]
  const { from, to, unit, threshold } = snapshot
  // A limit far above all values would flatten the chart.
  const limit = isNear(snapshot) ? snapshot.limit : undefined
  const shown = byMovement(snapshot.series, snapshot.at ?? (from + to) / 2).slice(0, MOST_SERIES)
  const values = shown.flatMap(({ points }) => finite(points))
  const legend = shown.length > 1 ? drawLegend(shown, { unit, theme, width, height }) : undefined
  // A unit that is a word is shown in the subtitle: beside every line it would take half of a phone's width.
  const y = valueAxis(
    [...values, ...(threshold === undefined ? [] : [threshold]), ...(limit === undefined ? [] : [limit])],
    axisUnit(unit),
  )
  const x = timeAxis(from, to, zone, Math.min(8, Math.floor(width / TICK_WIDTH)))
  const labels = labelsOf(snapshot, { width, zone })
  const small = { fontSize: 16, color: theme.muted }
  return {
    animation: false,
    backgroundColor: theme.background,
    textStyle: { fontFamily: FONT_FAMILY },
    color: theme.lines,
    title: {
      left: MARGIN - 5,
      top: 12,
      itemGap: 8,
      text: oneLine(snapshot.title || snapshot.query, width, `600 24px ${FONT_FAMILY}`),
      subtext: oneLine(subtitle(snapshot, shown, zone), width, `17px ${FONT_FAMILY}`),
      textStyle: { fontSize: 24, fontWeight: 600, color: theme.text },
      subtextStyle: { fontSize: 17, color: theme.muted },
    },
    grid: {
      left: MARGIN,
      right: MARGIN + 8,
      top: 108 + markRows(labels),
      bottom: 46 + (x.lines - 1) * TICK_LINE + (legend?.height ?? 0),
      outerBoundsMode: 'same',
      outerBoundsContain: 'axisLabel',
    },
    xAxis: {
      // Not a time axis: that type overrides sizes and picks its own ticks.
      type: 'value',
      min: from,
      max: Math.max(to, from + 1),
      // A narrow chart has no room for it in one line.
      name: width < NARROW ? x.name.replace(' (', '\n(') : x.name,
      nameLocation: 'middle',
      nameGap: 38 + (x.lines - 1) * TICK_LINE,
      nameTextStyle: small,
      axisLine: { onZero: false, lineStyle: { color: theme.muted } },
      axisTick: { customValues: x.ticks },
      axisLabel: { ...small, margin: 12, customValues: x.ticks, formatter: x.label, hideOverlap: true },
      splitLine: { show: false },
    },
    yAxis: {
      type: 'value',
      min: y.min,
      max: y.max,
      interval: y.interval,
      axisLine: { show: false },
      axisTick: { show: false },
      // The numbers of an empty axis would be read as values.
      axisLabel: { ...small, formatter: y.label, show: values.length > 0 },
      splitLine: { lineStyle: { color: theme.grid } },
    },
    graphic: [...(legend?.elements ?? []), ...(values.length > 0 ? [] : [noData(theme, width, height)])],
    series: [
      ...shown.map((series, i) => ({
        type: 'line',
        data: drawable(series, y),
        connectNulls: false,
        symbol: 'none',
        showSymbol: true,
        lineStyle: { width: 2.5, type: dashOf(i) ?? 'solid' },
      })),
      // A separate series, so that the marks appear even without data.
      { type: 'line', data: [], markLine: marks({ ...snapshot, limit }, labels, theme) },
    ],
  }
}

const labelsOf = (snapshot: ChartSnapshot, { width, zone }: { width: number; zone: string }) =>
  markLabels(snapshot, { width: width - 2 * MARGIN - AXIS, clock: clockIn(zone) })

/** The height that the labels of moments add to a chart, in CSS pixels. */
export const labelHeight = (snapshot: ChartSnapshot, place: { width: number; zone: string }): number =>
  markRows(labelsOf(snapshot, place))

/** Below this the axis's title takes two lines, in CSS pixels. */
const NARROW = 500
/** Room that one label of the time axis needs, in CSS pixels. */
const TICK_WIDTH = 90
/** Height of a second line of tick labels, in CSS pixels. */
const TICK_LINE = 20
/** About how wide the labels of the vertical axis are, in CSS pixels. */
const AXIS = 64
/** Up to how many times the largest value a limit is drawn. */
const LIMIT_IN_SIGHT = 4

const isNear = ({ limit, series }: ChartSnapshot): boolean =>
  limit !== undefined && series.some(({ points }) => finite(points).some((value) => value * LIMIT_IN_SIGHT >= limit))

/** One line of text, truncated at the chart's edge; a little early, because without a browser its width is an estimate. */
const oneLine = (text: string, width: number, font: string) =>
  format.truncateText(text.replace(/\s+/g, ' '), (width - 2 * MARGIN) * 0.95, font, '…')

/** ECharts draws no line for a value without neighbours, so only that value gets a dot. */
const drawable = ({ points }: Series, { min, max }: ValueAxis) => {
  const value = (i: number): number | null => {
    const known = points[i]?.[1] ?? null
    // Numbers too large for any axis are drawn at its edge.
    return known !== null && Number.isFinite(known) ? Math.min(max, Math.max(min, known)) : null
  }
  return points.map(([time], i) => {
    const alone = value(i - 1) === null && value(i + 1) === null
    return alone ? { value: [time, value(i)], symbol: 'circle', symbolSize: 8 } : [time, value(i)]
  })
}

/** The change, the series it belongs to where there are several, and how many series are not drawn. */
const subtitle = (snapshot: ChartSnapshot, shown: Series[], zone: string): string => {
  const { series } = snapshot
  const change = changeInWords(snapshot, zone)
  const of = change && shown.length > 1 && shown[0]?.name ? `${shorten(shown[0].name, LONGEST_NAME)}: ` : ''
  const cut = shown.length < series.length && shown.length > 0
  return `${of}${change}${change && cut ? ' · ' : ''}${cut ? `${shown.length} of ${series.length} series` : ''}`
}
