import type { CallGraph, CallGraphState } from '../../incident/call-graph.ts'
import { clockIn } from '../../incident/zone.ts'
import { FONT_FAMILY } from '../fonts.ts'
import { THEMES, type ThemeName } from '../theme.ts'
import { LABEL_LINE, LABEL_SIZE } from './boxes.ts'
import { type CallGraphColours, COLOURS } from './colours.ts'
import { type PlacedBox, type PlacedCall, placed } from './layout.ts'
import { escaped, rounded } from './svg.ts'
import { widthOf, wrapped } from './text.ts'

const MARGIN = 18
const TITLE_SIZE = 22
const SMALL_SIZE = 15
const LEAST_WIDTH = 520
/** Slack shows nothing of a picture that is far wider than it is high. */
const LEAST_HEIGHT = 220

export type CallGraphOptions = { theme?: ThemeName | undefined; zone?: string | undefined }

/** The picture of the call graph as SVG text; the same snapshot gives the same text. */
export const drawCallGraph = (graph: CallGraph, { theme = 'light', zone = 'UTC' }: CallGraphOptions = {}): string => {
  const { background, text, muted } = THEMES[theme]
  const colours = COLOURS[theme]
  const { boxes, calls, ...size } = placed(graph)
  const width = Math.ceil(Math.max(LEAST_WIDTH, size.width + 2 * MARGIN))
  const inner = width - 2 * MARGIN
  const title = wrapped(graph.title, { width: inner, size: TITLE_SIZE, most: 2 })
  const subtitle = wrapped(subtitleOf(graph, zone), { width: inner, size: SMALL_SIZE, most: 2 })
  const top = MARGIN + title.length * 28 + subtitle.length * 20 + 18
  const legend = graph.nodes.length > 0 ? wrapped(legendOf(graph), { width: inner, size: SMALL_SIZE, most: 3 }) : []
  const middle = Math.max(size.height, LEAST_HEIGHT - top)
  const height = Math.ceil(top + middle + 18 + legend.length * 20 + MARGIN - 6)
  const left = (width - size.width) / 2
  const down = top + (middle - size.height) / 2
  const line = (content: string, y: number, { size, fill, strong = false }: Written) =>
    `<text x="${MARGIN}" y="${y}" font-size="${size}" fill="${fill}"${strong ? ' font-weight="600"' : ''}>${escaped(content)}</text>`
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="${FONT_FAMILY}">`,
    `<rect width="${width}" height="${height}" fill="${background}"/>`,
    ...title.map((one, i) => line(one, MARGIN + 20 + i * 28, { size: TITLE_SIZE, fill: text, strong: true })),
    ...subtitle.map((one, i) => line(one, MARGIN + title.length * 28 + 14 + i * 20, { size: SMALL_SIZE, fill: muted })),
    `<g transform="translate(${rounded(left)} ${rounded(down)})">`,
    ...calls.map((call) => lineOf(call, colours)),
    ...boxes.map((box) => boxSvg(box, colours, muted)),
    ...calls.map((call) => labelOf(call, colours, { background, muted })),
    '</g>',
    ...(graph.nodes.length === 0
      ? [
          `<text x="${width / 2}" y="${top + middle / 2}" font-size="24" font-weight="600" fill="${muted}" text-anchor="middle">No calls found</text>`,
        ]
      : []),
    ...legend.map((one, i) =>
      line(one, height - MARGIN - (legend.length - 1 - i) * 20, { size: SMALL_SIZE, fill: muted }),
    ),
    '</svg>',
  ].join('\n')
}

type Written = { size: number; fill: string; strong?: boolean }

const subtitleOf = ({ at, source, notes }: CallGraph, zone: string): string => {
  const clock = clockIn(zone)
  return [source, `${clock.time(at)}, ${clock.name(at)}`, ...notes].join(' \u00b7 ')
}

const STATES: Partial<Record<CallGraphState, string>> = {
  likely: 'red: likely cause',
  possible: 'orange: possible cause',
  affected: 'yellow: not as usual',
}

/** The legend: the colours and lines that occur. */
const legendOf = ({ nodes, edges, leftOut }: CallGraph): string =>
  [
    ...Object.entries(STATES).flatMap(([state, words]) => (nodes.some((node) => node.state === state) ? [words] : [])),
    ...(edges.some(({ isNew }) => isNew) ? ['dashed: new caller'] : []),
    ...(edges.some(({ rate }) => rate !== null) ? ['on lines: requests a second, share that failed'] : []),
    ...(leftOut > 0 ? [`${leftOut} more ${leftOut === 1 ? 'service is' : 'services are'} not drawn`] : []),
  ].join(' \u00b7 ')

const colourOf = ({ edge }: PlacedCall, colours: CallGraphColours): string =>
  edge?.isNew ? colours.newCall : edge?.trouble ? colours.trouble : colours.call

/** From caller to callee, with level ends, so that lines leave and reach their boxes at right angles. */
const lineOf = (call: PlacedCall, colours: CallGraphColours): string => {
  const [first, ...others] = call.points
  if (!first) return ''
  let before = first
  const curves = others.map((point) => {
    const middle = rounded((before.x + point.x) / 2)
    const curve = `C${middle} ${rounded(before.y)} ${middle} ${rounded(point.y)} ${rounded(point.x)} ${rounded(point.y)}`
    before = point
    return curve
  })
  const colour = colourOf(call, colours)
  const dash = call.edge?.isNew ? ' stroke-dasharray="9 5"' : ''
  const width = call.edge?.trouble || call.edge?.isNew ? 3 : 1.6
  return `<path d="M${rounded(first.x)} ${rounded(first.y)} ${curves.join(' ')}" fill="none" stroke="${colour}" stroke-width="${width}"${dash}/>${arrow(call.points, colour)}`
}

/** An arrowhead at the callee, turned the way that the line arrives: from the right only where a call goes back. */
const arrow = (points: PlacedCall['points'], colour: string): string => {
  const end = points.at(-1)
  const before = points.at(-2)
  if (!end || !before) return ''
  const back = before.x > end.x ? 10 : -10
  return `<path d="M${rounded(end.x)} ${rounded(end.y)} l${back} -6 v12 z" fill="${colour}"/>`
}

const boxSvg = (box: PlacedBox, colours: CallGraphColours, muted: string): string => {
  const { x, y, width, height, lines, node } = box
  const place = `x="${rounded(x - width / 2)}" y="${rounded(y - height / 2)}" width="${width}" height="${rounded(height)}" rx="9"`
  const paint = colours[node?.state ?? 'unmeasured']
  const border = node
    ? `stroke="${paint.border}" stroke-width="${node.focus ? 3.5 : node.state === 'usual' || node.state === 'unmeasured' ? 1.2 : 2}"`
    : `stroke="${muted}" stroke-width="1.2" stroke-dasharray="3 3"`
  let down = y - height / 2 + 7
  const texts = lines.map(({ text, size, height: step, weight, is }) => {
    down += step
    const fill = is === 'name' ? paint.text : paint.words
    return `<text x="${rounded(x)}" y="${rounded(down - step * 0.26)}" font-size="${size}" fill="${fill}" text-anchor="middle"${weight === 'strong' ? ' font-weight="600"' : ''}>${escaped(text)}</text>`
  })
  const whole = node ? `<title>${escaped([node.service, ...node.words].join(': '))}</title>` : ''
  return `<g>${whole}<rect ${place} fill="${paint.fill}" ${border}/>${texts.join('')}</g>`
}

/** On a patch of the background, so that lines behind it do not cross the figures. */
const labelOf = (
  call: PlacedCall,
  colours: CallGraphColours,
  { background, muted }: { background: string; muted: string },
): string => {
  const { label, edge } = call
  if (!label || !edge) return ''
  const fill = edge.isNew || edge.trouble ? colourOf(call, colours) : muted
  const top = label.y - label.height / 2
  const width = Math.max(...label.lines.map((text) => widthOf(text, LABEL_SIZE)))
  return `<rect x="${rounded(label.x - width / 2)}" y="${rounded(top)}" width="${rounded(width)}" height="${label.height}" fill="${background}" opacity="0.85"/>${label.lines
    .map(
      (text, i) =>
        `<text x="${rounded(label.x)}" y="${rounded(top + (i + 1) * LABEL_LINE - 5)}" font-size="${LABEL_SIZE}" fill="${fill}" text-anchor="middle"${edge.isNew || edge.trouble ? ' font-weight="600"' : ''}>${escaped(text)}</text>`,
    )
    .join('')}`
}
