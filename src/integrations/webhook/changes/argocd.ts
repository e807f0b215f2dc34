import { z } from 'zod'
import type { Change, ChangeReading } from '../../../incident/change.ts'
import { deployTitle, saysRollback, shortRevision } from '../../../incident/change-title.ts'
import { instant, keyOf, Link, List, Part, present, Text } from '../../../incident/outside.ts'

/**
 * ArgoCD, by the template of docs/sources/argocd.md. Its notifications have no schema of their own; the template sends
 * `status.operationState` and `status.history` of the application as they are.
 */
const Notification = z.object({
  app: Text,
  namespace: Text,
  service: Text,
  environment: Text,
  url: Link,
  operation: z.object({
    phase: Text,
    message: Text,
    startedAt: Text,
    finishedAt: Text,
    operation: Part({
      sync: Part({ revision: Text, revisions: List(z.string()), dryRun: z.boolean().optional().catch(undefined) }),
      initiatedBy: Part({ username: Text }),
    }),
    syncResult: Part({ revision: Text, revisions: List(z.string()) }),
  }),
  history: List(z.object({ revision: Text, revisions: List(z.string()) })),
})
type Notification = z.infer<typeof Notification>

const outcomes = new Map<string, NonNullable<Change['outcome']>>([
  ['Running', 'started'],
  ['Terminating', 'started'],
  ['Succeeded', 'succeeded'],
  ['Failed', 'failed'],
  ['Error', 'failed'],
])

export const argocdChanges = (body: unknown, receivedAt: number): ChangeReading => {
  const notification = Notification.safeParse(body).data
  if (!notification?.app) return notUnderstood('no application and operation, as the template for ArgoCD sends them')
  const { operation } = notification
  const outcome = outcomes.get(operation.phase ?? '')
  if (!outcome) return notUnderstood(`an operation in the phase ${operation.phase ?? '(none)'}`)
  if (!operation.operation?.sync) return { changes: [], understood: true, notes: ['an operation that is no sync'] }
  if (operation.operation.sync.dryRun) return { changes: [], understood: true, notes: ['a dry run'] }
  return { changes: [changeOf(notification, notification.app, outcome, receivedAt)], understood: true }
}

const notUnderstood = (note: string): ChangeReading => ({ changes: [], understood: false, notes: [note] })

const changeOf = (
  { namespace, service, environment, url, operation, history }: Notification,
  app: string,
  outcome: NonNullable<Change['outcome']>,
  receivedAt: number,
): Change => {
  const sync = operation.operation?.sync
  const revision = revisionOf(operation.syncResult) ?? revisionOf(sync)
  const isRollback = isEarlier(revision, history.map(revisionOf)) || saysRollback(operation.message ?? '')
  const what = service ?? app
  const short = revision && shortRevision(revision)
  return {
    // One sync operation of one application; when it started names it in each of its states.
    key: keyOf('argocd', namespace ?? '', app, operation.startedAt ?? revision ?? '', outcome),
    source: 'argocd',
    kind: isRollback ? 'rollback' : 'deploy',
    title: deployTitle({ what, revision: short, environment, outcome, isRollback }),
    at: instant(outcome === 'started' ? operation.startedAt : operation.finishedAt, receivedAt) ?? receivedAt,
    service: what,
    outcome,
    // A sync that ArgoCD started by itself has nobody's name.
    ...present({ environment, revision, by: operation.operation?.initiatedBy?.username, url }),
  }
}

/** An application can have several sources; it then has a revision of each. */
const revisionOf = (of: { revision?: string | undefined; revisions: string[] } | undefined): string | undefined =>
  of?.revision ?? (of && of.revisions.length > 0 ? of.revisions.join(', ') : undefined)

/**
 * Whether an older revision than the one deployed before is restored. ArgoCD has no rollback of its own, only a sync to
 * an older revision. The history ends with this very sync once that has succeeded.
 */
const isEarlier = (revision: string | undefined, history: readonly (string | undefined)[]): boolean => {
  if (revision === undefined) return false
  const other = history.findLastIndex((one) => one !== revision)
  return other >= 0 && history.slice(0, other).includes(revision)
}
