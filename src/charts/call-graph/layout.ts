import { Graph, layout } from '@dagrejs/dagre'
import type { CallGraph, CallGraphEdge } from '../../incident/call-graph.ts'
import { type Box, boxOf, foldedBox, labelLines, labelSize } from './boxes.ts'

type Point = { x: number; y: number }

/** A box with the place of its centre, CSS pixels. */
export type PlacedBox = Box & { x: number; y: number }

/** A call with its way from box to box, and the centre of its label. */
export type PlacedCall = {
  edge: CallGraphEdge | undefined
  points: Point[]
  label: { x: number; y: number; lines: string[]; width: number; height: number } | undefined
}

export type PlacedGraph = { width: number; height: number; boxes: PlacedBox[]; calls: PlacedCall[] }

/** Places callers left of what they call. The same graph is placed the same each time. */
export const placed = ({ nodes, edges, folded }: CallGraph): PlacedGraph => {
  const graph = new Graph({ multigraph: false })
  graph.setGraph({ rankdir: 'LR', nodesep: 16, edgesep: 10, ranksep: 22, marginx: 0, marginy: 0 })
  const boxes = [...nodes.map(boxOf), ...folded.map(foldedBox)]
  for (const { id, width, height } of boxes) graph.setNode(id, { width, height })
  const known = new Set(boxes.map(({ id }) => id))
  const drawn = edges.filter(({ client, server }) => client !== server && known.has(client) && known.has(server))
  for (const edge of drawn) {
    const lines = labelLines(edge)
    graph.setEdge(edge.client, edge.server, { ...labelSize(lines), labelpos: 'c', weight: edge.trouble ? 4 : 1 })
  }
  for (const { at, side } of folded) {
    const id = `+${side} ${at}`
    if (known.has(at))
      graph.setEdge(...((side === 'callers' ? [id, at] : [at, id]) as [string, string]), { width: 0, height: 0 })
  }
  layout(graph)
  const { width = 0, height = 0 } = graph.graph() as { width?: number; height?: number }
  const byPair = new Map(drawn.map((edge) => [`${edge.client}\u0000${edge.server}`, edge]))
  const placedBoxes = new Map(
    boxes.map((box) => {
      const { x = 0, y = 0 } = graph.node(box.id) as { x?: number; y?: number }
      return [box.id, { ...box, x, y }]
    }),
  )
  const ways: Way[] = graph.edges().map(({ v, w }: { v: string; w: string }) => {
    const { points = [], x, y } = graph.edge(v, w) as { points?: Point[]; x?: number; y?: number }
    return { client: v, server: w, points, x, y }
  })
  levelEnds(ways, placedBoxes)
  return {
    width: Number.isFinite(width) ? width : 0,
    height: Number.isFinite(height) ? height : 0,
    boxes: [...placedBoxes.values()],
    calls: ways.map(({ client, server, points, x, y }) => {
      const edge = byPair.get(`${client}\u0000${server}`)
      const lines = edge ? labelLines(edge) : []
      const label =
        lines.length > 0 && x !== undefined && y !== undefined ? { x, y, lines, ...labelSize(lines) } : undefined
      return { edge, points, label }
    }),
  }
}

type Way = { client: string; server: string; points: Point[]; x: number | undefined; y: number | undefined }

/** How much of a box's side is free of lines at either end, CSS pixels. */
const CORNER = 9

/**
 * Lets calls leave a box on its right and arrive on the left of the next, spread over the side: the layout aims at the
 * middle of boxes, and lines would pass behind others. A call against the direction of the others stays as it is.
 */
const levelEnds = (ways: readonly Way[], boxes: ReadonlyMap<string, PlacedBox>): void => {
  const forward = ways.filter(({ client, server, points }) => {
    const [from, to] = [boxes.get(client), boxes.get(server)]
    return from && to && points.length > 2 && from.x + from.width / 2 < to.x - to.width / 2
  })
  const spread = (group: readonly Way[], box: PlacedBox | undefined, side: 'left' | 'right') => {
    if (!box) return
    const last = (way: Way) => (side === 'right' ? 0 : way.points.length - 1)
    const beside = (way: Way) => way.points[side === 'right' ? 1 : way.points.length - 2]?.y ?? 0
    const room = box.height - 2 * CORNER
    const sorted = group.toSorted((a, b) => beside(a) - beside(b))
    for (const [i, way] of sorted.entries())
      way.points[last(way)] = {
        x: box.x + (side === 'right' ? box.width / 2 : -box.width / 2),
        y: box.y - room / 2 + (room * (i + 1)) / (sorted.length + 1),
      }
  }
  for (const [name, group] of Map.groupBy(forward, ({ client }) => client)) spread(group, boxes.get(name), 'right')
  for (const [name, group] of Map.groupBy(forward, ({ server }) => server)) spread(group, boxes.get(name), 'left')
}
