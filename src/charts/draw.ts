import { LineChart } from 'echarts/charts'
import { GraphicComponent, GridComponent, MarkLineComponent, TitleComponent } from 'echarts/components'
import * as echarts from 'echarts/core'
import { SVGRenderer } from 'echarts/renderers'
import type { ChartSnapshot } from '../incident/evidence.ts'
import { chartOption, labelHeight } from './option.ts'
import type { ThemeName } from './theme.ts'

echarts.use([LineChart, GraphicComponent, GridComponent, MarkLineComponent, TitleComponent, SVGRenderer])

/** Appearance of a chart. */
export type ChartOptions = {
  theme?: ThemeName
  /** Whose clock the horizontal axis shows, an IANA zone; UTC by default. */
  zone?: string
  /** In CSS pixels, 800 by 450 by default; text sizes do not scale with it. */
  width?: number
  height?: number
  /** PNG pixels per CSS pixel; 2 by default. */
  scale?: number
}

/** The chart as SVG text; the same snapshot gives the same text, wherever it is drawn. */
export const drawSvg = (snapshot: ChartSnapshot, options: ChartOptions = {}): string => {
  const { theme = 'light', width = 800, zone = 'UTC' } = options
  const height = options.height ?? 450 + labelHeight(snapshot, { width, zone })
  const chart = echarts.init(null, null, { renderer: 'svg', ssr: true, width, height })
  try {
    chart.setOption(chartOption(snapshot, { theme, width, height, zone }))
    return still(chart.renderToSVGString())
  } finally {
    chart.dispose()
  }
}

/**
 * Removes what ECharts adds for the mouse. Its class names contain a process-wide counter, which would make
 * two drawings of one snapshot differ.
 */
const still = (svg: string): string =>
  svg
    .replace(/<style[^>]*>.*?<\/style>/gs, '')
    .replace(/ (class="zr\d+-cls-\d+"|ecmeta_\w+="[^"]*"|pointer-events="\w+")/g, '')
    .replace(/\bzr\d+-/g, 'zr-')
    // XML cannot represent these characters, and a label may contain them.
    .replace(/[[\p{Cc}\p{Noncharacter_Code_Point}]--[\t\n\r]]/gv, '\uFFFD')
    .toWellFormed()
