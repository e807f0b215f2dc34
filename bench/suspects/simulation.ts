import type { RankingInput, SignalSeries } from '../../src/suspects/input.ts'
import { random } from './synthetic.ts'

/** A made-up incident whose cause is known. */
export type Simulated = { input: RankingInput; truth: string; fault: Fault | 'none' }

export const FAULTS = ['cpu', 'memory', 'delay', 'errors'] as const
export type Fault = (typeof FAULTS)[number]

export type SimulationOptions = {
  seed: number
  fault: Fault | 'none'
  /** Tell the ranking who calls whom. */
  graph: boolean
}

const STEP_SECONDS = 15
const BEFORE = 160
const AFTER = 40

/**
 * A shop of 8 to 20 services in a tree of calls with some shared callees: requests that drift and come at random, service times that
 * wander and come in bursts, CPU that follows the load, failures and delays that travel to the callers; every third shop
 * had a short incident elsewhere in its past. It is a check of the reasoning under known causes, not a likeness of any system.
 */
export const simulate = ({ seed, fault, graph }: SimulationOptions): Simulated => {
  const next = random(seed)
  const normal = () => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next())
  const count = 8 + Math.floor(next() * 13)
  const names = Array.from({ length: count }, (_, i) =>
    i === 0 ? 'front-end' : `service-${String(i).padStart(2, '0')}`,
  )
  const calls = names.flatMap((_, i) => {
    if (i === 0) return []
    const callers = new Set([Math.floor(next() * Math.min(i, 1 + i / 2))])
    if (next() < 0.25) callers.add(Math.floor(next() * i))
    return [...callers].map((client) => ({ client, server: i, perRequest: 0.3 + 0.9 * next() }))
  })
  const ill = fault === 'none' ? -1 : Math.floor(next() * count)
  const earlier = next() < 0.33 ? { service: Math.floor(next() * count), at: 40 + Math.floor(next() * 80) } : undefined
  const size = 0.3 + 1.7 * next()
  const shop = names.map(() => ({
    base: 5 + 60 * next(),
    noise: 0.08 + 0.25 * next(),
    load: 0.1 + 0.3 * next(),
    memory: 100 + 400 * next(),
  }))
  const wander = names.map(() => 0)
  const burst = names.map(() => ({ until: 0, factor: 1 }))
  const entry = 5 + 60 * next()
  let drift = 0
  const out = names.map(() => ({
    latency: [] as number[],
    tail: [] as number[],
    errors: [] as number[],
    requests: [] as number[],
    cpu: [] as number[],
    memory: [] as number[],
  }))
  for (let t = 0; t < BEFORE + AFTER; t++) {
    drift = 0.97 * drift + 0.03 * normal()
    const rate = names.map(() => 0)
    rate[0] = entry * Math.exp(drift + 0.15 * Math.sin(t / 60))
    for (const { client, server, perRequest } of calls) rate[server]! += rate[client]! * perRequest
    const time = names.map(() => 0)
    const failing = names.map(() => 0)
    for (let i = count - 1; i >= 0; i--) {
      const trouble = (i === ill && t >= BEFORE) || (earlier?.service === i && t >= earlier.at && t < earlier.at + 12)
      const kind = t >= BEFORE ? fault : 'delay'
      const { base, noise, load, memory } = shop[i]!
      wander[i] = 0.8 * wander[i]! + 0.6 * noise * normal()
      if (next() < 0.006) burst[i] = { until: t + 1 + Math.floor(9 * next() ** 2), factor: 1 + 2 * next() }
      const spike = t < burst[i]!.until ? burst[i]!.factor : 1
      const slow = !trouble ? 1 : kind === 'cpu' ? 1 + size : kind === 'memory' ? 1 + size / 3 : 1
      const own = base * Math.exp(wander[i]!) * spike * slow + (trouble && kind === 'delay' ? base * size * 1.5 : 0)
      const ownFailing = 0.002 + (trouble && kind === 'errors' ? 0.02 * size : 0)
      const below = calls.filter(({ client }) => client === i)
      time[i] = own + below.reduce((sum, { server, perRequest }) => sum + perRequest * time[server]!, 0)
      failing[i] = Math.min(
        1,
        ownFailing +
          below.reduce((sum, { server, perRequest }) => sum + Math.min(1, perRequest) * failing[server]! * 0.8, 0),
      )
      const requests = Math.max(0, rate[i]! * STEP_SECONDS + Math.sqrt(rate[i]! * STEP_SECONDS) * normal())
      const failed = Math.max(0, failing[i]! + Math.sqrt((failing[i]! * (1 - failing[i]!)) / (requests + 1)) * normal())
      out[i]!.latency.push(time[i]! * Math.exp(0.05 * normal()))
      out[i]!.tail.push(time[i]! * (2 + next()) * Math.exp(0.25 * normal()))
      out[i]!.errors.push(100 * Math.min(1, failed))
      out[i]!.requests.push(requests / STEP_SECONDS)
      out[i]!.cpu.push(
        load *
          (rate[i]! / (entry + 1)) *
          spike *
          Math.exp(0.1 * normal()) *
          (trouble && kind === 'cpu' ? 1 + size : 1) +
          0.01,
      )
      out[i]!.memory.push(
        memory * (1 + 0.01 * normal() + 0.0003 * t) * (trouble && kind === 'memory' ? 1 + size / 4 : 1),
      )
    }
  }
  const grid = { start: 0, stepSeconds: STEP_SECONDS }
  const series = names.flatMap((service, i): SignalSeries[] => [
    { ...grid, service, metric: 'p50', signal: 'latency', worse: 'up', unit: 'ms', values: out[i]!.latency },
    { ...grid, service, metric: 'p95', signal: 'latency', worse: 'up', unit: 'ms', values: out[i]!.tail },
    { ...grid, service, metric: 'errors', signal: 'errors', worse: 'up', unit: 'percent', values: out[i]!.errors },
    {
      ...grid,
      service,
      metric: 'requests',
      signal: 'traffic',
      worse: 'either',
      unit: 'requests_per_second',
      values: out[i]!.requests,
    },
    { ...grid, service, metric: 'cpu', signal: 'cpu', worse: 'up', unit: 'ratio', values: out[i]!.cpu },
    { ...grid, service, metric: 'memory', signal: 'memory', worse: 'up', unit: 'MiB', values: out[i]!.memory },
  ])
  return {
    truth: names[Math.max(0, ill)]!,
    fault,
    input: {
      alert: { service: 'front-end', signal: null, since: BEFORE * STEP_SECONDS * 1000 },
      now: (BEFORE + AFTER - 1) * STEP_SECONDS * 1000,
      edges: graph ? calls.map(({ client, server }) => ({ client: names[client]!, server: names[server]! })) : [],
      series,
      edgeGaps: [],
      virtual: [],
    },
  }
}
