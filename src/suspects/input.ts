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
  /** The limit of the resource, in the series' own unit: `max_connections`, a memory limit. Shown, and not scored. */
  limit?: number | undefined
  /** The same instants a day earlier, where they were asked for: a nightly job then explains itself. */
  dayBefore?: readonly (number | null)[] | undefined
}

/** `client` calls `server`; measured at the client, so it exists for databases without metrics of their own. */
export type Edge = {
  client: string
  server: string
  /**
   * Requests a second over this edge, where the mesh or the traces provide it: needed to name a flood or a retry storm.
   */
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

/** The input of the ranking. Case files and Prometheus are two readers that produce one. */
export type RankingInput = {
  alert: {
    service: string
    /** The kind of the alert; null when unknown. */
    signal: 'latency' | 'errors' | 'traffic' | 'saturation' | null
    /** Epoch ms of the first instant considered abnormal: when the alert fired, less the rule's `for` and one step. */
    since: number
  }
  /** Epoch ms; later data is ignored. */
  now: number
  edges: readonly Edge[]
  series: readonly SignalSeries[]
  edgeGaps: readonly EdgeGap[]
  /** Services seen only by their callers (`PassthroughCluster`, `*_remote`): they have no server-side metrics. */
  virtual: readonly string[]
  /** Virtual services that the catalogue declares, such as a managed database: these are suspects like any other. */
  declared?: readonly string[] | undefined
  /** Services that a deploy has just created; they have no history to compare with. */
  created?: readonly string[] | undefined
  /** Services that `up == 0`, or missing replicas, prove to be down: missing data is then a signal. */
  down?: readonly string[] | undefined
  changes?: readonly ServiceChange[] | undefined
}
