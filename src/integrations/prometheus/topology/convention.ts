import type { Peer, PeerKind } from '../../../topology/call.ts'

/**
 * What one query measures of the calls it groups by: requests a second, failed ones, p90 latency with the factor that
 * converts it to milliseconds; `presence` shows only that the calls exist.
 */
export type CallQuery =
  | { measure: 'rate' | 'failed' | 'presence'; query: string }
  | { measure: 'latency'; query: string; toMs: number /** Where the labels do not tell. */; side?: 'client' | 'server' }

/** What a look is restricted to. */
export type CallScope = {
  /** Which metrics there are. */
  names: ReadonlySet<string>
  /** The range rates are taken over: `1m`. */
  window: string
  /** The source's names for the requested services; all when not given. */
  among?: readonly string[] | undefined
}

/** One end of the answer to a query: who calls whom, and which side of the call measured it. */
export type CallLabels = {
  client: Peer
  server: Peer
  side: 'client' | 'server'
  serverKind?: PeerKind | undefined
  /** The client is a guess (a database user's name): it counts only where other metrics know a service of that name. */
  tentative?: boolean
}

/** One way in which metrics show who calls whom. */
export type Convention = {
  /** As people call it: `Istio`. */
  name: string
  /** Undefined when its metrics do not exist. The first one alone yields the call graph. */
  queries(scope: CallScope): CallQuery[] | undefined
  /** Undefined for series that show no call. */
  callOf(labels: Record<string, string>): CallLabels | undefined
}

/** The first of these metrics that exists. */
export const firstOf = (names: ReadonlySet<string>, wanted: readonly string[]): string | undefined =>
  wanted.find((name) => names.has(name))
