import { formatDuration } from '../incident/measure.ts'
import type { Picture } from '../postmortem/html.ts'

/** One bar; without a value there is none, which is not the same as zero. */
export type Bar = { label: string; value: number | undefined }

const WIDTH = 860
const HEIGHT = 220
const TOP = 26
const BOTTOM = 26
/** A label every so many bars, so that they do not overlap. */
const ROOM_FOR_LABEL = 62

/** Bars with their values on them, as an SVG that shows the same on any background. */
export const barChart = (path: string, bars: readonly Bar[], kind: 'count' | 'duration'): Picture => {
  const most = Math.max(1, ...bars.map(({ value = 0 }) => value))
  const step = WIDTH / Math.max(1, bars.length)
  const every = Math.ceil(ROOM_FOR_LABEL / step)
  const base = HEIGHT - BOTTOM
  const parts = bars.flatMap(({ label, value }, i) => {
    const middle = (i + 0.5) * step
    const height = value === undefined ? 0 : (value / most) * (base - TOP)
    const text = value === undefined || value === 0 ? '' : kind === 'count' ? String(value) : formatDuration(value)
    return [
      `<rect x="${place(middle - step * 0.36)}" y="${place(base - height)}" width="${place(step * 0.72)}" height="${place(height)}" rx="2" fill="#3b6fd4"/>`,
      `<text x="${place(middle)}" y="${place(base - height - 6)}">${escaped(text)}</text>`,
      ...(i % every === 0
        ? [`<text x="${place(middle)}" y="${HEIGHT - 8}" fill="#5a6473">${escaped(label)}</text>`]
        : []),
    ]
  })
  const svg = [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" width="${WIDTH}" height="${HEIGHT}">`,
    `<rect width="${WIDTH}" height="${HEIGHT}" fill="#fff"/>`,
    '<g font-family="system-ui, sans-serif" font-size="13" text-anchor="middle" fill="#1d2430">',
    ...parts,
    `</g><line x1="0" x2="${WIDTH}" y1="${base}" y2="${base}" stroke="#8a94a3"/></svg>`,
  ].join('')
  return { path, mediaType: 'image/svg+xml', bytes: Buffer.from(svg) }
}

const place = (value: number): string => value.toFixed(1)
const escaped = (text: string): string => text.replace(/&/g, '&amp;').replace(/</g, '&lt;')
