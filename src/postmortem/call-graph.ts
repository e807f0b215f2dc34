import type { CallGraph } from '../incident/call-graph.ts'
import { callGraphInWords, failedText, rateText } from '../incident/call-graph-words.ts'
import type { Snapshot } from '../incident/evidence.ts'
import { formatValue } from '../incident/unit.ts'
import { clockIn } from '../incident/zone.ts'
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
      title: graph.title,
      source: graph.source,
      query: null,
      url: null,
      kind: graph.kind,
      usual: null,
      worst: null,
      worst_at: null,
      last: null,
      last_at: null,
      moved: false,
      charts: [{ file, hash, alt: callGraphInWords(graph) }],
      logs: null,
      missing: null,
      unit: '',
      reading: undefined,
      signal: undefined,
      service: undefined,
      lines: 0,
      gone: false,
    },
  ]
}

/** Figures behind a picture, for whoever cannot hover over it: a keyboard, a screen reader, a phone. */
export type Table = { title: string; columns: string[]; rows: string[][] }

/** Every call of the picture in numbers: trouble and new calls first, then the busiest. Times are in `zone`. */
export const callTable = ({ edges, at }: CallGraph, zone: string): Table => {
  const clock = clockIn(zone)
  const weight = ({ trouble, isNew, rate }: CallGraph['edges'][number]) =>
    (trouble ? 2e9 : 0) + (isNew ? 1e9 : 0) + Math.min(rate ?? 0, 1e8)
  const time = (ms: number | null | undefined) => (ms === null || ms === undefined ? '' : formatValue(ms, 'ms'))
  const showsSince = edges.some(({ since }) => since !== undefined)
  return {
    title: 'The calls in numbers',
    columns: [
      ...['Client', 'Server', 'Requests', 'Failed', 'Client p90', 'Server p90'],
      ...(showsSince ? [`First seen, ${clock.name(at)}`] : []),
    ],
    rows: edges
      .toSorted((a, b) => weight(b) - weight(a))
      .map(({ client, server, rate, failed, latencyMs, serverMs, since }) => [
        ...[client, server, rate === null ? '' : rateText(rate)],
        failed === null ? '' : (failedText(failed) ?? '0 %'),
        ...[time(latencyMs), time(serverMs)],
        ...(showsSince ? [since === undefined ? '' : clock.time(since)] : []),
      ]),
  }
}
