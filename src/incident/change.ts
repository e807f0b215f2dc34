import { z } from 'zod'
import { type Delivery, Millis } from './alert.ts'

/** A deploy, a migration, a configuration change: whatever may have caused an incident. */
export const Change = z.object({
  /** Identifies one change permanently; the same on redelivery: `github:deployment:42:success`. */
  key: z.string().min(1),
  /**
   * Identifies the deployment whose state this is, the same in every state; by default the key without its outcome
   * suffix.
   */
  deployment: z.string().optional(),
  source: z.string(),
  /** `deploy`, `config`, `migration`, `feature_flag`, ... */
  kind: z.string().default('deploy'),
  title: z.string(),
  /** The service as the source names it; the catalogue maps it to ours. */
  service: z.string().optional(),
  environment: z.string().optional(),
  /** Its outcome, where the source reports it. */
  outcome: z.enum(['started', 'succeeded', 'failed', 'rolled_back']).optional(),
  /** Revision, image tag or version. */
  revision: z.string().optional(),
  by: z.string().optional(),
  at: Millis,
  url: z.string().optional(),
})
export type Change = z.infer<typeof Change>

/**
 * How a changed service is related to an incident: it alerts (`alerting`), alerting services depend on it (`upstream`), or
 * it calls what they depend on (`sibling`).
 */
export type ChangeRelation = 'alerting' | 'upstream' | 'sibling'

/** What a source parsed from one delivery; `understood` and `notes` as for alerts. */
export type ChangeReading = { changes: Change[]; understood: boolean; notes?: string[] }

/** A source of changes by webhook; like an alert source, but it yields changes. */
export type ChangeSource = {
  name: string
  verify(delivery: Delivery): boolean | Promise<boolean>
  read(body: unknown, delivery: Delivery): ChangeReading | Promise<ChangeReading>
}

/** The time range and services to query for changes; epoch ms. */
export type ChangeWindow = {
  from: number
  to: number
  /** The service that the incident is about, and all in reach of the alerting ones: our ids. */
  service?: string
  services?: readonly string[]
}

/** Where changes are queried around an incident (PagerDuty change events, Grafana annotations). */
export type ChangeFeed = {
  name: string
  /** Changes between two instants, epoch ms. */
  changes(window: ChangeWindow, signal: AbortSignal): Promise<Change[]>
  /** Whether it can see changes at all; if not, finding none means nothing. Defaults to true. */
  seesChanges?(signal: AbortSignal): Promise<boolean>
}
