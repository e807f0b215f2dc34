import { parentPort } from 'node:worker_threads'
import { messageOf } from '../incident/errors.ts'
import type { ChartSnapshot } from '../incident/evidence.ts'
import { type ChartOptions, drawSvg } from './draw.ts'
import { toPng } from './png.ts'

/** What the thread is asked to draw, one chart at a time. */
export type Drawing = { format: 'svg' | 'png'; snapshot: ChartSnapshot; options: ChartOptions }

/** What comes back: SVG text, PNG bytes, or why there is no picture. */
export type Drawn = { picture: string | Uint8Array } | { error: string }

/** Answers one drawing. Drawing takes the CPU for a tenth of a second: this thread is there so that nobody else waits for it. */
const draw = ({ format, snapshot, options }: Drawing): Drawn => {
  try {
    const svg = drawSvg(snapshot, options)
    return { picture: format === 'svg' ? svg : toPng(svg, options.scale ?? 2) }
  } catch (error) {
    return { error: messageOf(error) }
  }
}

parentPort?.on('message', (drawing: Drawing) => parentPort?.postMessage(draw(drawing)))
