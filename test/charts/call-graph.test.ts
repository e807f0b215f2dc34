import { describe, expect, test } from 'vitest'
import { drawCallGraph } from '../../src/charts/call-graph/draw.ts'
import { placed } from '../../src/charts/call-graph/layout.ts'
import { toPng } from '../../src/charts/png.ts'
import { CallGraph } from '../../src/incident/call-graph.ts'
import { callGraphInWords, failedText } from '../../src/incident/call-graph-words.ts'
import { at } from './snapshots.ts'

type Input = Partial<{ [Member in keyof CallGraph]: unknown }>

const node = (service: string, more: object = {}) => ({ service, kind: 'service', state: 'usual', ...more })
const edge = (client: string, server: string, more: object = {}) => ({
  client,
  server,
  rate: 10,
  failed: 0,
  latencyMs: null,
  ...more,
})
const graph = (more: Input = {}): CallGraph =>
  CallGraph.parse({
    kind: 'call_graph',
    source: 'Istio',
    title: 'Who calls whom around shipping',
    at,
    nodes: [
      node('web'),
      node('shipping', { state: 'affected', focus: true, words: ['alerting: slow', 'because of mysql'] }),
      node('mysql', { kind: 'database', state: 'likely', words: ['likely cause', 'Connections 41 → 648'] }),
      node('pending-orders-recreation'),
    ],
    edges: [
      edge('web', 'shipping', { rate: 8.2, failed: 30, latencyMs: 9300, trouble: true }),
      edge('shipping', 'mysql', { trouble: true }),
      edge('pending-orders-recreation', 'mysql', { rate: 184, isNew: true }),
    ],
    ...more,
  })

/** Everything that is written in the picture. */
const words = (snapshot: CallGraph, options = {}) =>
  [...drawCallGraph(snapshot, options).matchAll(/<text[^>]*>([^<]*)<\/text>/g)].map(([, text]) => text)

describe('the rendered call graph', () => {
  test('labels what is wrong, the request rate and what fails', () => {
    expect(words(graph())).toEqual(
      expect.arrayContaining([
        ...['Who calls whom around shipping', 'Istio · 03:00, UTC', 'likely cause', 'because of mysql', 'database'],
        ...['8.2/s', '30 % failed', 'p90 9.3 s', 'new: 184/s'],
      ]),
    )
    expect(words(graph()).join(' ')).toContain(
      'red: likely cause · yellow: not as usual · dashed: new caller · on lines: requests a second, share that failed',
    )
    expect(words(graph(), { zone: 'Asia/Kolkata' })).toContain('Istio · 08:30, Asia/Kolkata (UTC+5:30)')
  })

  test('draws a new caller dashed, and no other call', () => {
    const dashed = (snapshot: CallGraph) => drawCallGraph(snapshot).match(/stroke-dasharray="9 5"/g) ?? []
    expect(dashed(graph())).toHaveLength(1)
    expect(dashed(graph({ edges: [edge('web', 'shipping')] }))).toHaveLength(0)
  })

  test('places callers left of what they call, without overlapping boxes', () => {
    const many = Array.from({ length: 24 }, (_, i) =>
      node(i % 4 === 0 ? `eu-west-1-recommendation-worker-${i}` : `s${i}`),
    )
    const calls = many.slice(1).map(({ service }, i) => edge(many[Math.floor(i / 3)]?.service as string, service))
    const { boxes } = placed(graph({ nodes: many, edges: calls, folded: [{ at: 's1', side: 'callees', count: 12 }] }))
    const box = (id: string) => boxes.find((one) => one.id === id)
    expect(box('s1')!.x).toBeLessThan(box('s5')!.x)
    const clash = boxes.flatMap((a, i) =>
      boxes
        .slice(i + 1)
        .filter(
          (b) => Math.abs(a.x - b.x) < (a.width + b.width) / 2 && Math.abs(a.y - b.y) < (a.height + b.height) / 2,
        ),
    )
    expect(clash).toEqual([])
    expect(words(graph({ nodes: many, folded: [{ at: 's1', side: 'callees', count: 12 }] }))).toContain('+12 more')
  })

  test('keeps both ends of a long name, and all text inside its box', () => {
    const service = `checkout-${'x'.repeat(120)}-eu-west-1`
    const written = words(graph({ nodes: [node(service)], edges: [] }))
    expect(written.join('')).toMatch(/checkout-.*….*eu-west-1/)
    const [box] = placed(graph({ nodes: [node(service)], edges: [] })).boxes
    expect(box?.lines.filter(({ is }) => is === 'name')).toHaveLength(3)
  })

  test('breaks neither a long part of a name nor the two values of a signal', () => {
    const nodes = [
      node('recommendation-12', { state: 'likely', words: ['likely cause', 'Connections 41 → 648 (limit 648)'] }),
    ]
    expect(words(graph({ nodes, edges: [] }))).toEqual(
      expect.arrayContaining(['recommendation-', '12', 'Connections', '41 → 648 (limit 648)']),
    )
  })

  test.each([
    ['Mean latency 196 ms → 7.68 s', ['Mean latency', '196 ms → 7.68 s']],
    ['Cache hits of the pool 97 % → 4 %', ['Cache hits of the', 'pool 97 % → 4 %']],
    ['Open connections 41 → 648', ['Open connections', '41 → 648']],
    ['Time lost on calls 1.52 ms → 1795.25 ms', ['Time lost on calls', '1.52 ms → 1795.25', 'ms']],
  ])('breaks the lines of %s beside its numbers', (text, lines) => {
    const nodes = [node('db', { state: 'likely', words: ['likely cause', text] })]
    expect(words(graph({ nodes, edges: [] }))).toEqual(expect.arrayContaining(lines))
  })

  test('is identical each time, in both themes', () => {
    expect(drawCallGraph(graph())).toBe(drawCallGraph(graph()))
    expect(drawCallGraph(graph(), { theme: 'dark' })).toContain('#1a1d21')
  })

  test.each([
    ['one service', { nodes: [node('web')], edges: [] }],
    ['no service', { nodes: [], edges: [] }],
    ['two that call each other', { edges: [edge('web', 'shipping'), edge('shipping', 'web')] }],
    [
      'names with mark-up and other scripts',
      { nodes: [node('<b>&"'), node('支付服务')], edges: [edge('<b>&"', '支付服务')] },
    ],
    ['a call to something that is not drawn', { edges: [edge('web', 'elsewhere'), edge('web', 'web')] }],
  ])('of %s renders', (_, more) => {
    expect(Buffer.from(toPng(drawCallGraph(graph(more)), 1)).toString('latin1', 1, 4)).toBe('PNG')
  })

  test('says so when there are no calls', () => {
    expect(words(graph({ nodes: [], edges: [] }))).toContain('No calls found')
  })
})

describe('the alternative text', () => {
  test('lists trouble first, then new calls, then busy ones', () => {
    expect(callGraphInWords(graph({ leftOut: 12 }))).toBe(
      'Who calls whom around shipping: 4 services. shipping: alerting: slow, because of mysql. mysql: likely cause, Connections 41 → 648. pending-orders-recreation began to call mysql (184/s). shipping calls mysql (10/s). web calls shipping (8.2/s, 30 % failed). 12 more services not drawn.',
    )
  })

  test.each([
    [0.00194, undefined],
    [0.2, '0.2 %'],
    [2.34, '2.3 %'],
    [84.6, '85 %'],
  ])('%d percent failed is %s', (percent, expected) => {
    expect(failedText(percent)).toBe(expected)
  })
})
