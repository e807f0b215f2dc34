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
/** Points before the onset, and from it on. */
const BEFORE = 160
const AFTER = 40

/** What was measured of a service, a value a step. */
const METRICS = {
  p50: { signal: 'latency', worse: 'up', unit: 'ms' },
  p95: { signal: 'latency', worse: 'up', unit: 'ms' },
  errors: { signal: 'errors', worse: 'up', unit: 'percent' },
  requests: { signal: 'traffic', worse: 'either', unit: 'requests_per_second' },
  cpu: { signal: 'cpu', worse: 'up', unit: 'ratio' },
  memory: { signal: 'memory', worse: 'up', unit: 'MiB' },
} as const
type Measured = Record<keyof typeof METRICS, number>

/** One service of a simulated shop: what it is, and how it fares at this step. */
type Shop = {
  name: string
  /** Own time a request, ms; how much it wanders; CPU at the usual load; memory, MiB. */
  base: number
  noise: number
  load: number
  memory: number
  calls: { server: Shop; perRequest: number }[]
  wander: number
  burst: { until: number; factor: number }
  rate: number
  time: number
  failing: number
  measured: Measured[]
}

type Chance = { next: () => number; normal: () => number }

/** Trouble a service has of its own. */
type Trouble = { shop: Shop; fault: Fault; from: number; to: number; size: number }

/**
 * A shop of 8 to 20 services in a tree of calls with some shared callees: requests that drift and come at random, service times that
 * wander and come in bursts, CPU that follows the load, failures and delays that travel to the callers; every third shop had a short
 * incident elsewhere in its past. It is a check of the reasoning under known causes, not a likeness of any system.
 */
export const simulate = ({ seed, fault, graph }: SimulationOptions): Simulated => {
  const next = random(seed)
  const chance: Chance = {
    next,
    normal: () => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next()),
  }
  const shops = openShops(8 + Math.floor(13 * next()), chance)
  const front = shops[0] as Shop
  const ill = pick(shops, chance)
  const size = 0.3 + 1.7 * next()
  const troubles: Trouble[] = []
  if (fault !== 'none') troubles.push({ shop: ill, fault, from: BEFORE, to: BEFORE + AFTER, size })
  if (next() < 0.33) {
    const from = 40 + Math.floor(80 * next())
    troubles.push({ shop: pick(shops, chance), fault: 'delay', from, to: from + 12, size })
  }
  const entry = 5 + 60 * next()
  let drift = 0
  for (let t = 0; t < BEFORE + AFTER; t++) {
    drift = 0.97 * drift + 0.03 * chance.normal()
    front.rate = entry * Math.exp(drift + 0.15 * Math.sin(t / 60))
    step(shops, t, { entry, troubles: troubles.filter(({ from, to }) => t >= from && t < to) }, chance)
  }
  return { truth: ill.name, fault, input: inputOf(shops, graph) }
}

const pick = (shops: readonly Shop[], { next }: Chance): Shop => shops[Math.floor(next() * shops.length)] as Shop

/** Callers come before their callees, so one pass each way carries requests down and trouble up. */
const openShops = (count: number, chance: Chance): Shop[] => {
  const { next } = chance
  const shops: Shop[] = []
  for (let i = 0; i < count; i++) {
    const shop: Shop = {
      name: i === 0 ? 'front-end' : `service-${String(i).padStart(2, '0')}`,
      base: 5 + 60 * next(),
      noise: 0.08 + 0.25 * next(),
      load: 0.1 + 0.3 * next(),
      memory: 100 + 400 * next(),
      calls: [],
      wander: 0,
      burst: { until: 0, factor: 1 },
      rate: 0,
      time: 0,
      failing: 0,
      measured: [],
    }
    const callers = new Set(i === 0 ? [] : [pick(shops.slice(0, Math.ceil((i + 1) / 2)), chance)])
    if (i > 0 && next() < 0.25) callers.add(pick(shops, chance))
    for (const caller of callers) caller.calls.push({ server: shop, perRequest: 0.3 + 0.9 * next() })
    shops.push(shop)
  }
  return shops
}

const step = (
  shops: readonly Shop[],
  t: number,
  { entry, troubles }: { entry: number; troubles: readonly Trouble[] },
  { next, normal }: Chance,
): void => {
  for (const shop of shops.slice(1)) shop.rate = 0
  for (const { rate, calls } of shops) for (const { server, perRequest } of calls) server.rate += rate * perRequest
  for (const shop of shops.toReversed()) {
    const sizeOf = (fault: Fault) =>
      troubles.find((trouble) => trouble.shop === shop && trouble.fault === fault)?.size ?? 0
    shop.wander = 0.8 * shop.wander + 0.6 * shop.noise * normal()
    if (next() < 0.006) shop.burst = { until: t + 1 + Math.floor(9 * next() ** 2), factor: 1 + 2 * next() }
    const burst = t < shop.burst.until ? shop.burst.factor : 1
    const slower = (1 + sizeOf('cpu')) * (1 + sizeOf('memory') / 3)
    const own = shop.base * (Math.exp(shop.wander) * burst * slower + 1.5 * sizeOf('delay'))
    shop.time = own + shop.calls.reduce((sum, { server, perRequest }) => sum + perRequest * server.time, 0)
    const passedOn = shop.calls.reduce(
      (sum, { server, perRequest }) => sum + 0.8 * Math.min(1, perRequest) * server.failing,
      0,
    )
    shop.failing = Math.min(1, 0.002 + 0.02 * sizeOf('errors') + passedOn)
    const expected = shop.rate * STEP_SECONDS
    const requests = Math.max(0, expected + Math.sqrt(expected) * normal())
    const failed = shop.failing + Math.sqrt((shop.failing * (1 - shop.failing)) / (requests + 1)) * normal()
    shop.measured.push({
      p50: shop.time * Math.exp(0.05 * normal()),
      p95: shop.time * (2 + next()) * Math.exp(0.25 * normal()),
      errors: 100 * Math.min(1, Math.max(0, failed)),
      requests: requests / STEP_SECONDS,
      cpu: 0.01 + shop.load * (shop.rate / entry) * burst * Math.exp(0.1 * normal()) * (1 + sizeOf('cpu')),
      memory: shop.memory * (1 + 0.01 * normal() + 0.0003 * t) * (1 + sizeOf('memory') / 4),
    })
  }
}

const inputOf = (shops: readonly Shop[], graph: boolean): RankingInput => ({
  alert: { service: 'front-end', signal: null, since: BEFORE * STEP_SECONDS * 1000 },
  now: (BEFORE + AFTER - 1) * STEP_SECONDS * 1000,
  edges: graph
    ? shops.flatMap(({ name, calls }) => calls.map(({ server }) => ({ client: name, server: server.name })))
    : [],
  series: shops.flatMap(({ name, measured }) =>
    (Object.keys(METRICS) as (keyof Measured)[]).map((metric): SignalSeries => {
      const values = measured.map((one) => one[metric])
      return { start: 0, stepSeconds: STEP_SECONDS, service: name, metric, values, ...METRICS[metric] }
    }),
  ),
  edgeGaps: [],
  virtual: [],
})
