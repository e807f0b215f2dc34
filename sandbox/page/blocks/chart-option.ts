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

/** Colours in CSS notation, and the page's font, which ECharts needs to measure text. */
export type Looks = { font: string; ink: string; quiet: string; line: string; paper: string; series: string[] }

/** ECharts options for a chart. */
export function chartOption({ chart }: { chart: ChartSpec }, looks: Looks): EChartsOption {
  const shared = {
    color: looks.series,
    animation: false,
    textStyle: { fontFamily: looks.font, color: looks.ink },
    tooltip: {
      trigger: chart.type === 'pie' ? ('item' as const) : ('axis' as const),
      backgroundColor: looks.paper,
      borderColor: looks.line,
      textStyle: { color: looks.ink, fontSize: 12 },
      confine: true,
      // Names come from outside; render them as text, not HTML.
      renderMode: 'richText' as const,
    },
  }
  return chart.type === 'pie' ? { ...shared, ...pie(chart, looks) } : { ...shared, ...axes(chart, looks) }
}

function pie(chart: Extract<ChartSpec, { type: 'pie' }>, looks: Looks): EChartsOption {
  const total = chart.segments.reduce((sum, { value }) => sum + value, 0)
  const share = (name: string) => {
    const value = chart.segments.find(({ label }) => label === name)?.value ?? 0
    return `${name}   ${Math.round((100 * value) / total)} %`
  }
  return {
    // A legend instead of labels around the ring, which do not fit on a phone.
    legend: {
      orient: 'vertical',
      left: '52%',
      top: 'middle',
      icon: 'roundRect',
      itemWidth: 12,
      itemHeight: 12,
      formatter: share,
      textStyle: { color: looks.ink, fontSize: 13 },
    },
    series: [
      {
        type: 'pie',
        center: ['26%', '50%'],
        radius: ['48%', '82%'],
        itemStyle: { borderColor: looks.paper, borderWidth: 2 },
        label: { show: false },
        data: chart.segments.map(({ label, value }) => ({ name: label, value })),
      },
    ],
  }
}

function axes(chart: Extract<ChartSpec, { type: 'line' | 'bar' | 'area' }>, looks: Looks): EChartsOption {
  const { categories, x_label, y_label } = chart.axis_config
  const labels = { color: looks.quiet, fontSize: 11 }
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
            textStyle: { color: looks.ink, fontSize: 12 },
          },
        }
      : {}),
    xAxis: {
      type: 'category',
      data: categories,
      boundaryGap: chart.type === 'bar',
      axisLabel: { ...labels, hideOverlap: true },
      axisLine: { lineStyle: { color: looks.line } },
      axisTick: { show: false },
      ...(x_label ? { name: x_label, nameLocation: 'middle', nameGap: 26, nameTextStyle: labels } : {}),
    },
    yAxis: {
      type: 'value',
      axisLabel: labels,
      splitLine: { lineStyle: { color: looks.line } },
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

/** Text alternative of a chart: each series with its values. */
export function chartSentence({ title, chart }: { title: string; chart: ChartSpec }): string {
  const points = (data: Point[]) => data.map(({ label, value }) => `${label} ${value}`).join(', ')
  if (chart.type === 'pie') return `${title}: ${points(chart.segments)}.`
  const unit = chart.axis_config.y_label ? ` (${chart.axis_config.y_label})` : ''
  return `${title}${unit}. ${chart.series.map(({ name, data }) => `${name}: ${points(data)}.`).join(' ')}`
}
