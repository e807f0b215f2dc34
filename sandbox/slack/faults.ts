import { z } from 'zod'
import { isMethod, methods, type Needs } from './scopes.ts'

const method = z.string().default('*')
const times = z.number().int().positive().default(1)

/**
 * A fault to inject. `method` is a Web API method, `upload`, `response_url`, or `*` for all; `times` is the number of
 * calls it applies to.
 */
export const Fault = z.discriminatedUnion('kind', [
  /** Delays every call by `ms`, until the faults are cleared. */
  z.object({ kind: z.literal('latency'), method, ms: z.number().nonnegative() }),
  z.object({ kind: z.literal('rate_limit'), method, times, retryAfterS: z.number().nonnegative().default(1) }),
  /** Enforces Slack's rate-limit tiers per method and minute, until the faults are cleared. */
  z.object({ kind: z.literal('tiers') }),
  z.object({ kind: z.literal('status'), method, times, status: z.number().int().min(500).max(599).default(503) }),
  z.object({ kind: z.literal('error'), method, times, error: z.string() }),
  /** Closes the connection without a response, `before` or `after` the call takes effect. */
  z.object({ kind: z.literal('cut'), method, times, when: z.enum(['before', 'after']) }),
  /** Terminates Socket Mode connections without a close frame. */
  z.object({ kind: z.literal('drop_sockets') }),
  /** Sends a `disconnect` message and closes the Socket Mode connections. */
  z.object({ kind: z.literal('disconnect'), reason: z.enum(['warning', 'refresh_requested', 'link_disabled']) }),
])
export type Fault = z.input<typeof Fault>

/** The faults that apply to one call. */
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

/** Holds injected faults and applies them call by call; connection faults go to `sockets`. */
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

  /** Seconds until the next call is allowed, when this one exceeds its tier. */
  const overLimit = (name: string): number | undefined => {
    if (!tiers || !isMethod(name)) return undefined
    const now = options.now()
    const recent = (calls.get(name) ?? []).filter((at) => at > now - 60_000)
    if (recent.length >= perMinute[methods[name].tier]) return Math.ceil((recent[0]! + 60_000 - now) / 1000)
    calls.set(name, [...recent, now])
    return undefined
  }

  /** The faults for the next call; called once per call, in order of arrival. */
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
