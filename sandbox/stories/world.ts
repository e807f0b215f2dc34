import type { Signal } from './signals.ts'

/** A service's own metrics. Missing signals have no series. */
export type Workload = {
  /** Its id in the catalogue, its workload and its container. */
  service: string
  /** Kubernetes namespace; the shop's by default. */
  namespace?: string
  /** Requests per second. */
  rate?: Signal
  /** Error ratio, 0..1. */
  errors?: Signal
  /** Status code of failed requests. */
  errorCode?: '500' | '502' | '503' | '504'
  /** 90th percentile of latency, seconds. */
  p90?: Signal
  /** CPU cores per pod, and the limit. */
  cpu?: Signal
  cpuLimit?: Signal
  /** Memory per pod in bytes, and the limit. */
  memory?: Signal
  memoryLimit?: Signal
  /** Number of pods. */
  replicas?: Signal
  /** Cumulative number of OOM kills. */
  oomKills?: Signal
  /** Tags of its image, and from when each runs, story ms; the first one ran before. */
  images?: readonly (readonly [fromMs: number, tag: string])[]
}

/** Calls from one workload to another, as reported by the service mesh at both ends. */
export type Edge = {
  client: string
  server: string
  clientNamespace?: string
  serverNamespace?: string
  /** Calls per second. */
  rate: Signal
  /** Error ratio, 0..1. */
  errors?: Signal
  /** 90th percentile of the server's latency, seconds. */
  p90: Signal
  /** Extra seconds seen by the client: network, sidecar, connection pool. */
  gap?: Signal
  /** The server is outside the mesh (a managed database): only the client reports the calls. */
  external?: boolean
}

/** Any other series: a gauge's value, or a counter's rate per second. */
export type Meter = {
  name: string
  labels: Record<string, string>
  kind: 'gauge' | 'counter'
  value: Signal
  help: string
}

/** A Prometheus alerting rule. */
export type AlertRule = {
  group: string
  alert: string
  query: string
  forMs: number
  labels: Record<string, string>
  annotations: Record<string, string>
}

/** All metrics of a story. */
export type World = {
  workloads: Workload[]
  edges: Edge[]
  meters: Meter[]
  rules: AlertRule[]
  /** When monitoring was down and nothing was scraped: `[from, to]` in story time. */
  blind?: readonly [fromMs: number, toMs: number]
}

/** Log lines of one service: one at `atMs`, or repeated until `untilMs`. */
export type LogLine = {
  atMs: number
  untilMs?: number
  /** Interval of repetition; 5 s by default. */
  everyMs?: number
  service: string
  level: 'info' | 'warn' | 'error'
  text: string
}
