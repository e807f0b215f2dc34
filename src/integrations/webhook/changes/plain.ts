import { z } from 'zod'
import type { Change, ChangeReading } from '../../../incident/change.ts'
import { deployTitle, shortRevision } from '../../../incident/change-title.ts'
import { instant, keyOf, Link, nameOfContent, present, Text } from '../../../incident/outside.ts'

/**
 * One change, a list, or a list in `changes`, with the members of docs/sources/webhook.md. ArgoCD's names for some of
 * them are also accepted, as our earlier template for it sent them.
 */
export const plainChanges = (body: unknown, receivedAt: number): ChangeReading => {
  const given = listIn(body)
  const changes = given.flatMap((one) => toChange(one, receivedAt) ?? [])
  const unreadable = given.length - changes.length
  return {
    changes,
    understood: unreadable === 0 || changes.length > 0,
    notes: unreadable > 0 ? [`${unreadable} changes without a service, title or revision`] : [],
  }
}

const listIn = (body: unknown): unknown[] => {
  if (Array.isArray(body)) return body
  const wrapped = z.object({ changes: z.array(z.unknown()) }).safeParse(body)
  return wrapped.success ? wrapped.data.changes : [body]
}

const ChangeBody = z.object({
  id: Text,
  source: Text,
  kind: Text,
  title: Text,
  service: Text,
  environment: Text,
  outcome: Text,
  revision: Text,
  by: Text,
  at: Text,
  url: Link,
  /** ArgoCD's names for service, outcome and time. */
  app: Text,
  phase: Text,
  finished_at: Text,
})

/** Outcomes as pipelines name them. */
const outcomes = new Map<string, NonNullable<Change['outcome']>>([
  ...['started', 'running', 'in_progress', 'pending'].map((word) => [word, 'started'] as const),
  ...['succeeded', 'success', 'successful', 'deployed', 'ok'].map((word) => [word, 'succeeded'] as const),
  ...['failed', 'failure', 'error', 'errored'].map((word) => [word, 'failed'] as const),
  ...['rolled_back', 'rollback', 'reverted'].map((word) => [word, 'rolled_back'] as const),
])

const toChange = (one: unknown, receivedAt: number): Change | undefined => {
  const change = ChangeBody.safeParse(one).data
  if (!change) return undefined
  const { title, revision, environment } = change
  const service = change.service ?? change.app
  if (!service && !title && !revision) return undefined

  const outcome = outcomes.get((change.outcome ?? change.phase ?? '').toLowerCase())
  const time = change.at ?? change.finished_at
  const source = change.source ?? (change.app ? 'argocd' : 'webhook')
  const id = change.id ?? nameOfContent(JSON.stringify([service, title, revision, time]))
  const short = revision && shortRevision(revision)
  return {
    // Without an id, equal content is the same change.
    key: keyOf(source, id, outcome ?? ''),
    source,
    kind: change.kind ?? 'deploy',
    title: title ?? deployTitle({ what: service, revision: short, environment, outcome }),
    at: instant(time, receivedAt) ?? receivedAt,
    ...present({ service, environment, outcome, revision, by: change.by, url: change.url }),
  }
}
