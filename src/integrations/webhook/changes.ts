import { z } from 'zod'
import type { Change, ChangeSource } from '../../incident/change.ts'
import { instant, keyOf, Link, nameOfContent, present, Text } from '../../incident/outside.ts'
import { presentsToken } from './token.ts'

/**
 * Changes from any pipeline, at `POST /webhooks/changes`: one, a list, or a list in `changes`, with the members of
 * docs/sources/webhook.md. What our ArgoCD template sends is understood as it is.
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

const Told = z.object({
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
  /** ArgoCD's words for service, outcome and time. */
  app: Text,
  phase: Text,
  finished_at: Text,
})

/** The words pipelines use for how a change went. */
const outcomes = new Map<string, NonNullable<Change['outcome']>>([
  ...['started', 'running', 'in_progress', 'pending'].map((word) => [word, 'started'] as const),
  ...['succeeded', 'success', 'successful', 'deployed', 'ok'].map((word) => [word, 'succeeded'] as const),
  ...['failed', 'failure', 'error', 'errored'].map((word) => [word, 'failed'] as const),
  ...['rolled_back', 'rollback', 'reverted'].map((word) => [word, 'rolled_back'] as const),
])

const verbs = { started: 'Deploying', succeeded: 'Deployed', failed: 'Failed to deploy', rolled_back: 'Rolled back' }

const toChange = (one: unknown, receivedAt: number): Change | undefined => {
  const told = Told.safeParse(one).data
  if (!told) return undefined
  const service = told.service ?? told.app
  if (!service && !told.title && !told.revision) return undefined

  const outcome = outcomes.get((told.outcome ?? told.phase ?? '').toLowerCase())
  const time = told.at ?? told.finished_at
  const what = [service ?? 'something', told.revision?.slice(0, 12)].filter(Boolean).join(' ')
  const source = told.source ?? (told.app ? 'argocd' : 'webhook')
  return {
    // Without an id, the same content is the same change.
    key: keyOf(
      source,
      told.id ?? nameOfContent(JSON.stringify([service, told.title, told.revision, time])),
      outcome ?? '',
    ),
    source,
    kind: told.kind ?? 'deploy',
    title: told.title ?? `${verbs[outcome ?? 'succeeded']} ${what}${told.environment ? ` to ${told.environment}` : ''}`,
    at: instant(time, receivedAt) ?? receivedAt,
    ...present({
      service,
      environment: told.environment,
      outcome,
      revision: told.revision,
      by: told.by,
      url: told.url,
    }),
  }
}
