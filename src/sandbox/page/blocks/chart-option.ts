import type { EChartsOption } from 'echarts'

type Point = { label: string; value: number }

/** The `chart` of a data_visualization block. */
export type ChartSpec =
  | {
      type: 'line' | 'bar' | 'area'
      series: { name: string; data: Point[] }[]
      axis_config: { categories: string[]; x_label?: string; y_label?: string }
    }
  | { type: 'pie'; segments: Point[] }

export type Colours = { ink: string; quiet: string; line: string; paper: string; series: string[] }

/** What ECharts is told to draw. */
export function chartOption({ chart }: { chart: ChartSpec }, colours: Colours): EChartsOption {
  const shared = {
    color: colours.series,
    animation: false,
    textStyle: { fontFamily: 'inherit', color: colours.ink },
    tooltip: {
      trigger: chart.type === 'pie' ? ('item' as const) : ('axis' as const),
      backgroundColor: colours.paper,
      borderColor: colours.line,
      textStyle: { color: colours.ink, fontSize: 12 },
      confine: true,
      // Names come from outside: as text, never as markup.
      renderMode: 'richText' as const,
    },
  }
  return chart.type === 'pie' ? { ...shared, ...pie(chart, colours) } : { ...shared, ...axes(chart, colours) }
}

function pie(chart: Extract<ChartSpec, { type: 'pie' }>, colours: Colours): EChartsOption {
  return {
    series: [
      {
        type: 'pie',
        radius: ['42%', '72%'],
        itemStyle: { borderColor: colours.paper, borderWidth: 2 },
        label: { color: colours.ink, formatter: '{b}  {d} %' },
        labelLine: { lineStyle: { color: colours.quiet } },
        data: chart.segments.map(({ label, value }) => ({ name: label, value })),
      },
    ],
  }
}

function axes(chart: Extract<ChartSpec, { type: 'line' | 'bar' | 'area' }>, colours: Colours): EChartsOption {
  const { categories, x_label, y_label } = chart.axis_config
  const labels = { color: colours.quiet, fontSize: 11 }
  const hasLegend = chart.series.length > 1
  return {
    grid: {
      top: hasLegend ? 34 : 22,
      right: 16,
      bottom: x_label ? 26 : 6,
      left: 6,
      outerBoundsMode: 'same',
      outerBoundsContain: 'axisLabel',
    },
    ...(hasLegend
      ? {
          legend: {
            top: 0,
            left: 0,
            icon: 'roundRect',
            itemWidth: 12,
            itemHeight: 4,
            textStyle: { color: colours.ink, fontSize: 12 },
          },
        }
      : {}),
    xAxis: {
      type: 'category',
      data: categories,
      boundaryGap: chart.type === 'bar',
      axisLabel: { ...labels, hideOverlap: true },
      axisLine: { lineStyle: { color: colours.line } },
      axisTick: { show: false },
      ...(x_label ? { name: x_label, nameLocation: 'middle', nameGap: 26, nameTextStyle: labels } : {}),
    },
    yAxis: {
      type: 'value',
      axisLabel: labels,
      splitLine: { lineStyle: { color: colours.line } },
      splitNumber: 4,
      ...(y_label ? { name: y_label, nameTextStyle: { ...labels, align: 'left' }, nameGap: 8 } : {}),
    },
    series: chart.series.map(({ name, data }) => ({
      name,
      type: chart.type === 'bar' ? 'bar' : 'line',
      data: categories.map((category) => data.find(({ label }) => label === category)?.value ?? null),
      showSymbol: false,
      lineStyle: { width: 2 },
      barMaxWidth: 28,
      ...(chart.type === 'area' ? { areaStyle: { opacity: 0.18 } } : {}),
    })),
  }
}

/** The chart in words: each series with its values, for those who do not see it. */
export function chartSentence({ title, chart }: { title: string; chart: ChartSpec }): string {
  const points = (data: Point[]) => data.map(({ label, value }) => `${label} ${value}`).join(', ')
  if (chart.type === 'pie') return `${title}: ${points(chart.segments)}.`
  const unit = chart.axis_config.y_label ? ` (${chart.axis_config.y_label})` : ''
  return `${title}${unit}. ${chart.series.map(({ name, data }) => `${name}: ${points(data)}.`).join(' ')}`
}
