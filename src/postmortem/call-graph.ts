import { callGraphInWords } from '../incident/call-graph-words.ts'
import type { Snapshot } from '../incident/evidence.ts'
import { pictureFile, type Signal } from './evidence.ts'

/** The latest frozen picture of who calls whom as an item of evidence; nothing where none was drawn or kept. */
export const callGraphItem = async (
  hash: string | undefined,
  readSnapshot: (hash: string) => Promise<Snapshot | undefined>,
): Promise<Signal[]> => {
  const graph = hash === undefined ? undefined : await readSnapshot(hash)
  const file = hash !== undefined && graph && pictureFile(hash, graph)
  if (!file || graph?.kind !== 'call_graph') return []
  return [
    {
      ...{ title: graph.title, source: graph.source, query: null, url: null, kind: graph.kind },
      ...{ usual: null, worst: null, worst_at: null, last: null, last_at: null, moved: false },
      charts: [{ file, hash, alt: callGraphInWords(graph) }],
      ...{
        logs: null,
        missing: null,
        unit: '',
        reading: undefined,
        signal: undefined,
        service: undefined,
        lines: 0,
        gone: false,
      },
    },
  ]
}
