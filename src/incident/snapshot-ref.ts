import { z } from 'zod'
import { Millis } from './alert.ts'
import { Peak } from './evidence.ts'

/** A snapshot without its body: enough for a line in Slack and in the postmortem. */
export const SnapshotRef = z.object({
  /** The hash of the frozen body. */
  hash: z.string(),
  kind: z.enum(['chart', 'logs', 'image', 'call_graph', 'missing']),
  source: z.string(),
  title: z.string(),
  query: z.string().optional(),
  unit: z.string().optional(),
  before: z.number().nullable().optional(),
  now: z.number().nullable().optional(),
  /** The worst value since the trouble began, unless it is the latest one. */
  peak: Peak.optional(),
  /** The limit of the resource. */
  limit: z.number().optional(),
  /** There was no calm hour before it: `before` is not a baseline. */
  restless: z.boolean().optional(),
  /** Our id of the service, or the source's own name for it. */
  service: z.string().optional(),
  /** Shown though nothing moved: one graph lets people see that for themselves. */
  ordinary: z.boolean().optional(),
  /** How far it left its usual range: 0 to 6. */
  score: z.number().optional(),
  /** `also`: unusual, but less so than others; `usual`: recorded only. Shown when absent. */
  standing: z.enum(['also', 'usual']).optional(),
  /** An earlier collection has already shown it. */
  again: z.boolean().optional(),
  /** For logs: the worst line, how often its pattern was logged, since when, and whether it is new. */
  worst: z
    .object({ text: z.string(), count: z.number().int().positive(), first: Millis, isNew: z.boolean() })
    .optional(),
  /** Why there is no data. */
  reason: z.string().optional(),
  url: z.string().optional(),
})
export type SnapshotRef = z.infer<typeof SnapshotRef>

/** Signals of one service within their usual range: the first titles, and the total. */
export const UsualSignals = z.object({
  service: z.string().optional(),
  titles: z.array(z.string()),
  count: z.number().int().positive(),
})
export type UsualSignals = z.infer<typeof UsualSignals>

/**
 * Why evidence was collected: at the opening, on request, or at the end for the comparison; and in between, when an
 * alert joined, the severity changed, it was mitigated or reopened, and on a schedule while it is young.
 */
export const EvidencePhase = z.enum([
  'opening',
  'asked',
  'closing',
  'joined',
  'severity',
  'mitigated',
  'reopened',
  'scheduled',
])
export type EvidencePhase = z.infer<typeof EvidencePhase>
