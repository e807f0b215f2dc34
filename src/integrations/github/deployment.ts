import { z } from 'zod'
import type { Change } from '../../incident/change.ts'
import { deployTitle, saysRollback } from '../../incident/change-title.ts'
import { instant, keyOf, Link, Part, present, Text } from '../../incident/outside.ts'
import { found, ignored, namesOf, notUnderstood, type ReadEvent, Repository, refAtCommit } from './reading.ts'

const Delivery = z.object({
  deployment: z.object({
    id: z.union([z.number(), z.string().min(1)]),
    sha: Text,
    ref: Text,
    task: Text,
    environment: Text,
    description: Text,
    created_at: Text,
    creator: Part({ login: Text }),
    payload: z.unknown().optional(),
  }),
  deployment_status: Part({
    state: Text,
    created_at: Text,
    environment: Text,
    creator: Part({ login: Text }),
    log_url: Link,
    target_url: Link,
    environment_url: Link,
  }),
  repository: Repository,
})

/** The outcome of a deployment state. `inactive` only means that a later one replaced it. */
const outcomes = new Map<string, NonNullable<Change['outcome']>>([
  ['queued', 'started'],
  ['pending', 'started'],
  ['in_progress', 'started'],
  ['success', 'succeeded'],
  ['failure', 'failed'],
  ['error', 'failed'],
])

/** GitHub: `deployment` when it is made, `deployment_status` for each state after that. */
export const deploymentChange =
  (event: 'deployment' | 'deployment_status'): ReadEvent =>
  (body, { services, receivedAt }) => {
    const delivery = Delivery.safeParse(body).data
    if (!delivery) return notUnderstood(`a ${event} without a deployment`)
    const { deployment, deployment_status: status, repository } = delivery
    const state = event === 'deployment' ? 'queued' : status?.state
    if (state === 'inactive') return ignored('an older deployment became inactive')
    const outcome = outcomes.get(state ?? '')
    if (!outcome) return notUnderstood(`a deployment status of ${state ?? 'no state'}`)

    const environment = status?.environment ?? deployment.environment
    const names = namesOf(repository, services, environment)
    const service = names.service ?? serviceInPayload(deployment.payload) ?? repository?.name
    const isRollback = saysRollback(`${deployment.task} ${deployment.description}`)
    const revision = refAtCommit(deployment.ref, deployment.sha)
    return found({
      // Queued, pending and in progress are one start: the first to arrive counts.
      key: keyOf('github', 'deployment', deployment.id, outcome),
      source: 'github',
      // GitHub: the task is free text.
      kind: deployment.task?.includes('migrat') ? 'migration' : isRollback ? 'rollback' : 'deploy',
      title: deployTitle({ what: service ?? names.name, revision, environment, outcome, isRollback }),
      at: instant(event === 'deployment' ? deployment.created_at : status?.created_at, receivedAt) ?? receivedAt,
      outcome,
      ...present({
        service,
        environment,
        revision: deployment.sha,
        by: status?.creator?.login ?? deployment.creator?.login,
        url: status?.log_url ?? status?.target_url ?? commitUrl(repository?.html_url, deployment.sha),
      }),
    })
  }

const commitUrl = (repository: string | undefined, sha: string | undefined) =>
  repository && sha ? `${repository}/commit/${sha}` : undefined

/** A monorepo's pipeline can name the service in the deployment's own payload, which GitHub also passes on as text. */
const serviceInPayload = (payload: unknown): string | undefined => {
  const read = z.object({ service: Text })
  if (typeof payload !== 'string') return read.safeParse(payload).data?.service
  try {
    return read.safeParse(JSON.parse(payload)).data?.service
  } catch {
    return undefined
  }
}
