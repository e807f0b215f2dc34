import { LineChart } from 'echarts/charts'
import { GraphicComponent, GridComponent, MarkLineComponent, TitleComponent } from 'echarts/components'
import * as echarts from 'echarts/core'
import { SVGRenderer } from 'echarts/renderers'
import type { ChartSnapshot } from '../incident/evidence.ts'
import { chartOption } from './option.ts'
import type { ThemeName } from './theme.ts'

echarts.use([LineChart, GraphicComponent, GridComponent, MarkLineComponent, TitleComponent, SVGRenderer])

/** How a chart is to look. */
export type ChartOptions = {
  theme?: ThemeName
  /** In CSS pixels; text sizes are made for the defaults, 800 by 450. */
  width?: number
  height?: number
  /** Pixels of the PNG for one CSS pixel; 2 by default. */
  scale?: number
}

/** The chart as SVG text; the same snapshot gives the same text, wherever it is drawn. */
export const drawSvg = (snapshot: ChartSnapshot, options: ChartOptions = {}): string => {
  const { theme = 'light', width = 800, height = 450 } = options
  const chart = echarts.init(null, null, { renderer: 'svg', ssr: true, width, height })
  try {
    chart.setOption(chartOption(snapshot, { theme, width, height }))
    return still(chart.renderToSVGString())
  } finally {
    chart.dispose()
  }
}

/**
 * Without what ECharts adds for a mouse. Its styles also carry numbers counted up within the process, which would make
 * two drawings of one snapshot differ.
 */
const still = (svg: string): string =>
  svg
    .replace(/<style[^>]*>.*?<\/style>/gs, '')
    .replace(/ (class="zr\d+-cls-\d+"|ecmeta_\w+="[^"]*"|pointer-events="\w+")/g, '')
    .replace(/\bzr\d+-/g, 'zr-')
    // XML has no way to write these, and somebody's label may well hold them.
    .replace(/[[\p{Cc}\p{Noncharacter_Code_Point}]--[\t\n\r]]/gv, '\uFFFD')
    .toWellFormed()
