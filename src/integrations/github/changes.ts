import { z } from 'zod'
import type { Change, ChangeReading, ChangeSource } from '../../incident/change.ts'
import { instant, keyOf, Link, Part, present, Text } from '../../incident/outside.ts'
import { isSignedBy } from '../../incident/proof.ts'

type Options = {
  secrets: readonly string[]
  /**
   * The service of a deployment, by `owner/repo:environment` or `owner/repo`, where it is not the repository's name.
   */
  services?: Readonly<Record<string, string>>
}

/** GitHub deployment webhooks at `POST /webhooks/github`, content type `application/json`. */
export const githubChanges = ({ secrets, services = {} }: Options): ChangeSource => ({
  name: 'github',
  verify({ headers, body }) {
    const signature = headers['x-hub-signature-256']?.trim().toLowerCase() ?? ''
    return signature.startsWith('sha256=') && isSignedBy([signature.slice('sha256='.length)], body, secrets)
  },
  read(body, { headers, receivedAt }) {
    const event = headers['x-github-event']
    // Sent once when the webhook is created.
    if (event === 'ping') return nothingIn('ping')
    if (event !== 'deployment' && event !== 'deployment_status') {
      return { changes: [], understood: false, notes: [`unknown GitHub event ${event ?? '(no X-GitHub-Event)'}`] }
    }
    const delivery = Delivery.safeParse(body)
    if (!delivery.success) return { changes: [], understood: false, notes: [`a ${event} without a deployment`] }
    return readDeployment(delivery.data, { event, services, receivedAt })
  },
})

const nothingIn = (note: string): ChangeReading => ({ changes: [], understood: true, notes: [note] })

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
  repository: Part({ name: Text, full_name: Text, html_url: Link }),
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

type Context = { event: string; services: Readonly<Record<string, string>>; receivedAt: number }

const readDeployment = (
  delivery: z.infer<typeof Delivery>,
  { event, services, receivedAt }: Context,
): ChangeReading => {
  const { deployment, deployment_status: status, repository } = delivery
  const state = event === 'deployment' ? 'queued' : status?.state
  if (state === 'inactive') return nothingIn('an older deployment became inactive')
  const outcome = outcomes.get(state ?? '')
  if (!outcome) return { changes: [], understood: false, notes: [`a deployment status of ${state ?? 'no state'}`] }

  const environment = status?.environment ?? deployment.environment
  const name = repository?.full_name ?? repository?.name
  const own = (key: string) => (Object.hasOwn(services, key) ? services[key] : undefined)
  const service =
    own(`${name}:${environment}`) ?? own(`${name}`) ?? serviceInPayload(deployment.payload) ?? repository?.name
  const change: Change = {
    // Queued, pending and in progress are one start: the first to arrive counts.
    key: keyOf('github', 'deployment', deployment.id, outcome),
    source: 'github',
    kind: kindOf(deployment),
    title: titleOf({ what: service ?? name, revision: revisionOf(deployment), environment, outcome }),
    at: instant(event === 'deployment' ? deployment.created_at : status?.created_at, receivedAt) ?? receivedAt,
    outcome,
    ...present({
      service,
      environment,
      revision: deployment.sha,
      by: status?.creator?.login ?? deployment.creator?.login,
      url: status?.log_url ?? status?.target_url ?? commitUrl(repository?.html_url, deployment.sha),
    }),
  }
  return { changes: [change], understood: true }
}

/** GitHub: the task is free text; a rollback is an ordinary deployment that says so in its description. */
const kindOf = ({ task, description }: { task?: string | undefined; description?: string | undefined }): string => {
  if (task?.includes('migrat')) return 'migration'
  return /\b(roll(ing|ed)?[ -]?back|revert(ing|ed)?)\b/i.test(`${task} ${description}`) ? 'rollback' : 'deploy'
}

const verbs = { started: 'Deploying', succeeded: 'Deployed', failed: 'Failed to deploy', rolled_back: 'Rolled back' }

type Title = {
  what?: string | undefined
  revision?: string | undefined
  environment?: string | undefined
  outcome: keyof typeof verbs
}

const titleOf = ({ what = 'something', revision, environment, outcome }: Title) =>
  `${verbs[outcome]} ${what}${revision ? ` ${revision}` : ''}${environment ? ` to ${environment}` : ''}`

/** `v413@f95f852`: the ref and the commit. */
const revisionOf = ({ ref, sha }: { ref?: string | undefined; sha?: string | undefined }) =>
  [ref === sha ? undefined : ref, sha?.slice(0, 7)].filter(Boolean).join('@')

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
