import type { Edge, RankingInput, SignalKind, SignalSeries } from '../../src/suspects/input.ts'

/** 60 minutes of the usual and 10 of trouble, a point every 30 s, the alert on time. */
export const STEP = 30
export const BEFORE = 120
export const AFTER = 20
export const ONSET = BEFORE * STEP * 1000

/** A wobble of a few percent that repeats itself and needs no random numbers; phase keeps services from moving together. */
const wobble = (t: number, phase: number) => 1 + 0.03 * Math.sin(t * 0.7 + phase) + 0.02 * Math.sin(t * 1.9 + 2 * phase)

const KINDS: Record<string, { signal: SignalKind; worse: 'up' | 'down' | 'either'; unit: string }> = {
  p90: { signal: 'latency', worse: 'up', unit: 'ms' },
  errors: { signal: 'errors', worse: 'up', unit: 'percent' },
  requests: { signal: 'traffic', worse: 'either', unit: 'requests_per_second' },
  cpu: { signal: 'cpu', worse: 'up', unit: 'ratio' },
  connections: { signal: 'saturation', worse: 'up', unit: 'connections' },
  'queue depth': { signal: 'saturation', worse: 'up', unit: 'messages' },
  'hit ratio': { signal: 'saturation', worse: 'down', unit: 'ratio' },
}

/** A series that is at one level before the onset and at another after it. */
export const line = (service: string, metric: string, before: number, now: number = before): SignalSeries => {
  const phase = [...`${service}${metric}`].reduce((sum, letter) => sum + letter.charCodeAt(0), 0)
  const values = Array.from({ length: BEFORE + AFTER }, (_, t) => (t < BEFORE ? before : now) * wobble(t, phase))
  return { service, metric, start: 0, stepSeconds: STEP, values, ...(KINDS[metric] as (typeof KINDS)[string]) }
}

/** Three ordinary series of a service; what is ill is said, the rest is well. */
export const service = (
  name: string,
  ill: { p90?: number; errors?: number; requests?: number } = {},
  { p90 = 50, requests = 40 }: { p90?: number; requests?: number } = {},
): SignalSeries[] => [
  line(name, 'p90', p90, ill.p90 ?? p90),
  line(name, 'errors', 0.1, ill.errors ?? 0.1),
  line(name, 'requests', requests, ill.requests ?? requests),
]

/** `web -> cart -> redis` as edges. */
export const calls = (...paths: string[]): Edge[] =>
  paths.flatMap((path) => {
    const names = path.split(' -> ')
    return names.slice(1).map((server, i) => ({ client: names[i] as string, server }))
  })

/** An edge whose requests a second change at the onset. */
export const callsWithRate = (client: string, server: string, before: number, now: number): Edge => {
  const { start, stepSeconds, values } = line(`${client}>${server}`, 'requests', before, now)
  return { client, server, rate: { start, stepSeconds, values } }
}

/** A whole input around what a test is about. */
export const incident = (parts: Partial<RankingInput> & Pick<RankingInput, 'series'>): RankingInput => ({
  alert: { service: 'web', signal: null, since: ONSET },
  now: (BEFORE + AFTER - 1) * STEP * 1000,
  edges: [],
  edgeGaps: [],
  virtual: [],
  ...parts,
})
