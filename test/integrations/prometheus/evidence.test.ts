import { expect, test } from 'vitest'
import { Alert } from '../../../src/incident/alert.ts'
import { type EvidenceRequest, Snapshot } from '../../../src/incident/evidence.ts'
import { Service } from '../../../src/incident/service.ts'
import { createPrometheusClient } from '../../../src/integrations/prometheus/client.ts'
import { prometheusEvidence } from '../../../src/integrations/prometheus/evidence.ts'
import { answering } from './answering.ts'

const at = Date.UTC(2026, 10, 21, 3, 0)
const range = { incident: 'INC-1', at, from: at - 3000_000, to: at + 600_000, past: at - 3000_000 }
/** A look at one service that alerts, and at what its alert measures. */
const looking = ({ alert, service }: { alert?: Alert; service?: Service } = {}): EvidenceRequest => ({
  ...range,
  alerts: alert ? [alert] : [],
  targets: service ? [{ id: service.id, service, alerting: true }] : [],
  earlier: [],
})
const signal = () => AbortSignal.timeout(20_000)

/** A matrix in which each named pod has 1 until the alert and its own value after. */
const pods = (after: Record<string, number>) => ({
  status: 'success',
  data: {
    resultType: 'matrix',
    result: Object.entries(after).map(([pod, value]) => ({
      metric: { __name__: 'x', job: 'shop', pod },
      values: Array.from({ length: 241 }, (_, i) => range.from / 1000 + i * 15).map((second) => [
        second,
        String(second * 1000 < at ? 1 : value),
      ]),
    })),
  },
})

const alert = (given: object) =>
  Alert.parse({ key: 'k', source: 'alertmanager', state: 'firing', title: 'Slow', startsAt: at, ...given })
const service = (...queries: object[]) => Service.parse({ id: 's', name: 'S', queries })

test("lists the alert's query first, then the catalogue's, each with a link", async () => {
  await using server = await answering((_, response) => response.end(JSON.stringify(pods({ a: 2, b: 5 }))))
  const source = prometheusEvidence({ client: createPrometheusClient({ url: server.url }) })
  const snapshots = await source.collect(
    looking({
      alert: alert({ rule: 'ShippingSlow', url: 'http://prom/graph?g0.expr=latency+%3E+1.5' }),
      service: service({ title: 'Traffic', query: 'rate(requests_total[5m])', unit: 'req/s' }),
    }),
    signal(),
  )
  expect(snapshots.map((snapshot) => Snapshot.parse(snapshot))).toMatchObject([
    {
      title: 'Shipping slow',
      query: 'latency',
      threshold: 1.5,
      at,
      series: [{ name: 'b' }, { name: 'a' }],
    },
    { title: 'Traffic', unit: 'req/s', url: expect.stringContaining('g0.range_input=3600s') },
  ])
  expect(snapshots[1]).not.toHaveProperty('threshold')
})

test("runs the catalogue's query for what the alert measures only once, with its title and unit", async () => {
  await using server = await answering((_, response) => response.end(JSON.stringify(pods({ a: 2 }))))
  const source = prometheusEvidence({ client: createPrometheusClient({ url: server.url }) })
  const known = { title: 'P90 latency', query: 'max by (pod) (latency)', unit: 's' }
  const snapshots = await source.collect(
    looking({
      alert: alert({ query: 'max by(pod)(latency) > 1.5' }),
      service: service({ title: 'A', query: 'a' }, known),
    }),
    signal(),
  )
  expect(snapshots).toMatchObject([{ title: 'P90 latency', unit: 's', threshold: 1.5 }, { title: 'A' }])
  expect(server.requests).toHaveLength(2)
})

test('a slow query loses only its own result', async () => {
  await using server = await answering(({ form }, response) => {
    if (form.get('query') === 'quick') response.end(JSON.stringify(pods({ a: 2 })))
  })
  const source = prometheusEvidence({ client: createPrometheusClient({ url: server.url, timeoutMs: 1000 }) })
  const snapshots = await source.collect(
    looking({ service: service({ title: 'Slow', query: 'slow' }, { title: 'Quick', query: 'quick' }) }),
    signal(),
  )
  expect(snapshots).toMatchObject([
    { kind: 'missing', title: 'Slow', source: 'prometheus', reason: 'Prometheus did not answer within 1 s.' },
    { kind: 'chart', title: 'Quick' },
  ])
})

test('respects the concurrency limit', async () => {
  let [open, most] = [0, 0]
  await using server = await answering((_, response) => {
    most = Math.max(most, ++open)
    setTimeout(() => {
      open--
      response.end(JSON.stringify(pods({ a: 2 })))
    }, 5)
  })
  const source = prometheusEvidence({ client: createPrometheusClient({ url: server.url }), atOnce: 2 })
  const queries = Array.from({ length: 8 }, (_, i) => ({ title: `Q${i}`, query: `q${i}` }))
  const snapshots = await source.collect(looking({ service: service(...queries) }), signal())
  expect(snapshots.map(({ kind }) => kind)).toEqual(queries.map(() => 'chart'))
  expect(most).toBe(2)
})

test("returns at the caller's timeout, also while waiting for a slot", async () => {
  await using server = await answering(() => undefined)
  const source = prometheusEvidence({
    client: createPrometheusClient({ url: server.url, timeoutMs: 60_000 }),
    atOnce: 1,
  })
  const everyday = source.collect(looking({ service: service({ title: 'A', query: 'a' }) }), AbortSignal.timeout(500))
  const hurried = await source.collect(
    looking({ service: service({ title: 'B', query: 'b' }) }),
    AbortSignal.timeout(20),
  )
  expect(hurried).toMatchObject([{ kind: 'missing', title: 'B', reason: 'Prometheus did not answer in time.' }])
  expect(server.requests.map(({ form }) => form.get('query'))).toEqual(['a'])
  expect(await everyday).toMatchObject([{ kind: 'missing', title: 'A' }])
})

test('an empty result is a line that says so, with the warnings of Prometheus', async () => {
  const empty = { status: 'success', data: { resultType: 'matrix', result: [] }, warnings: ['1 store is down.'] }
  await using server = await answering((_, response) => response.end(JSON.stringify(empty)))
  const source = prometheusEvidence({ client: createPrometheusClient({ url: server.url }) })
  expect(await source.collect(looking({ service: service({ title: 'A', query: 'a' }) }), signal())).toMatchObject([
    {
      kind: 'missing',
      reason: 'No data for this query between 2026-11-21 02:10 and 03:10 UTC. Prometheus warns: 1 store is down.',
    },
  ])
})

test('of very many series keeps those that moved most, and the chart says so', async () => {
  const many = Object.fromEntries(Array.from({ length: 30 }, (_, i) => [`pod-${i}`, i]))
  await using server = await answering((_, response) => response.end(JSON.stringify(pods(many))))
  const source = prometheusEvidence({ client: createPrometheusClient({ url: server.url }), mostSeries: 3 })
  const [snapshot] = await source.collect(looking({ service: service({ title: 'A', query: 'a' }) }), signal())
  expect(snapshot).toMatchObject({
    series: [{ name: 'pod-29' }, { name: 'pod-28' }, { name: 'pod-27' }],
    notes: ['30 series; the 3 that moved most are kept.'],
  })
})

test('queries nothing without an alert and without configured queries', async () => {
  const source = prometheusEvidence({ client: createPrometheusClient({ url: 'http://127.0.0.1:9' }) })
  expect(await source.collect(looking(), signal())).toEqual([])
})
