import { expect, test } from 'vitest'
import { CallGraph } from '../../src/incident/call-graph.ts'
import { callTable } from '../../src/postmortem/call-graph.ts'
import { htmlPage } from '../../src/postmortem/html.ts'
import { elementsOf, textOf } from './html-elements.ts'

const AT = Date.UTC(2026, 2, 9, 3)
const graph = CallGraph.parse({
  kind: 'call_graph',
  source: 'Istio',
  title: 'Who calls whom around shipping',
  at: AT,
  nodes: ['web', 'shipping', 'mysql', '<b>worker</b>'].map((service) => ({ service, kind: 'service', state: 'usual' })),
  edges: [
    { client: 'web', server: 'shipping', rate: 140.2, failed: 0, latencyMs: 52.4, serverMs: 50 },
    { client: '<b>worker</b>', server: 'mysql', rate: 184, failed: null, latencyMs: null, isNew: true, since: AT },
    { client: 'shipping', server: 'mysql', rate: 12.3, failed: 84.2, latencyMs: 9300, serverMs: 1200, trouble: true },
  ],
})
const ROWS = [
  ['shipping', 'mysql', '12/s', '84 %', '9.3 s', '1.2 s', ''],
  ['<b>worker</b>', 'mysql', '184/s', '', '', '', '03:00'],
  ['web', 'shipping', '140/s', '0 %', '52.4 ms', '50 ms', ''],
]

test('the calls in numbers: trouble first, then new calls, then the busiest, with both ends of each', () => {
  expect(callTable(graph, 'UTC').rows).toEqual(ROWS)
  const inKolkata = callTable(graph, 'Asia/Kolkata')
  expect([inKolkata.columns.at(-1), inKolkata.rows[1]?.at(-1)]).toEqual([
    'First seen, Asia/Kolkata (UTC+5:30)',
    '08:30',
  ])
  const known = callTable({ ...graph, edges: graph.edges.filter(({ isNew }) => !isNew) }, 'UTC')
  expect(known.columns.at(-1)).toBe('Server p90')
})

const page = (markdown: string, table = callTable(graph, 'UTC')) =>
  htmlPage(markdown, {
    title: 'INC-1',
    pictures: [{ path: 'charts/g.png', mediaType: 'image/png', bytes: Buffer.from('png'), table }],
  })

test('they stand behind their picture, can be opened with a keyboard, and are only text', () => {
  const html = page('Before\n\n![Who calls whom](charts/g.png)\n\nAfter')
  expect(html).toMatch(/<p><img alt="Who calls whom"[^>]*><\/p>\n<details><summary>The calls in numbers<\/summary>/)
  const names = elementsOf(html).map(({ name }) => name)
  expect(names.filter((name) => name === 'details')).toHaveLength(1)
  expect(names).not.toContain('b')
  expect(names).not.toContain('script')
  expect(textOf(html)).toContain('<b>worker</b>')
  expect(html.match(/<tr>/g)).toHaveLength(ROWS.length + 1)
})

test('neither other paragraphs nor tight lists have any, nor has a picture without calls', () => {
  const html = page('Text\n\n- one\n- two\n\n![Who](charts/g.png) beside text')
  expect(html).not.toContain('<details>')
  expect(html).toContain('<li>one</li>')
  expect(page('![Who](charts/g.png)', { title: '', columns: [], rows: [] })).not.toContain('<details>')
})
