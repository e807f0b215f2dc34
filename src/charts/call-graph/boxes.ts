import type { CallGraph, CallGraphEdge, CallGraphNode } from '../../incident/call-graph.ts'
import { failedText, rateText } from '../../incident/call-graph-words.ts'
import { formatValue } from '../../incident/unit.ts'
import { widestPart, widthOf, wrapped, wrappedName } from './text.ts'

/** Sizes in CSS pixels. Narrow boxes and large letters: the picture is viewed on a phone. */
const NAME_SIZE = 16.5
const WORD_SIZE = 14.5
export const LABEL_SIZE = 14.5
const NAME_LINE = 20
const WORD_LINE = 17
/** Height of one line of a label. */
export const LABEL_LINE = WORD_LINE
const BOX_WIDTH = 156
/** For names with a long part: `recommendation-worker`. */
const WIDEST_BOX = 204
const PADDING = 8
const FOLDED_WIDTH = 80
/** Names are semibold, and wider than measured. */
const NAME_SHARE = 0.96
/** Lines under a name; more would make one box fill the picture. */
const MOST_LINES = 5

/** One line of a box. */
type Line = { text: string; size: number; height: number; weight: 'strong' | 'plain'; is: 'name' | 'words' }

/** A box with its lines, or a placeholder for several services that are not drawn. */
export type Box = {
  id: string
  width: number
  height: number
  lines: Line[]
  node: CallGraphNode | undefined
}

const KINDS: Record<CallGraphNode['kind'], string> = {
  service: '',
  database: 'database',
  messaging: 'message broker',
  external: 'outside',
  entry: 'entry',
}

export const boxOf = (node: CallGraphNode): Box => {
  const needed = widestPart(node.service, NAME_SIZE) / NAME_SHARE + 2 * PADDING
  const outer = Math.ceil(Math.min(WIDEST_BOX, Math.max(BOX_WIDTH, needed)))
  const width = outer - 2 * PADDING
  const isSuspect = node.state === 'likely' || node.state === 'possible'
  // An affected external service is also labelled as external.
  const kind = node.kind === 'external' && node.words.length > 0 ? '' : KINDS[node.kind]
  const words: Line[] = []
  for (const [i, text] of [...node.words, ...(kind === '' ? [] : [kind])].entries()) {
    const lines = wrapped(text, { width, size: WORD_SIZE, most: 3 })
    if (words.length + lines.length <= MOST_LINES) words.push(...lines.map((line) => word(line, isSuspect && i === 0)))
  }
  const name = wrappedName(node.service, { width: width * NAME_SHARE, size: NAME_SIZE, most: 3 })
  const lines: Line[] = [
    ...name.map((text): Line => ({ text, size: NAME_SIZE, height: NAME_LINE, weight: 'strong', is: 'name' })),
    ...words,
  ]
  return { id: node.service, ...sizeOf(lines), width: outer, lines, node }
}

/** A suspect's state is highlighted: it repeats in text what the colour means. */
const word = (text: string, strong = false): Line => ({
  text,
  size: WORD_SIZE,
  height: WORD_LINE,
  weight: strong ? 'strong' : 'plain',
  is: 'words',
})

const sizeOf = (lines: readonly Line[]) => ({
  width: BOX_WIDTH,
  height: lines.reduce((sum, { height }) => sum + height, 0) + 2 * PADDING - 2,
})

/** `+12 more`, beside the service that they call or that calls them. */
export const foldedBox = ({ at, side, count }: CallGraph['folded'][number]): Box => {
  const lines = [word(`+${count} more`), word(side)]
  return { id: `+${side} ${at}`, ...sizeOf(lines), width: FOLDED_WIDTH, lines, node: undefined }
}

/** The label of a call: request rate, failure rate, and latency where relevant. */
export const labelLines = ({ rate, failed, latencyMs, isNew, trouble }: CallGraphEdge): string[] => {
  const broken = failed === null ? undefined : failedText(failed)
  return [
    ...(rate === null ? (isNew ? ['new'] : []) : [isNew ? `new: ${rateText(rate)}` : rateText(rate)]),
    ...(broken ? [`${broken} failed`] : []),
    ...(trouble && latencyMs !== null ? [`p90 ${formatValue(latencyMs, 'ms')}`] : []),
  ]
}

/** The room that a label takes, with a little air around it. */
export const labelSize = (lines: readonly string[]): { width: number; height: number } => ({
  width: lines.length === 0 ? 12 : Math.max(...lines.map((text) => widthOf(text, LABEL_SIZE))) + 4,
  height: lines.length * WORD_LINE,
})
