/** Values on an even grid: `values[i]` was measured at `start + i * stepSeconds * 1000`. */
export type Timed = {
  /** Epoch ms of the first value. */
  start: number
  stepSeconds: number
  /** null, NaN and the infinities all mean "nothing was measured"; a gap is never a zero. */
  values: readonly (number | null)[]
}

/** One end of a call, as a source of metrics names it. */
export type Peer = {
  name: string
  /** Kubernetes namespace, where the source tells. */
  namespace?: string | undefined
}

/** What a peer is, where the source tells; `entry` is the synthetic client of requests that come from outside. */
export type PeerKind = 'service' | 'database' | 'messaging' | 'external' | 'entry'

/** What was measured of one call between two peers; each line is missing where the source has none. */
export type Measures = {
  /** Requests a second. */
  rate?: Timed | undefined
  /** Failed requests a second. */
  failed?: Timed | undefined
  /** p90 latency at the client and at the server, ms. */
  clientMs?: Timed | undefined
  serverMs?: Timed | undefined
  /** Requests a second at the same time a day before; undefined when unknown. */
  dayBefore?: number | undefined
}

/** One edge as one convention of metrics shows it. */
export type ObservedCall = Measures & {
  /** The convention: `Istio`, `service graph`, ... */
  source: string
  client: Peer
  server: Peer
  serverKind?: PeerKind | undefined
}

/** A call between two services by their canonical names. */
export type Call = Measures & {
  client: string
  server: string
  /** The conventions that show it; empty for a call that is only declared. */
  sources: string[]
  /** The catalogue's `dependsOn` names it. */
  declared: boolean
}

/** A service in the call graph. */
export type TopologyNode = {
  name: string
  kind: PeerKind
  /** It has an entry in the catalogue. */
  inCatalogue: boolean
  /** Seen only by its callers: it reports nothing about the calls itself. */
  virtual: boolean
  namespace?: string | undefined
  /** The owning team, in words. */
  owner?: string | undefined
}

/** Who calls whom: what was seen, merged with what the catalogue declares. */
export type Topology = {
  nodes: ReadonlyMap<string, TopologyNode>
  calls: readonly Call[]
  /** The names that the sources use for a service, for queries about it. */
  rawNames: ReadonlyMap<string, ReadonlySet<string>>
}
