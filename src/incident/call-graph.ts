import { z } from 'zod'
import { Millis } from './alert.ts'

/** The state of a service in a call graph: `affected` left its usual range, `unmeasured` has no metrics. */
export const CallGraphState = z.enum(['likely', 'possible', 'affected', 'usual', 'unmeasured'])
export type CallGraphState = z.infer<typeof CallGraphState>

/** A service in the picture. */
export const CallGraphNode = z.object({
  /** Our service id, or its source's own name. */
  service: z.string(),
  kind: z.enum(['service', 'database', 'messaging', 'external', 'entry']),
  state: CallGraphState,
  /** It is alerting, or it is the subject of the picture. */
  focus: z.boolean().default(false),
  /** What is wrong with it in short phrases, most important first: `likely cause`, `connections 41 -> 648`. */
  words: z.array(z.string()).default([]),
})
export type CallGraphNode = z.infer<typeof CallGraphNode>

/** One service calls another. */
export const CallGraphEdge = z.object({
  client: z.string(),
  server: z.string(),
  /** Requests a second; null where nothing counts them. */
  rate: z.number().nullable(),
  /** Percent of the requests that fail, 0 to 100. */
  failed: z.number().nullable(),
  /** p90 latency, ms, as the client sees it where that is measured. */
  latencyMs: z.number().nullable(),
  /** p90 latency, ms, as the server sees it, where both ends measure it. */
  serverMs: z.number().optional(),
  /** It is a new call. */
  isNew: z.boolean().default(false),
  /** When a new call was first seen, epoch ms. */
  since: Millis.optional(),
  /** The server's trouble explains the client's, or these requests fail. */
  trouble: z.boolean().default(false),
})
export type CallGraphEdge = z.infer<typeof CallGraphEdge>

/** The frozen picture of who calls whom around an incident. */
export const CallGraph = z.object({
  kind: z.literal('call_graph'),
  source: z.string(),
  title: z.string(),
  /** When the calls were measured, epoch ms. */
  at: Millis,
  nodes: z.array(CallGraphNode),
  edges: z.array(CallGraphEdge),
  /** Neighbours that are not drawn, keyed by the service they call or are called by. */
  folded: z
    .array(z.object({ at: z.string(), side: z.enum(['callers', 'callees']), count: z.number().int().positive() }))
    .default([]),
  /** Services that are not drawn, folded ones included. */
  leftOut: z.number().int().default(0),
  /** A page with more detail in the metrics' own system. */
  url: z.string().optional(),
  notes: z.array(z.string()).default([]),
})
export type CallGraph = z.infer<typeof CallGraph>
