import { parentPort } from 'node:worker_threads'
import { messageOf } from '../incident/errors.ts'
import type { Drawable } from '../incident/evidence.ts'
import { drawCallGraph } from './call-graph/draw.ts'
import { type ChartOptions, drawSvg } from './draw.ts'
import { toPng } from './png.ts'

/** A request to the thread, one chart at a time. */
export type Drawing = { format: 'svg' | 'png'; snapshot: Drawable; options: ChartOptions }

/** Its response: SVG text, PNG bytes, or why rendering failed. */
export type Drawn = { picture: string | Uint8Array } | { error: string }

/** Draws one chart. That takes a tenth of a second of CPU, which on the main thread would delay every request. */
const draw = ({ format, snapshot, options }: Drawing): Drawn => {
  try {
    const svg = snapshot.kind === 'chart' ? drawSvg(snapshot, options) : drawCallGraph(snapshot, options)
    return { picture: format === 'svg' ? svg : toPng(svg, options.scale ?? 2) }
  } catch (error) {
    return { error: messageOf(error) }
  }
}

parentPort?.on('message', (drawing: Drawing) => parentPort?.postMessage(draw(drawing)))
