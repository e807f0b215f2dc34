import { z } from 'zod'
import { isMethod, methods, type Needs } from './scopes.ts'

const method = z.string().default('*')
const times = z.number().int().positive().default(1)

/**
 * Something that goes wrong on request. `method` is a Web API method, `upload`, `response_url`, or `*` for all;
 * `times` says for how many calls from now on.
 */
export const Fault = z.discriminatedUnion('kind', [
  /** Every call takes this much longer, until the faults are cleared. */
  z.object({ kind: z.literal('latency'), method, ms: z.number().nonnegative() }),
  z.object({ kind: z.literal('rate_limit'), method, times, retryAfterS: z.number().nonnegative().default(1) }),
  /** Slack's real limits, counted by method in a window of a minute, until the faults are cleared. */
  z.object({ kind: z.literal('tiers') }),
  z.object({ kind: z.literal('status'), method, times, status: z.number().int().min(500).max(599).default(503) }),
  z.object({ kind: z.literal('error'), method, times, error: z.string() }),
  /** The connection ends without an answer: `before` the work is done, or `after`, when it is done but nobody hears. */
  z.object({ kind: z.literal('cut'), method, times, when: z.enum(['before', 'after']) }),
  /** Socket Mode connections are lost without a word. */
  z.object({ kind: z.literal('drop_sockets') }),
  /** Slack asks the app to connect anew and closes. */
  z.object({ kind: z.literal('disconnect'), reason: z.enum(['warning', 'refresh_requested', 'link_disabled']) }),
])
export type Fault = z.input<typeof Fault>

/** What one call has to suffer. */
export type CallFaults = {
  latencyMs: number
  failure?:
    | { kind: 'rate_limit'; retryAfterS: number }
    | { kind: 'status'; status: number }
    | { kind: 'error'; error: string }
    | { kind: 'cut'; when: 'before' | 'after' }
}

type Counted = Extract<z.output<typeof Fault>, { times: number }>

const perMinute: Record<Needs['tier'], number> = { 1: 1, 2: 20, 3: 50, 4: 100, special: 300 }

export type Faults = ReturnType<typeof createFaults>

/** Keeps the faults requested for and deals them out, call by call. `sockets` does what appliesTo connections. */
export const createFaults = (options: {
  now: () => number
  sockets: { drop: () => void; disconnect: (reason: string) => void }
}) => {
  let latencies: { method: string; ms: number }[] = []
  let counted: Counted[] = []
  let tiers = false
  const calls = new Map<string, number[]>()

  const add = (requested: Fault): void => {
    const fault = Fault.parse(requested)
    if (fault.kind === 'drop_sockets') options.sockets.drop()
    else if (fault.kind === 'disconnect') options.sockets.disconnect(fault.reason)
    else if (fault.kind === 'tiers') tiers = true
    else if (fault.kind === 'latency') latencies.push(fault)
    else counted.push(fault)
  }

  const clear = (): void => {
    latencies = []
    counted = []
    tiers = false
    calls.clear()
  }

  /** Seconds to wait, when this call is one too many for its tier. */
  const overLimit = (name: string): number | undefined => {
    if (!tiers || !isMethod(name)) return undefined
    const now = options.now()
    const recent = (calls.get(name) ?? []).filter((at) => at > now - 60_000)
    if (recent.length >= perMinute[methods[name].tier]) return Math.ceil((recent[0]! + 60_000 - now) / 1000)
    calls.set(name, [...recent, now])
    return undefined
  }

  /** Called once for each call, in the order in which calls arrive. */
  const next = (name: string): CallFaults => {
    const appliesTo = (fault: { method: string }): boolean => fault.method === '*' || fault.method === name
    const latencyMs = latencies.filter(appliesTo).reduce((sum, { ms }) => sum + ms, 0)
    const fault = counted.find(appliesTo)
    if (fault) {
      fault.times -= 1
      counted = counted.filter((other) => other.times > 0)
      return { latencyMs, failure: fault }
    }
    const retryAfterS = overLimit(name)
    return { latencyMs, ...(retryAfterS !== undefined && { failure: { kind: 'rate_limit', retryAfterS } }) }
  }

  const list = (): z.output<typeof Fault>[] => [
    ...latencies.map((latency) => ({ kind: 'latency' as const, ...latency })),
    ...counted,
    ...(tiers ? [{ kind: 'tiers' as const }] : []),
  ]

  return { add, clear, list, next }
}
