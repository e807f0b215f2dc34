import type { SignalKind, Worse } from '../incident/evidence.ts'
import type { Timed } from '../topology/call.ts'

export type { SignalKind, Worse } from '../incident/evidence.ts'
export type { Timed } from '../topology/call.ts'

/** One measured line of one service. */
export type SignalSeries = Timed & {
  service: string
  /** What was measured, in the source's words: `connections`, `PodServerLatencyP90(s)`. */
  metric: string
  signal: SignalKind
  worse: Worse
  /**
   * Known: `percent_ok` and `percent` (0-100), `ratio` (0-1), `requests_per_second`, `requests_per_step`, `ms`, `s`, `bytes`.
   * Any other is shown as it is and scored by relative change.
   */
  unit: string
  /** Where the resource ends, in the series' own unit: `max_connections`, a memory limit. Shown, and not scored. */
  limit?: number | undefined
  /** The same instants a day earlier, where they were asked for: a nightly job then explains itself. */
  dayBefore?: readonly (number | null)[] | undefined
}

/** `client` calls `server`; asked at the client, so it exists for databases that measure nothing themselves. */
export type Edge = {
  client: string
  server: string
  /** Requests a second over this edge, where the mesh or the traces tell: needed to name a flood or a retry storm. */
  rate?: Timed | undefined
}

/**
 * Client-side minus server-side p90 latency of an edge, ms: what the network, the sidecars, DNS and the wait for a pooled
 * connection add. Either on a grid, or already split where the source keeps single traces and no grid.
 */
export type EdgeGap = { client: string; server: string } & (
  | Timed
  | { baseline: readonly (number | null)[]; test: readonly (number | null)[] }
)

/** A deploy or configuration change, by the ranking's service names. */
export type ServiceChange = {
  service: string
  at: number
  title: string
  kind?: string | undefined
  url?: string | undefined
}

/** Everything the ranking looks at. Case files and Prometheus are two readers that make one. */
export type RankingInput = {
  alert: {
    service: string
    /** What the alert is about; null when nobody can tell. */
    signal: 'latency' | 'errors' | 'traffic' | 'saturation' | null
    /** Epoch ms of the first moment believed abnormal: when the alert fired, less the rule's `for` and one step. */
    since: number
  }
  /** Epoch ms; nothing after it is looked at. */
  now: number
  edges: readonly Edge[]
  series: readonly SignalSeries[]
  edgeGaps: readonly EdgeGap[]
  /** Services seen only by their callers (`PassthroughCluster`, `*_remote`): they have no server side of their own. */
  virtual: readonly string[]
  /** Virtual services the catalogue knows, as a managed database does: these are suspects like any other. */
  declared?: readonly string[] | undefined
  /** Services that a deploy made only now; they have no past to compare with. */
  created?: readonly string[] | undefined
  /** Services that `up == 0`, or missing replicas, prove to be down: then silence is a signal. */
  down?: readonly string[] | undefined
  changes?: readonly ServiceChange[] | undefined
}
