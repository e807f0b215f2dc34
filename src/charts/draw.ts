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
    // ECharts numbers its charts within a process; the number must not make two drawings of one snapshot differ.
    return chart.renderToSVGString().replace(/\bzr\d+-/g, 'zr-')
  } finally {
    chart.dispose()
  }
}
