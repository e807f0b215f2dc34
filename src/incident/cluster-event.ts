import { z } from 'zod'
import { Millis } from './alert.ts'
import { stamp } from './stamp.ts'

/** Something Kubernetes did to a service, or the condition of a node. */
export const ClusterCondition = z.enum([
  'oom_killed',
  'restarted',
  'crash_loop',
  'image_pull_failed',
  'throttled',
  'rollout_stuck',
  'node_not_ready',
  'node_pressure',
])
export type ClusterCondition = z.infer<typeof ClusterCondition>

/** One condition of one service or node, since it began. */
export const ClusterFact = z.object({
  condition: ClusterCondition,
  /** Our service id; absent for nodes. */
  service: z.string().optional(),
  /** The pod, deployment or node; the first of several. */
  object: z.string(),
  /** When it was first seen, epoch ms. */
  since: Millis,
  /** How often it happened, and for how many pods; for throttling the highest share in percent. */
  count: z.number(),
})
export type ClusterFact = z.infer<typeof ClusterFact>

/** Seen in the cluster's metrics around the start of the incident; `at` is when it began there. */
export const CLUSTER_EVENT = z.object({ ...stamp, type: z.literal('cluster_seen'), fact: ClusterFact })
