import { z } from 'zod'
import { type Alert, Millis } from './alert.ts'
import { CallGraph } from './call-graph.ts'
import type { ClusterFact } from './cluster-event.ts'
import type { Service } from './service.ts'

/** One line of a graph. A gap in the data is a null, never a zero. */
export const Series = z.object({
  name: z.string(),
  labels: z.record(z.string(), z.string()).default({}),
  /** [epoch ms, value] in time order. */
  points: z.array(z.tuple([Millis, z.number().nullable()])),
})
export type Series = z.infer<typeof Series>

/**
 * The kind of signal a series is. `saturation` covers pools, queues, hit ratios, restarts: whatever a callee cannot
 * cause.
 */
export const SignalKind = z.enum(['latency', 'errors', 'traffic', 'cpu', 'memory', 'saturation', 'other'])
export type SignalKind = z.infer<typeof SignalKind>

/** Which direction is bad: for a cache's hit ratio down, for traffic both. */
export const Worse = z.enum(['up', 'down', 'either'])
export type Worse = z.infer<typeof Worse>

/** An event to mark on a chart over the whole incident. */
export const Mark = z.object({ at: Millis, text: z.string(), kind: z.enum(['impact', 'alert', 'change', 'status']) })
export type Mark = z.infer<typeof Mark>

/** A value and when it was measured, epoch ms. */
export const Peak = z.object({ at: Millis, value: z.number() })

/** Log lines of one pattern: what they have in common (`<*>` for what differs), and the latest of them. */
export const LogPattern = z.object({
  text: z.string(),
  example: z.string(),
  count: z.number().int().positive(),
  first: Millis,
  last: Millis,
  level: z.enum(['fatal', 'error', 'warning', 'info']),
  /** Not logged in the hour before. */
  isNew: z.boolean(),
})

/** One frozen query result: the query, its time range, and the response. Named by the hash of its content. */
export const Snapshot = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('chart'),
    source: z.string(),
    title: z.string(),
    query: z.string(),
    unit: z.string().default(''),
    /** The range shown, epoch ms. */
    from: Millis,
    to: Millis,
    /** The time to mark: when the alert started. */
    at: Millis.optional(),
    threshold: z.number().optional(),
    /** The limit of the resource, in the chart's unit: `max_connections`, a memory limit. */
    limit: z.number().optional(),
    series: z.array(Series),
    /** The usual value before the trouble and the latest one, of the series that moved most. */
    before: z.number().nullable().optional(),
    now: z.number().nullable().optional(),
    /** The worst value of that series since the trouble began. */
    peak: Peak.optional(),
    /** The hour whose median is `before`; null when there was no calm hour; absent when not determined. */
    calm: z.object({ from: Millis, to: Millis }).nullable().optional(),
    /** Our id of the service, or the source's own name for it. */
    service: z.string().optional(),
    /** No owner is declared for it. */
    nearby: z.boolean().optional(),
    /** An alert fired on it. */
    alerts: z.boolean().optional(),
    /** Somebody chose its range: it is neither cut to the incident's nor compared with what was usual. */
    chosen: z.boolean().optional(),
    signal: SignalKind.optional(),
    worse: Worse.optional(),
    /** How far it left its usual range: 0 to 6, 1 is the edge of what it has shown before. */
    score: z.number().optional(),
    /** What happened at `at`; absent for the alert. */
    moment: z.enum(['declared', 'impact began']).optional(),
    /** Drawn as lines over the whole incident: its start, changes, status changes. */
    marks: z.array(Mark).optional(),
    /** Links to more detail. */
    url: z.string().optional(),
    /** Caveats: series left out, warnings of the source. */
    notes: z.array(z.string()).default([]),
  }),
  z.object({
    kind: z.literal('logs'),
    source: z.string(),
    title: z.string(),
    query: z.string(),
    from: Millis,
    to: Millis,
    lines: z.array(z.object({ at: Millis, text: z.string() })),
    /** The patterns of the lines, worst first. */
    patterns: z.array(LogPattern).optional(),
    service: z.string().optional(),
    url: z.string().optional(),
    notes: z.array(z.string()).default([]),
  }),
  z.object({
    kind: z.literal('image'),
    source: z.string(),
    title: z.string(),
    mediaType: z.string(),
    base64: z.string(),
    url: z.string().optional(),
    notes: z.array(z.string()).default([]),
  }),
  CallGraph,
  /** A source that did not respond is worth a line. */
  z.object({
    kind: z.literal('missing'),
    source: z.string(),
    title: z.string(),
    reason: z.string(),
    url: z.string().optional(),
  }),
])
export type Snapshot = z.infer<typeof Snapshot>

/** The frozen input of a suspect ranking: a case file, as `muster suspects rank` reads it. */
export const FrozenCase = z.object({ kind: z.literal('case'), body: z.string() })
export type FrozenCase = z.infer<typeof FrozenCase>
/** What Muster draws itself. */
export type Drawable = Extract<Snapshot, { kind: 'chart' | 'call_graph' }>
export type ChartSnapshot = Extract<Snapshot, { kind: 'chart' }>
export type LogsSnapshot = Extract<Snapshot, { kind: 'logs' }>

/** A service to collect evidence for. */
export type EvidenceTarget = {
  /** Our id, or the source's own name when the catalogue does not know it. */
  id: string
  service?: Service | undefined
  /** It alerts, or was named by whoever declared; otherwise it is a direct dependency of those. */
  alerting: boolean
  /** The Kubernetes namespace, where an alert names it: services of one name may exist in several. */
  namespace?: string | undefined
}

/** A query of an earlier collection that is repeated. */
export type EarlierQuery = { source: string; title: string; query: string; unit: string; service?: string | undefined }

/** What to collect, and when. */
export type EvidenceRequest = {
  /** `INC-42`. */
  incident: string
  /** The alerts of the incident, the one that opened it first. */
  alerts: readonly Alert[]
  /** Alerting services first. */
  targets: readonly EvidenceTarget[]
  earlier: readonly EarlierQuery[]
  /** When it started, epoch ms: marked on the charts. */
  at: number
  /** The range to show, epoch ms. */
  from: number
  to: number
  /** How far back values are fetched, epoch ms, before `from`: the baseline is computed from there. */
  past: number
  /** Links to panels that somebody wants frozen, and when they said so, epoch ms. */
  panels?: readonly { link: string; at: number }[] | undefined
  /** Titles of images that are already frozen and need not be fetched again. */
  pictures?: ReadonlySet<string>
  /** What earlier collections read of logs, the latest of each service: the next one continues from there. */
  earlierLogs?: readonly LogsSnapshot[] | undefined
}

/** A source of evidence: Prometheus, Grafana, Loki, ... One file a vendor, listed in main.ts. */
export type EvidenceSource = {
  name: string
  /** Queries once; a refusal or an unexpected response becomes a `missing` snapshot or an error, never a guess. */
  collect(request: EvidenceRequest, signal: AbortSignal): Promise<Snapshot[]>
  /** What the cluster did around the start, if the source knows. @throws when it does not respond. */
  clusterFacts?(request: EvidenceRequest, signal: AbortSignal): Promise<ClusterFact[]>
}
