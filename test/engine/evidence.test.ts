import { expect, test } from 'vitest'
import { createEvidence, type EvidenceOptions } from '../../src/engine/evidence.ts'
import type { EvidenceRequest, EvidenceSource, Snapshot } from '../../src/incident/evidence.ts'
import { plain } from '../../src/incident/phrase.ts'
import { timeline } from '../../src/incident/timeline.ts'
import { createLog } from '../../src/platform/log.ts'
import { declared, T } from '../incident/facts.ts'
import { opened } from '../store/databases.ts'

/** One incident whose evidence comes from `source`; `look` collects once and writes down what was seen. */
const looking = async (source: EvidenceSource, options: Partial<EvidenceOptions> = {}) => {
  const store = await opened('sqlite::memory:')
  const now = () => options.now?.() ?? T
  const collect = createEvidence({
    sources: [source],
    store,
    catalogue: new Map(),
    lookbackMs: 3_600_000,
    timeoutMs: 1_000,
    now,
    log: createLog('silent'),
    ...options,
  })
  await store.write({ to: 'new', decide: () => [declared()] })
  const look = async (phase: Parameters<typeof collect>[0]['phase'] = 'opening') => {
    const incident = (await store.read('INC-1'))!
    const context = { cause: (await store.events('INC-1'))[0]!, effectId: 'INC-1/1/0', attempt: 1, queuedAt: T }
    const progress = { get: () => undefined, set: async () => {} }
    const found = await collect({ phase }, { incident, ...context, progress, signal: AbortSignal.timeout(20_000) })
    await store.write({ to: 'INC-1', decide: () => found })
    return store.events('INC-1')
  }
  return { store, look }
}

test('a source that does not respond is reported in one line with its proper name', async () => {
  const { look } = await looking({ name: 'prometheus', collect: () => new Promise(() => {}) }, { timeoutMs: 20 })
  const events = await look()
  expect(timeline(events).map(({ phrases }) => plain(phrases))).toContain(
    'Evidence: Prometheus did not answer within 0.02 s.',
  )
})

test('log collection continues where the previous one ended', async () => {
  const requests: EvidenceRequest[] = []
  const logs = (to: number): Snapshot => ({
    kind: 'logs',
    source: 'loki',
    title: 'Logs of web',
    query: '{a="b"}',
    service: 'web',
    notes: [],
    from: T,
    to,
    lines: [{ at: to, text: 'error' }],
  })
  const { look } = await looking({
    name: 'loki',
    collect: async (request) => {
      requests.push(request)
      return [logs(T + requests.length)]
    },
  })
  await look()
  await look('scheduled')
  await look('joined')
  expect(requests.map(({ earlierLogs }) => earlierLogs)).toEqual([[], [logs(T + 1)], [logs(T + 2)]])
})

test('logs without anything unusual are named in the line of what is usual, and kept', async () => {
  const quiet: Snapshot = {
    kind: 'logs',
    source: 'loki',
    title: 'Logs of web',
    query: '{a="b"}',
    service: 'web',
    notes: [],
    from: T,
    to: T,
    lines: [{ at: T, text: 'GET / 200' }],
    patterns: [],
  }
  const { store, look } = await looking({ name: 'loki', collect: async () => [quiet] })
  const events = await look()
  const collected = events.find((event) => event.type === 'evidence_collected')
  expect(collected?.usual).toEqual([{ service: 'web', titles: ['Logs'], count: 1 }])
  expect(collected?.snapshots).toMatchObject([{ kind: 'logs', standing: 'usual' }])
  expect(await store.snapshot(String(collected?.snapshots[0]?.hash))).toEqual(quiet)
  expect(
    timeline(events)
      .map(({ phrases }) => plain(phrases))
      .join('\n'),
  ).not.toContain('Logs of web')
})

test('one graph is shown where nothing moved, and says that it is as usual', async () => {
  const points = Array.from({ length: 360 }, (_, i): [number, number] => [T - (359 - i) * 60_000, 1 + (i % 2) / 100])
  const latency: Snapshot = {
    kind: 'chart',
    source: 'prometheus',
    title: 'P90 latency',
    query: 'p90',
    unit: 's',
    notes: [],
    from: T - 3_600_000,
    to: T,
    at: T,
    signal: 'latency',
    worse: 'up',
    series: [{ name: 'web', labels: {}, points }],
  }
  const { look } = await looking({ name: 'prometheus', collect: async () => [latency] })
  expect(timeline(await look()).map(({ phrases }) => plain(phrases))).toContainEqual(
    expect.stringMatching(/^Evidence: P90 latency: 1(\.\d+)? s \u2192 1(\.\d+)? s, as usual$/),
  )
})
