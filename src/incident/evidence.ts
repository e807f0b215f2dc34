import { z } from 'zod'
import { type Alert, Millis } from './alert.ts'
import type { Service } from './service.ts'

/** One line of a graph. A gap in the data is a null, never a zero. */
export const Series = z.object({
  name: z.string(),
  labels: z.record(z.string(), z.string()).default({}),
  /** [epoch ms, value] in time order. */
  points: z.array(z.tuple([Millis, z.number().nullable()])),
})
export type Series = z.infer<typeof Series>

/** One frozen look at the outside: what was asked, for when, and what came back. Named by the hash of its content. */
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
    /** The moment to mark: when the alert began. */
    at: Millis.optional(),
    threshold: z.number().optional(),
    series: z.array(Series),
    /** The value before the alert and the latest one, of the series that moved most. */
    before: z.number().nullable().optional(),
    now: z.number().nullable().optional(),
    /** Where a person can look further. */
    url: z.string().optional(),
    /** What a reader must know: series left out, warnings of the source. */
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
  /** A source that did not answer is itself worth a line. */
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
export type ChartSnapshot = Extract<Snapshot, { kind: 'chart' }>

/** What to look at, and when. */
export type EvidenceRequest = {
  /** `INC-42`. */
  incident: string
  alert?: Alert | undefined
  service?: Service | undefined
  /** When it began, epoch ms: marked on the charts. */
  at: number
  /** The range to show, epoch ms. */
  from: number
  to: number
}

/** Where evidence is fetched: Prometheus, Grafana, Loki, ... One file a vendor, listed in main.ts. */
export type EvidenceSource = {
  name: string
  /** Looks once; a refusal or an odd answer becomes a `missing` snapshot or an error, never a guess. */
  collect(request: EvidenceRequest, signal: AbortSignal): Promise<Snapshot[]>
}
