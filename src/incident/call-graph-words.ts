import type { CallGraph, CallGraphEdge, CallGraphNode } from './call-graph.ts'
import { formatValue } from './unit.ts'

/** `184/s` */
export const rateText = (rate: number): string => formatValue(rate, '/s')

/** Percent with sensible rounding: `85 %`, `2.3 %`, `0.2 %`; undefined when negligible. */
export const failedText = (percent: number): string | undefined => {
  if (percent < 0.05) return undefined
  return formatValue(percent, '%')
}

/** Calls listed individually; more would not fit into the alternative text. */
const MOST_CALLS = 12

/**
 * Alternative text of the picture: who is affected, what is new, who calls whom. Calls that do not fit are omitted.
 * `mysql: likely cause, connections 41 -> 648. shipping calls mysql (120/s, 30 % failed).`
 */
export const callGraphInWords = ({ title, nodes, edges, leftOut }: CallGraph): string => {
  const troubled = nodes.filter(({ words }) => words.length > 0)
  const busiest = edges.toSorted((a, b) => weight(b) - weight(a))
  const more = busiest.length - MOST_CALLS
  return [
    `${title}: ${nodes.length === 0 ? 'no calls found' : counted(nodes.length, 'service')}.`,
    ...troubled.map((node) => `${nodeInWords(node)}.`),
    ...busiest.slice(0, MOST_CALLS).map((edge) => `${edgeInWords(edge)}.`),
    ...(more > 0 ? [`${counted(more, 'more call')}.`] : []),
    ...(leftOut > 0 ? [`${counted(leftOut, 'more service')} not drawn.`] : []),
  ].join(' ')
}

const nodeInWords = ({ service, words }: CallGraphNode): string => `${service}: ${words.join(', ')}`

const edgeInWords = ({ client, server, rate, failed, isNew }: CallGraphEdge): string => {
  const broken = failed === null ? undefined : failedText(failed)
  const figures = [...(rate === null ? [] : [rateText(rate)]), ...(broken ? [`${broken} failed`] : [])]
  return `${client} ${isNew ? 'began to call' : 'calls'} ${server}${figures.length > 0 ? ` (${figures.join(', ')})` : ''}`
}

/** New or failing calls come first, then the busiest. */
const weight = ({ isNew, trouble, rate }: CallGraphEdge): number =>
  (isNew ? 2e9 : 0) + (trouble ? 1e9 : 0) + Math.min(rate ?? 0, 1e8)

const counted = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`
