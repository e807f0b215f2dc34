import type { Signal } from './signals.ts'

/** What a service's own metrics show. Missing signals expose no series: nobody measures everything. */
export type Workload = {
  /** Its id in the catalogue, its workload and its container. */
  service: string
  /** Kubernetes namespace; the shop's own when not told. */
  namespace?: string
  /** Requests answered per second. */
  rate?: Signal
  /** Share of requests answered with an error, 0..1. */
  errors?: Signal
  /** The status of failed requests. */
  errorCode?: '500' | '502' | '503' | '504'
  /** Seconds in which nine of ten requests are answered. */
  p90?: Signal
  /** CPU cores used by one pod, and the limit. */
  cpu?: Signal
  cpuLimit?: Signal
  /** Bytes used by one pod, and the limit. */
  memory?: Signal
  memoryLimit?: Signal
  /** How many pods run. */
  replicas?: Signal
  /** Containers killed for want of memory, since the story's data begin. */
  oomKills?: Signal
}

/** Calls from one workload to another, as the mesh sees them from both ends. */
export type Edge = {
  client: string
  server: string
  clientNamespace?: string
  serverNamespace?: string
  /** Calls per second. */
  rate: Signal
  /** Share of calls that fail, 0..1. */
  errors?: Signal
  /** Seconds in which the server answers nine of ten calls. */
  p90: Signal
  /** Seconds that the client waits longer than that: network, sidecar, connection pool. */
  gap?: Signal
  /** The mesh does not know the server (a managed database): only the client reports the calls. */
  external?: boolean
}

/** Any other series: a gauge's value, or how much a counter grows a second. */
export type Meter = {
  name: string
  labels: Record<string, string>
  kind: 'gauge' | 'counter'
  value: Signal
  help: string
}

/** An alerting rule as Prometheus has it. */
export type AlertRule = {
  group: string
  alert: string
  query: string
  forMs: number
  labels: Record<string, string>
  annotations: Record<string, string>
}

/** Everything that can be measured while a story is told. */
export type World = {
  workloads: Workload[]
  edges: Edge[]
  meters: Meter[]
  rules: AlertRule[]
  /** When monitoring itself was down, `[from, to]` in story time: nothing was scraped. */
  blind?: readonly [fromMs: number, toMs: number]
}

/** Log lines of one service: one at `atMs`, or again and again until `untilMs`. */
export type LogLine = {
  atMs: number
  untilMs?: number
  /** Between repetitions; 5 s when not told. */
  everyMs?: number
  service: string
  level: 'info' | 'warn' | 'error'
  text: string
}
