import { expect, test } from 'vitest'
import { callGraphOf } from '../../src/engine/call-graph.ts'
import type { RankingInput, SignalSeries } from '../../src/suspects/input.ts'
import { rankSuspects } from '../../src/suspects/rank.ts'
import { topologyOf } from '../../src/topology/merge.ts'
import { call, catalogue, line } from '../topology/world.ts'

const POINTS = 120
const SINCE = 100
/** Half-minute values: usual for 50 minutes, then another. */
const turns = (usual: number, then: number) =>
  line(...Array.from({ length: POINTS }, (_, i) => (i < SINCE ? usual + (i % 3) * usual * 0.01 : then)))

const series = (
  service: string,
  more: Pick<SignalSeries, 'metric' | 'signal' | 'unit'>,
  usual: number,
  then: number,
) => ({
  service,
  worse: 'up' as const,
  ...more,
  ...turns(usual, then),
})

const requests = line(...new Array(POINTS).fill(100))
const topology = topologyOf(
  [
    call('web', 'shipping', {
      rate: requests,
      failed: line(...new Array(POINTS).fill(30)),
      clientMs: turns(100, 9300),
    }),
    call('shipping', 'mysql', { rate: requests, serverKind: 'database' }),
    call('nightly', 'mysql', { rate: requests }),
    call('web', 'PassthroughCluster', { rate: undefined }),
  ],
  catalogue({ id: 'web' }, { id: 'shipping' }),
  ['web', 'shipping', 'mysql'],
)
const input: RankingInput = {
  alert: { service: 'shipping', signal: 'latency', since: SINCE * 30_000 },
  now: (POINTS - 1) * 30_000,
  edges: topology.calls.map(({ client, server, rate }) => ({ client, server, rate })),
  edgeGaps: [],
  virtual: [],
  series: [
    series('shipping', { metric: 'P90 latency', signal: 'latency', unit: 'ms' }, 100, 9000),
    series('web', { metric: 'P90 latency', signal: 'latency', unit: 'ms' }, 120, 9300),
    series('mysql', { metric: 'connections', signal: 'saturation', unit: 'connections' }, 41, 100),
  ],
}

const graph = (more: Partial<Parameters<typeof callGraphOf>[0]> = {}) => {
  const ranking = rankSuspects(input)
  return callGraphOf({
    topology,
    ranking,
    label: ranking.label,
    service: 'shipping',
    alerting: ['shipping'],
    facts: [],
    source: 'prometheus',
    at: input.now,
    ...more,
  })
}

const node = (picture: ReturnType<typeof graph>, service: string) =>
  picture?.nodes.find((one) => one.service === service)

test('names the suspect with its strongest signal, and who is affected by whom', () => {
  const picture = graph()
  expect(picture).toMatchObject({ title: 'Who calls whom around shipping', source: 'Istio', at: input.now })
  expect(node(picture, 'mysql')).toMatchObject({
    kind: 'database',
    state: 'likely',
    words: ['likely cause', 'connections 41 → 100'],
  })
  expect(node(picture, 'shipping')).toMatchObject({
    state: 'affected',
    focus: true,
    words: ['alerting: slow', 'because of mysql'],
  })
  expect(node(picture, 'nightly')).toMatchObject({ state: 'unmeasured', words: [] })
  expect(node(picture, 'PassthroughCluster')).toMatchObject({ state: 'unmeasured', words: ['hosts nobody declared'] })
})

test('labels calls with requests, failures and the latency seen by callers', () => {
  expect(graph()?.edges.find(({ client, server }) => client === 'web' && server === 'shipping')).toMatchObject({
    rate: 100,
    failed: 30,
    latencyMs: 9300,
    trouble: true,
    isNew: false,
  })
  expect(graph()?.edges.find(({ server }) => server === 'PassthroughCluster')).toMatchObject({
    rate: null,
    failed: null,
  })
})

test('marks a new caller, and services outside the catalogue', () => {
  const fact = {
    kind: 'new_caller' as const,
    client: 'nightly',
    server: 'mysql',
    since: 0,
    now: 100,
    inCatalogue: false,
  }
  const picture = graph({ facts: [fact] })
  expect(picture?.edges.filter(({ isNew }) => isNew)).toMatchObject([{ client: 'nightly', server: 'mysql' }])
  expect(node(picture, 'nightly')?.words).toEqual(['not in the catalogue'])
})

test('is no more certain than the answers allow', () => {
  const picture = graph({ label: 'possible' })
  expect(node(picture, 'mysql')).toMatchObject({ state: 'possible', words: ['possible cause', expect.any(String)] })
})

test('is not drawn when no calls were seen', () => {
  expect(graph({ topology: { ...topology, calls: [] } })).toBeUndefined()
})
