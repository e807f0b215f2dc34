import { useEffect, useRef, useState } from 'preact/hooks'
import { html } from '../html.ts'
import { type ChartSpec, chartOption, chartSentence } from './chart-option.ts'

export type DataVisualization = { title: string; chart: ChartSpec }

/** A native chart, drawn by ECharts when it scrolls into view, with a text alternative. */
export function Chart({ block }: { block: DataVisualization }) {
  const canvas = useRef<HTMLDivElement>(null)
  const [isDrawn, setDrawn] = useState(false)
  const data = JSON.stringify(block)

  useEffect(() => {
    const element = canvas.current
    if (!element) return
    let stop = () => {}
    let isGone = false
    // ECharts is a megabyte; load it only when there is a chart.
    void import('echarts').then((echarts) => {
      if (isGone) return
      const chart = echarts.init(element, null, { renderer: 'svg' })
      const draw = () => chart.setOption(chartOption(block, looksOf(element)), true)
      draw()
      setDrawn(true)
      const resized = new ResizeObserver(() => chart.resize())
      resized.observe(element)
      const dark = matchMedia('(prefers-color-scheme: dark)')
      dark.addEventListener('change', draw)
      document.addEventListener('theme', draw)
      stop = () => {
        resized.disconnect()
        dark.removeEventListener('change', draw)
        document.removeEventListener('theme', draw)
        chart.dispose()
      }
    })
    return () => {
      isGone = true
      stop()
    }
  }, [data])

  return html`
    <figure class="figure chart" role="group" aria-label="Chart: ${block.title}">
      <figcaption>${block.title}</figcaption>
      <div ref=${canvas} class="chart-canvas" data-drawn=${isDrawn} aria-hidden="true"></div>
      <p class="unseen">${chartSentence(block)}</p>
    </figure>`
}

/** Colours and font of the current theme. */
function looksOf(element: HTMLElement) {
  // Custom properties keep their `light-dark()` unresolved, so the colour is read from a probe element.
  const probe = element.ownerDocument.createElement('span')
  element.append(probe)
  const read = (name: string) => {
    probe.style.color = `var(${name})`
    return getComputedStyle(probe).color
  }
  const looks = {
    font: getComputedStyle(element).fontFamily,
    ink: read('--ink'),
    quiet: read('--ink-quiet'),
    line: read('--line'),
    paper: read('--raised'),
    series: [1, 2, 3, 4, 5, 6].map((index) => read(`--series-${index}`)),
  }
  probe.remove()
  return looks
}
