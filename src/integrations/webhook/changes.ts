import { z } from 'zod'
import type { Change, ChangeSource } from '../../incident/change.ts'
import { instant, keyOf, Link, nameOfContent, present, Text } from '../../incident/outside.ts'
import { presentsToken } from './token.ts'

/**
 * Changes from any pipeline at `POST /webhooks/changes`: one, a list, or a list in `changes`, with the members of
 * docs/sources/webhook.md. The payload of our ArgoCD template is understood as well.
 */
export const webhookChanges = ({ tokens }: { tokens: readonly string[] }): ChangeSource => ({
  name: 'changes',
  verify: (delivery) => presentsToken(delivery, tokens),
  read(body, { receivedAt }) {
    const given = listIn(body)
    const changes = given.flatMap((one) => toChange(one, receivedAt) ?? [])
    const unreadable = given.length - changes.length
    return {
      changes,
      understood: unreadable === 0 || changes.length > 0,
      notes: unreadable > 0 ? [`${unreadable} changes without a service, title or revision`] : [],
    }
  },
})

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

const verbs = { started: 'Deploying', succeeded: 'Deployed', failed: 'Failed to deploy', rolled_back: 'Rolled back' }

const toChange = (one: unknown, receivedAt: number): Change | undefined => {
  const change = ChangeBody.safeParse(one).data
  if (!change) return undefined
  const service = change.service ?? change.app
  if (!service && !change.title && !change.revision) return undefined

  const outcome = outcomes.get((change.outcome ?? change.phase ?? '').toLowerCase())
  const time = change.at ?? change.finished_at
  const what = [service ?? 'something', change.revision?.slice(0, 12)].filter(Boolean).join(' ')
  const source = change.source ?? (change.app ? 'argocd' : 'webhook')
  return {
    // Without an id, equal content is the same change.
    key: keyOf(
      source,
      change.id ?? nameOfContent(JSON.stringify([service, change.title, change.revision, time])),
      outcome ?? '',
    ),
    source,
    kind: change.kind ?? 'deploy',
    title:
      change.title ??
      `${verbs[outcome ?? 'succeeded']} ${what}${change.environment ? ` to ${change.environment}` : ''}`,
    at: instant(time, receivedAt) ?? receivedAt,
    ...present({
      service,
      environment: change.environment,
      outcome,
      revision: change.revision,
      by: change.by,
      url: change.url,
    }),
  }
}
